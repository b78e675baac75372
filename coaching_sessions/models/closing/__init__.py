"""Closing out: asking the coach, recording the outcome, correcting it.

May know everything up to calendar. What follows from an outcome is posted by those who
keep a ledger, in the transaction that closes.

Hooks:

- ``coaching.attendance._post_consequences``: **a consequence is added here.** Call
  ``super()`` first, compare what should stand with what stands, post the difference;
  it runs after closing and after each correction. An addon needs no more than this::

      class CoachingAttendance(models.Model):
          _inherit = "coaching.attendance"

          def _post_consequences(self):
              result = super()._post_consequences()
              self.env["my.ledger"]._post_for(self)
              return result

- ``coaching.attendance._prepare_close_values``: what else is recorded with it,
- ``coaching.session._get_held_back_condition``: what never completes by itself,
- ``coaching.session._get_confirm_url``: where a coach answers,
- ``coaching.notification._describe_outcome``: what a missed session means, by mail.
"""

from . import coaching_coach
from . import coaching_session_asking
from . import coaching_session_completing
from . import coaching_attendance
from . import coaching_attendance_mark
from . import coaching_session_mark
from . import res_users
from . import res_company
from . import res_config_settings
from . import coaching_notification
