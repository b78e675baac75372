"""Booking: what is asked for, who may ask, why not, and how a session comes to be.

May know everything up to entitlement. What is asked for is parsed once, into a frozen
``BookingRequest`` (``tools/booking_request.py``, made by
``coaching.session._prepare_booking``); rights are checked once, and what else is looked
up goes on with it. There is one way sessions come to be: ``_book_batch``. Cancelling is
closing before the start (``coaching_session_cancel.py``).

Hooks on ``coaching.session``, in the order of a booking:

- ``_get_booking_keys`` and ``_prepare_booking_extra``: a value of one's own that
  ``book`` takes, and how it is parsed; from there on it is in ``extra`` of the request,
- ``_check_known_clients``: for whom a coach without access to contacts may book,
- ``_check_request``: what else forbids a booking; returns the request, with what was
  looked up,
- ``_get_obstacle_message``: the sentence for a reason there is no time (of ``time/``),
- ``_prepare_session_values``: what a new session is created with,
- ``_create_sessions`` and ``_create_attendances``: what has to be there in the same
  breath, judged by the database (rooms, once a client).

And ``coaching.attendance._post_booking(request)``: whatever follows from a booking, for
all new attendances at once (log, emails, terms, engagements, yours).
"""

from . import coaching_session_cancel
from . import coaching_session_request
from . import coaching_session_booking
from . import coaching_session_any_coach
from . import coaching_session_number
from . import coaching_session_checks
from . import coaching_booking_type
from . import coaching_booking_type_explain
from . import coaching_attendance
from . import coaching_session_own_booking
