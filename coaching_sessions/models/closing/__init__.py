from . import coaching_coach
from . import coaching_session_asking
from . import coaching_session_completing
from . import coaching_attendance
from . import coaching_session_mark
from . import res_users
from . import res_company
from . import res_config_settings
