from . import coaching_booking_type_need
from . import coaching_booking_type
from . import coaching_availability
from . import coaching_session
from . import coaching_session_resource
from . import resource_resource
