"""Absent coaches: what happens to their sessions, and who takes over.

May know proposals and everything below: other times are offered by a proposal of the
kind ``ill``, and taking over is a move to another coach (``moving``).

What else changes after a booking (time off, hours, who is archived) is found by a look
at the sessions to come (``coaching_session_changed.py``), marked, and put on a list.

Hook on ``coaching.coach``: ``_check_own_time_off(time_off)``, for time off that
somebody else keeps.
"""

from . import coaching_proposal
from . import coaching_session_substitute
from . import coaching_coach_absence
from . import coaching_coach_time_off
from . import coaching_session_absence
from . import coaching_notification
from . import coaching_session_changed
from . import coaching_attendance
from . import coaching_coach_changed
from . import resource_calendar_leaves
from . import resource_calendar_attendance
from . import resource_resource
from . import res_partner
