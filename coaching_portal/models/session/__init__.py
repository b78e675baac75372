"""Sessions in the lists of their clients and coaches: when, with whom, in which state.

May know: base. Hooks: ``_prepare_portal_row`` of ``coaching.attendance`` (what the
client reads) and ``_prepare_portal_coach_row`` of ``coaching.session`` (what the coach
reads), to which every capability adds its own values.
"""

from . import coaching_session
from . import coaching_attendance
