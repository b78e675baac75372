"""A client and a coach who work together: what was, what is next, whose slot it is.

May know everything up to moving; it follows moves, so that what somebody else gives is
theirs. Nothing of notes and goals: ``progress`` is above.

Hook on ``coaching.engagement``: ``_get_shared_sections()``, what a new coach may read
as text of what was before.
"""

from . import coaching_availability
from . import coaching_attendance
from . import coaching_engagement
from . import coaching_engagement_actions
from . import coaching_engagement_booking
from . import coaching_engagement_hand_over
from . import coaching_engagement_nudge
from . import coaching_engagement_slots
from . import coaching_reserved_slot
from . import coaching_reserved_slot_actions
from . import coaching_session
from . import coaching_notification
from . import res_partner
from . import res_company
from . import res_config_settings
