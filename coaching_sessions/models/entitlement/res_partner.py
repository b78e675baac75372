import operator as operators

from odoo import fields, models

PYTHON_OPERATORS = {
    "in": lambda number, values: number in values,
    ">": operators.gt,
    ">=": operators.ge,
    "<": operators.lt,
    "<=": operators.le,
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    coaching_session_count = fields.Integer(
        string="Sessions",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )
    coaching_remaining = fields.Integer(
        string="Sessions left",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
        help="Sessions left in packages, less the sessions owed. Negative: more"
        " sessions"
        " are owed than left.",
    )
    coaching_minutes_remaining = fields.Integer(
        string="Minutes left",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )
    coaching_owed = fields.Integer(
        string="Sessions owed",
        compute="_compute_coaching_counts",
        search="_search_coaching_owed",
        groups="coaching_sessions.group_coaching_coach",
        help="Sessions booked or held that no package covers yet.",
    )
    coaching_owed_limit = fields.Integer(
        string="Credit limit (sessions)",
        tracking=True,
        groups="coaching_sessions.group_coaching_manager",
        help="Sessions this client can book before paying, per company.",
    )
    coaching_makeup_count = fields.Integer(
        string="Make-ups to use",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )

    _check_coaching_owed_limit = models.Constraint(
        "CHECK (coaching_owed_limit >= 0)",
        "The credit limit can't be negative.",
    )

    def _compute_coaching_counts(self):
        attended = dict(
            self.env["coaching.attendance"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        remaining = {
            (partner, unit): left
            for partner, unit, left in self.env["coaching.package"]._read_group(
                [("partner_id", "in", self.ids), ("state", "in", ["active"])],
                ["partner_id", "unit"],
                ["remaining:sum"],
            )
        }
        owed = dict(
            self.env["coaching.attendance"]._read_group(
                [("partner_id", "in", self.ids), ("owed", "=", True)],
                ["partner_id"],
                ["sessions_deducted:sum"],
            )
        )
        makeups = dict(
            self.env["coaching.makeup"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "issued")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.coaching_session_count = attended.get(partner, 0)
            partner.coaching_owed = owed.get(partner, 0)
            partner.coaching_remaining = (
                remaining.get((partner, "sessions"), 0) - partner.coaching_owed
            )
            partner.coaching_minutes_remaining = remaining.get((partner, "minutes"), 0)
            partner.coaching_makeup_count = makeups.get(partner, 0)

    def _search_coaching_owed(self, operator, value):
        """Search who owes a number of sessions; nothing owed is not read from rows."""
        if operator not in PYTHON_OPERATORS:
            return NotImplemented
        compare = PYTHON_OPERATORS[operator]
        rows = self.env["coaching.attendance"]._read_group(
            [("owed", "=", True)], ["partner_id"], ["sessions_deducted:sum"]
        )
        none = bool(compare(0, value))
        ids = [
            partner.id for partner, owed in rows if bool(compare(owed, value)) != none
        ]
        return [("id", "not in" if none else "in", ids)]

    def action_view_coaching_sessions(self):
        """Open the sessions of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("attendance_ids.partner_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_coaching_packages(self):
        """Open the packages of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_package_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_coaching_owed(self):
        """Open the sessions that this client owes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_attendance_action"
        )
        action["views"] = [(False, "list")]
        action["domain"] = [("partner_id", "=", self.id), ("owed", "=", True)]
        action["context"] = {}
        return action
