from odoo import fields, models
from odoo.exceptions import UserError


class CoachingCoach(models.Model):
    """The sessions of a coach."""

    _inherit = "coaching.coach"

    upcoming_count = fields.Integer(string="Upcoming count", compute="_compute_counts")
    awaiting_count = fields.Integer(
        string="Awaiting updates",
        compute="_compute_counts",
        help="Past sessions that are not closed out yet.",
    )

    def _compute_counts(self):
        now = fields.Datetime.now()
        sessions = self.env["coaching.session"]
        domain = [("coach_id", "in", self.ids), ("state", "=", "scheduled")]
        upcoming = dict(
            sessions._read_group(
                [*domain, ("stop", ">", now)], ["coach_id"], ["__count"]
            )
        )
        awaiting = dict(
            sessions._read_group(
                [*domain, ("stop", "<=", now)], ["coach_id"], ["__count"]
            )
        )
        for coach in self:
            coach.upcoming_count = upcoming.get(coach, 0)
            coach.awaiting_count = awaiting.get(coach, 0)

    def write(self, vals):
        """Refuse another company, by another resource, while sessions are open.

        A change of the company itself is written to the resource.
        """
        if vals.get("resource_id"):
            resource = self.env["resource.resource"].sudo().browse(vals["resource_id"])
            self.filtered(
                lambda coach: coach.company_id != resource.company_id
            )._check_no_open_sessions()
        return super().write(vals)

    def _check_no_open_sessions(self):
        """Raise when a coach who leaves the company has sessions to close in it.

        A session stays with its company: rules, policy and pay are that one's.

        :raise UserError: says how many sessions of whom are open
        """
        if not self:
            return
        # sudo: sessions that the user does not see are open as well
        groups = (
            self.env["coaching.session"]
            .sudo()
            ._read_group(
                [("coach_id", "in", self.ids), ("state", "=", "scheduled")],
                ["coach_id", "company_id"],
                ["__count"],
            )
        )
        for coach, company, count in groups:
            raise UserError(
                self.env._(
                    "%(coach)s has %(count)s sessions in %(company)s that are not"
                    " closed, so they can't change company. Close or cancel these"
                    " sessions or substitute the coach first, or add the person as a"
                    " coach of the other company.",
                    coach=coach.name,
                    count=count,
                    company=company.name,
                )
            )

    def action_view_sessions(self):
        """Open the sessions of this coach."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("coach_id", "=", self.id)]
        action["context"] = {}
        if self.env.context.get("awaiting"):
            action["context"] = {"search_default_awaiting": 1}
        return action
