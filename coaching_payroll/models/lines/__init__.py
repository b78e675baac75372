"""What each closed session earned its coach: a ledger (``coaching.ledger.mixin``).

May know coaches and rules, not payslips. Lines follow the outcomes through
``coaching.attendance._post_consequences``, and wait while a client disputes.

Hooks:

- ``coaching.attendance._get_exclusion``: why a session earns nothing,
- ``coaching.remuneration.line._invalidate_holds``: what else shows lines that wait.
"""

from . import coaching_remuneration_line
from . import coaching_attendance
from . import coaching_remuneration_line_terms
from . import coaching_attendance_terms
from . import coaching_attendance_hold
from . import coaching_remuneration_rule
from . import coaching_session
from . import coaching_attendance_estimate
from . import coaching_remuneration_line_past
from . import coaching_coach
