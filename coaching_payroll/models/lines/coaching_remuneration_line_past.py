from odoo import api, models


class CoachingRemunerationLine(models.Model):
    """What was closed before payroll was installed."""

    _inherit = "coaching.remuneration.line"

    @api.model
    def _note_past_as_paid(self):
        """Note what was closed before payroll was installed as paid elsewhere.

        Else correcting it, or making up for it, would pay it a second time.
        """
        past = self.env["coaching.attendance"].search(
            [("state", "!=", "scheduled"), ("remuneration_line_ids", "=", False)]
        )
        reason = self.env._("closed before payroll was installed")
        no_rule = self.env["coaching.remuneration.rule"]
        vals_list = []
        taken = set()
        for attendance in past.sorted(lambda a: (a._get_makeup_depth(), a.id)):
            entitlement = attendance._get_entitlement()
            vals_list.append(
                {
                    **attendance._prepare_remuneration_values(
                        no_rule, entitlement, reason
                    ),
                    "earns": entitlement not in taken,
                    "is_settled": True,
                }
            )
            taken.add(entitlement)
        return self.create(vals_list)
