from odoo import models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.halves import do_by_halves


class CoachingAttendance(models.Model):
    """Closing many with one outcome, all that can be (R44)."""

    _inherit = "coaching.attendance"

    def _close_each(self, outcome_code, note=""):
        """Close these with one outcome, all that can be.

        :return: dict of attendance → why it could not be closed
        """
        failed = {}
        possible = self.browse()
        for company, in_company in self.grouped("company_id").items():
            outcome = self.env["coaching.outcome"]._get_by_code(outcome_code, company)
            for attendance in in_company:
                reason = attendance._get_mark_obstacle(outcome, note)
                if reason:
                    failed[attendance] = reason
                elif not attendance.outcome_id:
                    possible |= attendance
        failed.update(possible._close_in_parts(outcome_code, note))
        return failed

    def _get_mark_obstacle(self, outcome, note):
        """Return why an attendance can't be closed from a list, or None."""
        self.ensure_one()
        if self.outcome_id and self.outcome_id != outcome:
            return self.env._(
                "%(session)s is closed as “%(outcome)s”. Correct it separately.",
                session=self.display_name,
                outcome=self.outcome_id.name,
            )
        try:
            self._check_outcome_possible(outcome, note)
        except UserError as error:
            return str(error)
        return None

    def _close_in_parts(self, outcome_code, note):
        """Close all at once; one that can't be closed stops no other.

        :return: dict of attendance → why it could not be closed
        """

        def attempt(part):
            try:
                with self.env.cr.savepoint():
                    part._close(outcome_code, note=note)
                return None
            except ConcurrencyError:
                raise  # somebody else is at it: Odoo tries the whole request again
            except UserError as error:
                return str(error)

        return dict(do_by_halves(self, attempt))
