from . import coaching_notification
from . import coaching_notification_check
from . import mail_mail
from . import coaching_attendance
