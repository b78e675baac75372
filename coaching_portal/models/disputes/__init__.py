"""A client says that what is recorded is wrong, or that the coach did not attend.

May know: closing and what is below, no sibling.
"""

from . import coaching_attendance
