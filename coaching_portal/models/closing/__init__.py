"""What became of a session: the coach's page of it, one card a client.

May know: session. Hooks, both of ``coaching.attendance``: ``_prepare_portal_coach_row``
(what the coach reads of one client) and ``_prepare_portal_contacts`` (what coach and
client have to do with one another).
"""

from . import coaching_attendance
from . import coaching_session
