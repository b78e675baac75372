from . import coaching_session_cancel
from . import coaching_session_request
from . import coaching_session_booking
from . import coaching_session_checks
from . import coaching_booking_type
from . import coaching_booking_type_explain
from . import coaching_attendance
from . import coaching_session_client_booking
