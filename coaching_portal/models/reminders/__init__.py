"""“Yes, I will come”: the page a reminder leads to, which needs no login.

May know: closing and what is below, no sibling.
"""

from . import coaching_attendance
from . import coaching_session
