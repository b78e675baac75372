from . import coaching_notification
from . import coaching_reminder
from . import sms_sms
