"""What coach and client write to each other about a session.

May know: moving and what is below, no sibling.
"""

from . import coaching_attendance
