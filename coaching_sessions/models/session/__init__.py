from . import coaching_session
from . import coaching_session_format
from . import coaching_session_rights
from . import coaching_session_client
from . import coaching_session_log
from . import coaching_attendance
