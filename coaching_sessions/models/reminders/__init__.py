"""Reminders: of sessions to come, to clients and coaches, each once.

When and by what is a vocabulary (``coaching.reminder``) that booking types and sessions
choose from; one statement finds what is due and queues it in the outbox
(``coaching_notification.py``). Clients confirm that they will come by a signed link. It
knows sessions and the outbox.

To add a channel, in an addon of its own (``coaching_sms`` is the example):

* ``selection_add`` on ``channel`` of ``coaching.reminder``, with
  ``ondelete={"x": lambda reminders: reminders._archive_channel()}``, and on ``channel``
  of ``coaching.notification``, with ``ondelete={"x": "set default"}``,
* ``coaching.notification._deliver_<channel>``: hand it over and write ``state`` "sent";
  ``_fall_back_to_mail(reason)`` where it can't be; what is raised is kept as the error
  of a row that failed,
* ``coaching.notification._describe_delivery``: where it went, for the session's log.

The outbox has looked before whether the reminder still is true.
"""

from . import coaching_reminder
from . import coaching_booking_type
from . import coaching_session
from . import coaching_attendance
from . import coaching_session_log
from . import coaching_notification
from . import res_partner
