from . import coaching_availability
from . import coaching_session_event
from . import coaching_notification
from . import coaching_session_calendar
from . import coaching_attendance
from . import calendar_event
from . import mail_mail
