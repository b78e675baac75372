from odoo import models


class CoachingAttendance(models.Model):
    """What is planned for a series: attendances that are not there yet."""

    _inherit = "coaching.attendance"

    def _count_owable(self):
        """Return how many sessions more each client of these may owe, in one query.

        :return: dict of partner → number
        """
        companies = self.company_id.filtered("coaching_package_required")
        # sudo: how far a client may go is a manager's setting
        limited = self.partner_id.sudo().filtered("coaching_owed_limit")
        if not companies or not limited:
            return {}
        owed = {
            partner.id: count
            for partner, count in self._read_group(
                [
                    ("partner_id", "in", limited.ids),
                    ("company_id", "in", companies.ids),
                    ("owed", "=", True),
                ],
                ["partner_id"],
                ["sessions_deducted:sum"],
            )
        }
        return {
            partner.id: partner.coaching_owed_limit - owed.get(partner.id, 0)
            for partner in limited
        }

    def _may_do_without(self, left):
        """Return whether a client may attend this without a package.

        :param dict left: sessions that each client may still owe, by id; counted down
        """
        self.ensure_one()
        if not self.company_id.coaching_package_required:
            return True
        count = self.sessions_deducted
        if not count or left.get(self.partner_id.id, 0) < count:
            return False
        left[self.partner_id.id] -= count
        return True
