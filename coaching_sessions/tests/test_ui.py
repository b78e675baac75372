from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestUi(HttpCase):
    """People at the screen: a browser has its own clock, so these days are real."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.manager = new_test_user(
            cls.env,
            "tour_manager",
            "coaching_sessions.group_coaching_manager",
            name="Tour Manager",
            tz="UTC",
        )
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Always",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                            "day_period": "morning",
                        }
                    )
                    for day in range(7)
                ],
            }
        )
        cls.coach = cls.env["coaching.coach"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Tour Coach"}).id,
                "resource_calendar_id": calendar.id,
                "tz": "UTC",
            }
        )
        cls.client = cls.env["res.partner"].create({"name": "Tour Client"})
        product = cls.env["product.product"].create(
            {
                "name": "Tour package",
                "type": "service",
                "coaching_package": True,
                "coaching_session_count": 5,
            }
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        cls.package = order.coaching_package_ids

    # R29 R31 R32 R33 R40
    def test_close_out_and_correct(self):
        start = fields.Datetime.now().replace(minute=0, second=0) - timedelta(days=1)
        with freeze_time(start - timedelta(days=2)):
            session = self.env["coaching.session"].book(
                {
                    "booking_type_id": self.env.ref(
                        "coaching_sessions.booking_type_individual"
                    ).id,
                    "coach_id": self.coach.id,
                    "partner_ids": self.client.ids,
                    "start": start,
                }
            )
        self.start_tour(
            "/odoo/action-coaching_sessions.coaching_session_action_awaiting",
            "coaching_sessions_close_out",
            login="tour_manager",
        )
        session.invalidate_recordset()
        self.assertEqual(session.state, "cancelled")
        self.assertEqual(self.package.remaining, 5)
        self.assertEqual(session.attendance_ids.closed_by_id, self.manager)

    def test_book(self):
        self.start_tour(
            "/odoo/action-coaching_sessions.coaching_session_action",
            "coaching_sessions_book",
            login="tour_manager",
        )
        self.assertFalse(
            self.env["coaching.session"].search([("coach_id", "=", self.coach.id)])
        )
