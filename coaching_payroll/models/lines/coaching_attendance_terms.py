from odoo import models


class CoachingAttendance(models.Model):
    """By which rule a session is paid: the one it was paid by, whatever came since."""

    _inherit = "coaching.attendance"

    def _find_remuneration_terms(self, rules, used):
        """Return the rule of this session, and the basis and rate that were used.

        :param rules: ``coaching.remuneration.rule`` to choose from
        :param dict used: of ``_get_used_terms``; empty to choose anew
        :return: rule, dict with ``basis`` and ``rate``, empty for those of the rule
        """
        self.ensure_one()
        line = used.get((self.session_id, self.coach_id))
        if line:
            return line.rule_id, {"basis": line.basis, "rate": line.rate}
        rule = rules._find(
            self.coach_id,
            self.booking_type_id,
            self._get_local_date(),
            self.company_id,
        )
        return rule, {}

    def _get_paid_employee(self):
        """Return who is paid: the coach's employee, in the company of the session.

        Of a coach who changed company since, the one whom the session paid before.
        """
        self.ensure_one()
        employee = self.coach_id.employee_id
        if self.coach_id.company_id == self.company_id:
            return employee
        lines = self.remuneration_line_ids.filtered(
            lambda line: line.coach_id == self.coach_id and line.employee_id
        )
        return lines.sorted("id")[-1:].employee_id or employee
