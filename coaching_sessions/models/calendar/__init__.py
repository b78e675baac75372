"""Calendar: the event that shows a session, and the entry people have of it.

The session owns its time; its calendar event is a projection of it
(``coaching_session_event.py``), and so is the file of an email (``tools/ics.py``,
``coaching_session_calendar.py``). What else is in a coach's calendar takes the coach's
time (``coaching_availability.py``). It knows sessions, time and the outbox; that a
moved or deleted event moves or cancels a session, floors above know.

Hooks:

* ``coaching.session._update_projections``: bring whatever shows a session in line with
  it, after every change of it (events here, video meetings above),
* ``coaching.session._prepare_event_values``, ``_get_ics_location``, ``_get_ics_url``:
  what event and entry say,
* ``coaching.session._on_event_moved`` and ``_on_event_deleted``: what somebody did to
  the event.
"""

from . import coaching_availability
from . import coaching_session_event
from . import coaching_session_names
from . import coaching_booking_type
from . import res_partner
from . import base_partner_merge
from . import coaching_notification
from . import coaching_session_calendar
from . import coaching_attendance
from . import calendar_event
from . import calendar_event_who
from . import calendar_attendee
from . import mail_mail
