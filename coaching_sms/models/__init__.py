from . import coaching_notification
from . import coaching_reminder
from . import res_partner
from . import sms_sms
