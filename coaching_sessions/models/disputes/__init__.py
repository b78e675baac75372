"""The client says that something is wrong; a manager settles it.

May know everything up to moving, none of its siblings. What is recorded stays until a
manager accepts, which is closing again.

Hooks: ``coaching.attendance._set_disputed``: what waits while a dispute is open.
"""

from . import coaching_session
from . import coaching_attendance
from . import coaching_dispute
from . import coaching_dispute_settle
from . import coaching_notification
from . import res_company
from . import res_config_settings
from . import coaching_session_log
