"""What a business offers: booking types, coaches, and the words a session ends with.

May know base. That there are sessions, a policy or packages is not known here: their
fields on these models are declared by those who own them.

Hooks:

- ``coaching.outcome._is_used``: whether something was recorded with an outcome, so
  that its code, state and company stay,
- ``coaching.coach._get_own_resources``: which resources are archived with a coach.
"""

from . import coaching_outcome
from . import coaching_booking_type
from . import coaching_coach
