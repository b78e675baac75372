"""The form with which a coach closes out a session, with all that is asked then.

May know: everything below. No hooks: nothing is above.
"""

from . import coaching_attendance
