import logging

from odoo import api, models

from .groups import MANAGER_GROUP

_logger = logging.getLogger(__name__)


class CoachingSumsCheck(models.AbstractModel):
    """Says every hour what does not add up, to the people who can look into it.

    Constraints and triggers keep what the addons write in line. What somebody writes
    into the database by hand, or brings in from elsewhere, is found here. Nothing is
    mended: which of the two is right, only people know.
    """

    _name = "coaching.sums.check"
    _description = "Check of Sums"

    @api.model
    def _find_errors(self):
        """Return what does not add up; a hook.

        :return: list of (record with activities and a company, sentence)
        """
        return []

    @api.model
    def _cron_check(self):
        """Leave an activity on each record that does not add up, once; for the cron."""
        errors = self._find_errors()
        managers = self._get_managers()
        summary = self.env._("Does not add up")
        for record, sentence in errors:
            _logger.error("%s: %s", record, sentence)
            open_ones = record.activity_ids.filtered(
                lambda activity, text=sentence: text in (activity.note or "")
            )
            user = next(
                (user for user in managers if record.company_id in user.company_ids),
                self.env.ref("base.user_admin"),
            )
            if not open_ones:
                record.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=summary,
                    note=sentence,
                    user_id=user.id,
                )

    @api.model
    def _get_managers(self):
        """Return the people who are told, the first of each company first."""
        group = self.env.ref(MANAGER_GROUP)
        return group.all_user_ids.filtered("active").sorted("id")
