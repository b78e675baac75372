"""A coach is not available for some days, and sees first what will happen.

May know: proposals and what is below, no sibling.
"""

from . import coaching_coach
from . import coaching_session
