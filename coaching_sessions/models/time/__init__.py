"""Time: when coaches are free, what takes their time, and who waits for whom.

What lives here: what a booking type needs and when it can be booked
(``coaching_booking_type.py``), ``get_slots``, what is free and what takes time
(``coaching_availability*.py``), held times (``coaching_hold*.py``), the maximum of
sessions a day and a week, the sentences for a time that can't be had, and all locks
with their order (``locks.py``). It knows sessions and what is below them: no packages,
no rooms, nobody's proposals.

Hooks for floors above and other addons:

* ``coaching.availability._get_taken_sources``: what takes a coach's time, as a
  statement; it is neither offered nor booked then. ``_get_loaders`` for what no
  statement can say (rooms), ``_get_calendar_periods`` for whose hours change (payroll),
* ``coaching.session._get_obstacle_message``: the sentence for such a reason,
* ``coaching.session._get_conflict_error``: what a lost race for a table of one's own is
  told as,
* ``coaching.session._get_move_window``: between which moments clients can move one,
* ``coaching.session._on_time_freed``: some coach's time is free again,
* ``coaching.hold._is_taken_by`` and ``_on_booked_over``: what a booking does to times
  that were held.
"""

from . import coaching_booking_type
from . import coaching_booking_type_slots
from . import coaching_availability
from . import coaching_availability_taken
from . import coaching_session
from . import coaching_session_locks
from . import coaching_session_time
from . import coaching_hold
from . import coaching_hold_release
from . import coaching_sums_check
