"""Dialogs of client and coach: reserved slots, handing over, ending."""

from . import coaching_engagement_end
from . import coaching_engagement_hand_over
from . import coaching_slot_reserve
