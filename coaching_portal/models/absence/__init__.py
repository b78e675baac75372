"""A coach is not available for some days, and sees before what that leads to.

May know: proposals and what is below, no sibling.
"""

from . import coaching_coach
from . import coaching_session
