from . import coaching_attendance
from . import coaching_attendance_actions
from . import coaching_attendance_close_out
from . import coaching_makeup
from . import coaching_package
from . import coaching_package_move
from . import coaching_session
from . import coaching_attendance_reconfirm
