from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class HrPayslip(models.Model):
    """What nobody closed out is neither counted nor paid: payroll says so first."""

    _inherit = "hr.payslip"

    coaching_awaiting_count = fields.Integer(
        string="Sessions awaiting updates",
        compute="_compute_coaching_awaiting_count",
        help="Past sessions of the employee, until the last day of the payslip, that"
        " are"
        " not closed out. This payslip does not pay them.",
    )
    coaching_unclosed_policy = fields.Selection(
        related="company_id.coaching_unclosed_policy"
    )

    @api.depends("employee_id", "date_to", "state")
    def _compute_coaching_awaiting_count(self):
        awaiting = self._get_coaching_awaiting()
        for payslip in self:
            payslip.coaching_awaiting_count = len(awaiting[payslip])

    def _get_coaching_awaiting(self):
        """Return the sessions of each payslip's time that nobody closed out (R31).

        :return: dict of payslip → ``coaching.session``; none for those that are done
        """
        open_slips = self.filtered(
            lambda payslip: payslip.state not in ("done", "cancel")
            and not payslip.credit_note
        )
        # sudo: payroll officers need not have rights in coaching; they get a number
        sessions = self.env["coaching.session"].sudo()
        employees = open_slips.employee_id
        if employees:
            sessions = sessions.search(
                [
                    ("awaiting_update", "=", True),
                    ("coach_id.employee_id", "in", employees._origin.ids),
                ]
            )
            # in one go, the day of each is reckoned in its coach's zone
            sessions.coach_id.mapped("tz")
        by_employee = sessions.grouped(lambda session: session.coach_id.employee_id.id)
        result = dict.fromkeys(self, sessions.browse())
        for payslip in open_slips:
            result[payslip] = by_employee.get(
                payslip.employee_id._origin.id, sessions.browse()
            ).filtered(
                lambda session, payslip=payslip: payslip.date_to
                and session._get_local_date() <= payslip.date_to
            )
        return result

    def action_view_coaching_awaiting(self):
        """Open the sessions that are to be closed out before this is paid."""
        self.check_access("read")
        sessions = self._get_coaching_awaiting()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action_awaiting"
        )
        ids = self.env["coaching.session"].union(*sessions.values()).ids
        action["domain"] = [("id", "in", ids), ("awaiting_update", "=", True)]
        return action

    def write(self, vals):
        if vals.get("state") == "done":
            self._check_coaching_awaiting()
        return super().write(vals)

    def _check_coaching_awaiting(self):
        """Raise where the company does not pay before everything is closed out."""
        blocking = self.filtered(
            lambda payslip: payslip.company_id.coaching_unclosed_policy == "block"
        )
        for payslip, sessions in blocking._get_coaching_awaiting().items():
            if sessions:
                raise UserError(
                    self.env._(
                        "%(count)s sessions of %(employee)s until %(date)s are not"
                        " closed out. Ask the coach or a manager to close them out"
                        " (Coaching → Awaiting Updates), then recompute %(payslip)s"
                        " and confirm it.",
                        count=len(sessions),
                        employee=payslip.employee_id.name,
                        date=format_date(self.env, payslip.date_to),
                        payslip=payslip.number or payslip.display_name,
                    )
                )
