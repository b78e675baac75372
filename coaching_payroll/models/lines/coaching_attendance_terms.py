from odoo import models


class CoachingAttendance(models.Model):
    """By which rule a session is paid: the one it was paid by, whatever came since."""

    _inherit = "coaching.attendance"

    def _get_used_terms(self):
        """Return by what the sessions were paid last, also where it was taken back.

        What is corrected and corrected back earns what it did, also when its rule was
        archived, ended or outdone since. A group is paid on one client's line: another
        client's takes over its rate.

        :param self: attendances with all whose pay depends on theirs
        :return: dict of (session, coach) → ``coaching.remuneration.line``
        """
        lines = self.env["coaching.remuneration.line"].search_fetch(
            [
                ("session_id", "in", self.session_id.ids),
                ("rule_id", "!=", False),
                ("reversal_of_id", "=", False),
                ("refund_of_id", "=", False),
            ],
            ["session_id", "coach_id", "rule_id", "basis", "rate"],
            order="id",
        )
        return {(line.session_id, line.coach_id): line for line in lines}

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
        if employee.company_id == self.company_id:
            return employee
        lines = self.remuneration_line_ids.filtered(
            lambda line: line.coach_id == self.coach_id and line.employee_id
        )
        return lines.sorted("id")[-1:].employee_id or employee
