"""What a practice has beside sessions: terms, goals, wishes, slots, disputes."""

from datetime import timedelta

from odoo import Command, api, fields, models

TERMS = """
<p>You can cancel or move an intensive session free of charge until 48 hours before it
begins. Until 24 hours before, half of it is charged; later, or if you don't attend, it
counts as used. We excuse it once a quarter. In an emergency, call us: you lose
nothing.</p>
"""
GOALS = {
    "anna": ("Speak up in meetings", 40, "Led the meeting on Monday"),
    "elena": ("Delegate more", 20, "First task handed over"),
    "ines": ("Prepare the move to a leading role", 60, "Interviews are planned"),
}


class CoachingDemo(models.AbstractModel):
    _inherit = "coaching.demo"

    @api.model
    def _load(self):
        result = super()._load()
        self._set_policies()
        for client, (name, percent, note) in GOALS.items():
            self._set_goal(client, name, percent, note)
        self._keep_a_slot()
        self._dispute()
        self._sell_by_the_month()
        waiting = self.env["coaching.notification"].search([("state", "=", "pending")])
        waiting.write({"state": "skipped"})
        return result

    @api.model
    def _set_policies(self):
        """One type with terms, tiers and an allowance; the others stay plain."""
        terms = self.env["coaching.terms"].create(
            {"name": "Intensive sessions", "body": TERMS, "company_id": False}
        )
        intensive = self._ref("booking_type", "individual").copy(
            {
                "name": "Intensive session",
                "code": "intensive",
                "duration_minutes": 120,
                "sessions_deducted": 2,
                "cancel_notice_hours": 48,
                "terms_id": terms.id,
            }
        )
        intensive.action_customize_policy()
        late = intensive.policy_ids.filtered(
            lambda policy: policy.outcome_id.code == "client_late_cancel"
        )
        late.write(
            {
                "excused_count": 1,
                "excused_period": "quarter",
                "tier_ids": [
                    Command.create(
                        {
                            "notice_hours": 24,
                            "uses_session": True,
                            "charge_percent": 50,
                            "refund_percent": 50,
                            "pay_percent": 50,
                        }
                    )
                ],
            }
        )

    @api.model
    def _find_held(self, client):
        """Return the last session that a client had."""
        return self.env["coaching.attendance"].search(
            [
                ("partner_id", "=", self._ref("partner_client", client).id),
                ("state", "=", "completed"),
                ("booking_type_id.complimentary", "=", False),
            ],
            limit=1,
        )

    @api.model
    def _set_goal(self, client, name, percent, note):
        """Set a goal in the last session, with what was noted and comes next."""
        attendance = self._find_held(client)
        goal = attendance.action_add_goal(name)
        goal.action_record_progress(percent, note, attendance.id)
        attendance.action_add_note(f"{note}. Keep going!", kind="progress")
        attendance.action_add_action_item(
            "Write down three situations that went well",
            fields.Date.today() + timedelta(days=7),
        )

    @api.model
    def _keep_a_slot(self):
        """Two clients keep their weekly time, one does not want to continue."""
        for client in ("ben", "farid"):
            attendance = self._find_held(client)
            attendance.engagement_id._record_wishes(
                attendance, "yes", slot_wish="same", reserve=True
            )
        attendance = self._find_held("liam")
        attendance.engagement_id._record_wishes(
            attendance, "unsure", note="Decides after the holidays"
        )

    @api.model
    def _dispute(self):
        """A client says that the coach did not attend."""
        self._find_held("hugo")._open_dispute(
            "coach_no_show", "I waited for twenty minutes, nobody came."
        )

    @api.model
    def _sell_by_the_month(self):
        """Two sessions a month for half a year."""
        product = self.env["product.product"].create(
            {
                "name": "Two sessions a month",
                "type": "service",
                "list_price": 160.0,
                "coaching_package": True,
                "coaching_session_count": 2,
                "coaching_period": "month",
                "coaching_validity_months": 6,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self._ref("partner_client", "grace").id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
