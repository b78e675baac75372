"""Messages that are due: committed with what they tell, sent after the commit.

May know sessions and the policy, but not what is booked with, closed or moved: the
owner of an email declares its kind and its subject (``is_subject=True``). How that is
done says the docstring of ``coaching.notification``.

Hooks on ``coaching.notification``: ``_get_templates``, ``_get_checks``, ``_is_due``,
``_get_kinds_told_once``, ``_create_attachments``, ``_deliver`` with
``_deliver_<channel>``, ``_render_details``
and ``_get_small_print``; on ``coaching.attendance``: ``_get_recipients``.
"""

from . import coaching_notification
from . import coaching_notification_queue
from . import coaching_notification_check
from . import coaching_notification_show
from . import coaching_notification_delivery
from . import mail_mail
from . import mail_thread
from . import coaching_attendance
