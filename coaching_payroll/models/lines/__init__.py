from . import coaching_remuneration_line
from . import coaching_attendance
from . import coaching_attendance_hold
from . import coaching_session
from . import coaching_attendance_estimate
from . import coaching_remuneration_line_past
from . import coaching_coach
