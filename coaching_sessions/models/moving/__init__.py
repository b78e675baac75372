from . import coaching_booking_type
from . import coaching_session_moving
from . import coaching_session_move_rules
