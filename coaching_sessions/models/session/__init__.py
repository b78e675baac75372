"""The facts: sessions, who takes part, who may do what, and the log.

May know the catalog. The life of a session, its states and the acts that lead from one
to another, is the table in ``lifecycle.py``; no other way is taken.

Hooks:

- ``coaching.attendance._post_booking``: what follows from a booking, in its
  transaction,
- ``coaching.session.log.action`` (``selection_add``): what else is worth a line.
"""

from . import coaching_session
from . import coaching_session_format
from . import coaching_session_rights
from . import coaching_session_notice
from . import coaching_session_own
from . import coaching_session_log
from . import coaching_attendance
from . import coaching_booking_type
from . import coaching_coach
from . import resource_resource
from . import coaching_outcome
from . import coaching_sums_check
