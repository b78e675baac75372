from . import tiny_points
from . import tiny_retreat
from . import coaching_attendance
from . import coaching_availability
from . import coaching_notification
from . import coaching_reminder
from . import coaching_session
