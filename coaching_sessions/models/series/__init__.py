"""Sessions that come up again and again: planned, booked, moved, paused, ended.

May know everything but the desk. A series books as a session is booked, many at once
(``booking``), and moves as a session is moved, many at once (``moving``); whom it loses
a race to is looked for in ``coaching_session_series_race.py``.

Hooks: none of its own. What is done to one of its sessions goes through the hooks of
booking, closing and moving.
"""

from . import coaching_booking_type
from . import coaching_series
from . import coaching_series_rule
from . import coaching_series_plan
from . import coaching_series_booking
from . import coaching_series_actions
from . import coaching_series_gap
from . import coaching_session_series
from . import coaching_session_series_race
from . import coaching_session_series_cancel
from . import coaching_session_series_moving
from . import coaching_notification
