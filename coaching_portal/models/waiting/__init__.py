"""The waiting list: joining, leaving, and what is offered to those who wait.

May know: proposals and what is below, no sibling.
"""

from . import coaching_waiting
from . import coaching_proposal
