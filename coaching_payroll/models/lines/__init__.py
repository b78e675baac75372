from . import coaching_remuneration_line
from . import coaching_attendance
from . import coaching_attendance_hold
from . import coaching_session
