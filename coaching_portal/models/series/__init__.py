"""Series as coach and client read them, and what a coach does with one.

May know: waiting, absence and what is below. Hook: ``_plan_portal_<action>`` of
``coaching.session`` for each action of a series.
"""

from . import coaching_attendance
from . import coaching_series_gap
from . import coaching_session_series
from . import coaching_session_series_plan
from . import coaching_session_series_pause
