from odoo import models


class CoachingAttendance(models.Model):
    """What planned sessions could be attended with, before they are booked."""

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

    def _get_package_obstacle(self, move):
        """Return why the package can't be used at a new time, empty if it can.

        Of one sold by the month that of the new month may be taken.

        :param Move move: of the session
        """
        self.ensure_one()
        moved = self.new(
            {
                "partner_id": self.partner_id.id,
                "coach_id": self.coach_id.id,
                "company_id": self.company_id.id,
                "booking_type_id": self.booking_type_id.id,
                "start": move.start,
                "stop": move.stop,
            }
        )
        package = self.package_id
        if package._is_valid_on(moved):
            return ""
        siblings = package.sale_line_id.coaching_package_ids.filtered(
            lambda sibling: not sibling.cancelled and sibling._is_valid_on(moved)
        )
        return "" if siblings else package._get_unusable_reason(moved)
