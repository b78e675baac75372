from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, freeze_time, new_test_user


class CoachingUiCommon(HttpCase):
    """A coach who is free all week, and clients with a package of five sessions each.

    A browser has its own clock, so these days are real.
    """

    CLIENTS = ("Tour Client",)
    MANAGER_GROUPS = "coaching_sessions.group_coaching_manager"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.manager = new_test_user(
            cls.env,
            "tour_manager",
            cls.MANAGER_GROUPS,
            name="Tour Manager",
            tz="UTC",
        )
        cls.coach_user = new_test_user(
            cls.env,
            "tour_coach",
            "coaching_sessions.group_coaching_coach",
            name="Tour Coach",
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
                "user_id": cls.coach_user.id,
                "resource_calendar_id": calendar.id,
                "tz": "UTC",
            }
        )
        product = cls.env["product.product"].create(
            {
                "name": "Tour package",
                "type": "service",
                "coaching_package": True,
                "coaching_session_count": 5,
            }
        )
        cls.clients = cls.env["res.partner"].create(
            [{"name": name} for name in cls.CLIENTS]
        )
        cls.client = cls.clients[0]
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": client.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for client in cls.clients
            ]
        )
        orders.action_confirm()
        cls.packages = orders.coaching_package_ids
        cls.package = cls._package(cls.client)
        cls.now = fields.Datetime.now().replace(minute=0, second=0)

    @classmethod
    def _package(cls, client):
        return cls.packages.filtered(lambda package: package.partner_id == client)

    @classmethod
    def _issue_makeups(cls, wanted=True):
        """Turn make-ups for no-shows and late cancellations on or off in the policy."""
        cls.env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "in", ("no_show", "client_late_cancel")),
                ("complimentary", "=", False),
                ("booking_type_id", "=", False),
            ]
        ).issues_makeup = wanted

    def book(self, clients=None, hours=-24, kind="individual"):
        """Book clients so many hours from now, some days before that."""
        start = self.now + timedelta(hours=hours)
        with freeze_time(start - timedelta(days=2)):
            return self.env["coaching.session"].book(
                {
                    "booking_type_id": self.env.ref(
                        f"coaching_sessions.booking_type_{kind}"
                    ).id,
                    "coach_id": self.coach.id,
                    "partner_ids": (clients or self.client).ids,
                    "start": start,
                }
            )

    def tour(self, name, action, login="tour_coach"):
        """Run a tour that begins with an action, and look at what it left."""
        self.start_tour(f"/odoo/action-{action}", name, login=login)
        self.env.invalidate_all()

    def assertBalance(self, package, remaining, held=0, used=0):
        self.assertEqual(
            (package.remaining, package.held, package.used), (remaining, held, used)
        )
