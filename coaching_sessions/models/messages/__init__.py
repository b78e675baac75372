from . import coaching_attendance
from . import coaching_notification
from . import coaching_session
