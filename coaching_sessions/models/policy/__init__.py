from . import coaching_outcome_policy
from . import coaching_outcome_policy_tier
from . import coaching_outcome_policy_describe
from . import coaching_attendance
from . import coaching_booking_type
from . import coaching_outcome
from . import coaching_attendance_describe
from . import coaching_session
