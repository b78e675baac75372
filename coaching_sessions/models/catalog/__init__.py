from . import coaching_outcome
from . import coaching_booking_type
from . import coaching_coach
