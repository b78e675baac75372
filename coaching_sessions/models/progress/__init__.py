"""What client and coach work on: notes, goals, next steps.

May know engagements and everything below. Private notes are the author's alone, also
for administrators.

Hooks: none of its own. It adds to what is handed over
(``coaching.engagement._get_shared_sections``).
"""

from . import ir_attachment
from . import coaching_note_mixin
from . import coaching_note
from . import coaching_private_note
from . import coaching_goal
from . import coaching_goal_progress
from . import coaching_action_item
from . import coaching_attendance
from . import coaching_session
from . import coaching_engagement
from . import coaching_engagement_hand_over
from . import res_partner
