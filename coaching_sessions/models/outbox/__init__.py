from . import coaching_notification
from . import coaching_notification_check
from . import coaching_notification_show
from . import coaching_attendance
