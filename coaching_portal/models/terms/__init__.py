"""The terms under which a client books and has booked.

May know: booking and what is below, no sibling.
"""

from . import coaching_attendance
