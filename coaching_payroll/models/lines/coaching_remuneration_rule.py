from odoo import models
from odoo.exceptions import UserError

# what lines were reckoned with
USED = ("coach_id", "booking_type_id", "company_id", "basis", "amount")


class CoachingRemunerationRule(models.Model):
    """A rule that sessions were paid by stays what it was."""

    _inherit = "coaching.remuneration.rule"

    def write(self, vals):
        """Refuse another rate under the name of the one that was paid.

        :raise UserError: for what lines used; a rule can always be ended or archived
        """
        names = [name for name in USED if name in vals]
        changed = self.filtered(
            lambda rule: any(
                rule._fields[name].convert_to_write(rule[name], rule) != vals[name]
                for name in names
            )
        )
        if changed:
            changed._check_unused()
        return super().write(vals)

    def _check_unused(self):
        """Raise for rules that lines of remuneration refer to."""
        # sudo: also lines of companies that the user does not see count
        line = (
            self.env["coaching.remuneration.line"]
            .sudo()
            .search([("rule_id", "in", self.ids)], limit=1)
        )
        if line:
            raise UserError(
                self.env._(
                    "Sessions were paid by the rule “%(rule)s”, so it can't change."
                    " Archive it or enter its last day, and add a new rule. To pay"
                    " closed sessions by the new rule, recompute their remuneration.",
                    rule=line.rule_id.display_name,
                )
            )
