from . import coaching_session
from . import coaching_attendance
from . import coaching_dispute
from . import coaching_dispute_settle
from . import coaching_notification
from . import res_company
from . import res_config_settings
from . import coaching_session_log
