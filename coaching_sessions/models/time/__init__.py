from . import coaching_booking_type
from . import coaching_availability
from . import coaching_availability_taken
from . import coaching_session
from . import coaching_session_locks
from . import coaching_session_time
from . import coaching_hold
