from . import coaching_outcome_policy
from . import coaching_outcome_policy_tier
from . import coaching_outcome_policy_describe
from . import coaching_attendance
