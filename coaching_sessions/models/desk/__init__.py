from . import coaching_attendance
from . import res_company
from . import res_config_settings
