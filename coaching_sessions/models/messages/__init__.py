"""Messages: coach and client write to each other about a session.

Each is an email of the outbox and a line in the session's log. It knows sessions and
the outbox, and offers no hooks.
"""

from . import coaching_attendance
from . import coaching_notification
from . import coaching_session
