from . import coaching_reminder
from . import coaching_booking_type
from . import coaching_session
from . import coaching_attendance
from . import coaching_session_log
from . import coaching_notification
from . import res_partner
