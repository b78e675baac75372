from odoo import api, models
from odoo.tools import SQL


class CoachingRemunerationLine(models.Model):
    """How lines get on a payslip, off it, and back with its refund."""

    _inherit = "coaching.remuneration.line"

    @api.model
    def _gather(self, payslip):
        """Put on a payslip what its coach earned until its end and nobody paid.

        Sessions closed out late are on the next payslip rather than never paid. A
        guarded update: of two payslips, one gets each line.

        :param payslip: ``hr.payslip``
        :return: the lines that are on it now
        """
        # also of coaches who have left: their last sessions are paid
        coaches = (
            self.env["coaching.coach"]
            .with_context(active_test=False)
            .search([("employee_id", "=", payslip.employee_id.id)])
        )
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE coaching_remuneration_line
                   SET state = 'on_payslip', payslip_id = %s
                 WHERE (employee_id = %s OR employee_id IS NULL AND coach_id = ANY(%s))
                   AND company_id = %s AND date <= %s AND state = 'to_pay'
                   AND NOT COALESCE(on_hold, FALSE)
                """,
                payslip.id,
                payslip.employee_id.id,
                coaches.ids,
                payslip.company_id.id,
                payslip.date_to,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["state", "payslip_id"], flush=False)
        return payslip.coaching_line_ids

    def _take_off_payslip(self):
        """Take lines off their payslip, to be paid by another one."""
        self.filtered(lambda line: line.state in ("on_payslip", "paid")).write(
            {"state": "to_pay", "payslip_id": False}
        )

    def _invalidate_holds(self):
        result = super()._invalidate_holds()
        self.env["hr.payslip"].invalidate_model(["coaching_line_ids"], flush=False)
        return result

    def _refund(self, payslip):
        """Take what a payslip paid back with its refund, and leave it to be paid again.

        Whatever stands on the payslip, corrections too: a pair of lines for each, one
        on the refund and one to pay. The lines themselves and what took them back
        stay as they are.

        :param payslip: the refund, ``hr.payslip`` that is done
        """
        vals_list = []
        for line in self.filtered(lambda line: line.state == "paid" and line.amount):
            carried = {
                **line._prepare_reversal_values(),
                "reversal_of_id": False,
                "refund_of_id": line.id,
                "on_hold": line.on_hold,
            }
            again = {
                **carried,
                "quantity": line.quantity,
                "amount": line.amount,
                "state": "to_pay",
            }
            vals_list += [
                {**carried, "state": "paid", "payslip_id": payslip.id},
                again,
            ]
        self.create(vals_list)
