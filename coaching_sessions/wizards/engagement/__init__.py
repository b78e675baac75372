from . import coaching_engagement_end
from . import coaching_engagement_hand_over
from . import coaching_slot_reserve
