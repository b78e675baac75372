from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user

NO_MAIL = {
    "mail_create_nolog": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "tracking_disable": True,
}


class CoachingCommon(TransactionCase):
    """A small business: two coaches, two clients, one package of five sessions.

    The clock of the tests is ``cls.now``: a Monday, 08:00 UTC. ``travel`` moves it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **NO_MAIL, tz="UTC"))
        cls.now = datetime(2027, 3, 1, 8, 0, 0)
        cls.clock = cls.startClassPatcher(freeze_time(cls.now))
        cls.company = cls.env.company
        cls.company.coaching_makeup_validity_days = 90
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Mornings and afternoons",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                            "day_period": "morning" if start < 12 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )
        cls.manager = new_test_user(
            cls.env,
            "coaching_manager",
            "coaching_sessions.group_coaching_manager",
            tz="UTC",
        )
        cls.coach_user = new_test_user(
            cls.env,
            "coaching_coach",
            "coaching_sessions.group_coaching_coach",
            tz="UTC",
        )
        cls.portal_coach_user = new_test_user(
            cls.env, "coaching_portal_coach", "base.group_portal", tz="UTC"
        )
        cls.client_user = new_test_user(
            cls.env, "coaching_client", "base.group_portal", tz="UTC"
        )
        cls.coach, cls.other_coach = cls.env["coaching.coach"].create(
            [
                {
                    "user_id": user.id,
                    "resource_calendar_id": cls.calendar.id,
                    "tz": "UTC",
                }
                for user in (cls.coach_user, cls.portal_coach_user)
            ]
        )
        cls.client = cls.client_user.partner_id
        cls.other_client = cls.env["res.partner"].create(
            {"name": "Otto Other", "email": "otto@example.com"}
        )
        # as shipped: the demo business gives make-ups
        cls.env["coaching.outcome.policy"].search([]).issues_makeup = False
        cls.individual = cls.env.ref("coaching_sessions.booking_type_individual")
        cls.consultation = cls.env.ref("coaching_sessions.booking_type_consultation")
        cls.group_type = cls.env.ref("coaching_sessions.booking_type_group")
        # as shipped, too
        cls.group_type.client_join_only = False
        cls.makeup_type = cls.env.ref("coaching_sessions.booking_type_makeup")
        cls.product = cls.env["product.product"].create(
            {
                "name": "Five sessions",
                "type": "service",
                "list_price": 400.0,
                "coaching_package": True,
                "coaching_session_count": 5,
                "coaching_validity_months": 6,
                "taxes_id": [Command.clear()],
            }
        )
        cls.package = cls._sell(cls.client)

    def setUp(self):
        super().setUp()
        self.travel(self.now)

    # === HELPERS === #

    def travel(self, moment):
        """Set the clock (naive UTC)."""
        self.clock.move_to(moment)

    @classmethod
    def _sell(cls, partner, quantity=1, product=None):
        """Sell a package and return it."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order.coaching_package_ids

    @classmethod
    def _issue_makeups(cls, *codes):
        """Turn make-ups on in the policy for these outcomes."""
        cls.env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "in", codes),
                ("complimentary", "=", False),
                ("booking_type_id", "=", False),
            ]
        ).issues_makeup = True

    def book(self, days=1, hour=9, minute=0, user=None, **vals):
        """Book the client with the coach some days from now, return the session."""
        start = vals.pop("start", None) or (self.now + timedelta(days=days)).replace(
            hour=hour, minute=minute
        )
        sessions = self.env["coaching.session"]
        if user:
            sessions = sessions.with_user(user)
        return sessions.book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": start,
                **vals,
            }
        )

    def close(self, session, code, at=None, **kwargs):
        """Close a session's only attendance after its end and return it."""
        self.travel(at or session.stop + timedelta(minutes=5))
        session.attendance_ids.action_close(code, **kwargs)
        return session.attendance_ids

    def run_cron(self, model, method, **kwargs):
        """Run a cron's method; what it would commit stays in the test's transaction."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0):
            getattr(self.env[model], method)(**kwargs)

    def assertBalance(self, package, remaining, held=0, used=0):
        """Assert the counters, and that they are the sums of the ledger."""
        package.invalidate_recordset()
        self.assertEqual(
            (package.remaining, package.held, package.used), (remaining, held, used)
        )
        moves = package.move_ids
        self.assertEqual(sum(moves.mapped("quantity")), package.remaining)
        claims = moves.filtered(lambda move: move.kind in ("hold", "release"))
        self.assertEqual(-sum(claims.mapped("quantity")), package.held)
        uses = moves.filtered(lambda move: move.kind == "use")
        self.assertEqual(-sum(uses.mapped("quantity")), package.used)
