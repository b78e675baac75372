"""What follows from an outcome: the matrix, its tiers, allowances, and judging.

May know sessions. ``coaching.attendance._judge`` looks up what follows; closing copies
it to the attendance, so that another policy changes no history.

Hooks:

- ``coaching.attendance._describe_judged``: what closing leads to, as sentences; a
  ledger adds its own before or after ``super()``,
- ``coaching.attendance._get_pay_consequences``: the same about the coach's pay,
- ``coaching.outcome.policy._decide_excused``: what follows when it is excused,
- ``coaching.outcome.policy._describe_parts``: what a row means, in clients' words.
"""

from . import coaching_outcome_policy
from . import coaching_outcome_policy_tier
from . import coaching_outcome_policy_describe
from . import coaching_attendance
from . import coaching_booking_type
from . import coaching_outcome
from . import coaching_attendance_describe
from . import coaching_session
