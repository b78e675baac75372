"""The demo business as code: its dates are relative to today, and what follows from
its sessions comes from the same methods as everywhere else."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytz

from odoo import Command, api, fields, models

MODULE = "coaching_sessions"
COACHES = ("clara", "marc", "nina")
HOURS = (9, 10, 11, 14)
# who has individual sessions with whom; the others come for a consultation
CLIENTS = {
    "clara": ("anna", "ben", "chloe", "david"),
    "marc": ("elena", "farid", "grace", "hugo"),
    "nina": ("ines", "jonas", "kavya", "liam"),
}
BIG_PACKAGES = ("ben", "david", "farid", "hugo", "jonas", "liam")
WEEKS = range(-4, 3)
WEEKS_OF_SMALL_PACKAGES = (-4, -3, -2, 1)
DAYS_NOT_YET_CLOSED = 4
# (coach, week, client) -> outcome of what did not go as planned
EXCEPTIONS = {
    ("clara", -3, "anna"): "no_show",
    ("clara", -2, "ben"): "client_late_cancel",
    ("clara", -3, "chloe"): "client_emergency",
    ("marc", -3, "elena"): "client_early_cancel",
    ("marc", -2, "farid"): "coach_emergency",
    ("nina", -3, "ines"): "coach_missed",
    ("nina", -2, "jonas"): "other",
}


class CoachingDemo(models.AbstractModel):
    _name = "coaching.demo"
    _description = "Demo Business"

    @api.model
    def _load(self):
        """Sell packages, book seven weeks of sessions and close out the past ones."""
        self._sell_packages()
        monday = fields.Date.today() - timedelta(days=fields.Date.today().weekday())
        for week in WEEKS:
            for coach in COACHES:
                for number, client in enumerate(CLIENTS[coach]):
                    day = monday + timedelta(weeks=week, days=number)
                    self._play(coach, client, week, day, HOURS[number])
        self._play_consultations(monday)
        self._play_group(monday)
        self._play_makeup(monday)
        # what happened before the demo began was not waiting for its emails
        waiting = self.env["coaching.notification"].search([("state", "=", "pending")])
        waiting.write({"state": "skipped"})

    @api.model
    def _ref(self, kind, name):
        return self.env.ref(f"{MODULE}.{kind}_{name}")

    @api.model
    def _sell_packages(self):
        """Sell every client of a coach a package, five weeks ago."""
        sold = fields.Date.today() - timedelta(weeks=5)
        for client in [client for clients in CLIENTS.values() for client in clients]:
            size = 10 if client in BIG_PACKAGES else 5
            order = self.env["sale.order"].create(
                {
                    "partner_id": self._ref("partner_client", client).id,
                    "date_order": datetime.combine(sold, time(10)),
                    "order_line": [
                        Command.create(
                            {"product_id": self._ref("product_package", size).id}
                        )
                    ],
                }
            )
            order.action_confirm()
            package = order.coaching_package_ids
            package.purchase_date = sold
            months = package.product_id.coaching_validity_months
            package.expiry_date = package._get_expiry_date(sold, months)

    @api.model
    def _play(self, coach, client, week, day, hour):
        """Book a session two days before, and close it out when it is over."""
        if client not in BIG_PACKAGES and week not in WEEKS_OF_SMALL_PACKAGES:
            return
        start = self._get_start(coach, day, hour)
        exception = EXCEPTIONS.get((coach, week, client))
        session = self._book(coach, "individual", start, [client])
        self._close(session, exception or "completed")

    @api.model
    def _play_consultations(self, monday):
        """First talks with people who have no package for it."""
        for coach, week, client, outcome in (
            ("clara", -2, "kavya", "completed"),
            ("marc", -1, "kavya", "client_emergency"),
            ("nina", 1, "anna", None),
        ):
            start = self._get_start(coach, monday + timedelta(weeks=week, days=4), 9)
            session = self._book(coach, "consultation", start, [client])
            self._close(session, outcome or "completed")

    @api.model
    def _play_group(self, monday):
        """A group that met and one that will, which clients can join."""
        group_type = self.env.ref("coaching_sessions.booking_type_group")
        group_type.client_join_only = True
        for week in (-1, 1):
            start = self._get_start("nina", monday + timedelta(weeks=week, days=4), 14)
            session = self._book("nina", "group", start, ["ben", "farid", "jonas"])
            self._close(session, "completed")

    @api.model
    def _play_makeup(self, monday):
        """The no-show of three weeks ago is made up for."""
        start = self._get_start("clara", monday + timedelta(weeks=-1, days=4), 15)
        session = self._book(
            "clara",
            "makeup",
            start,
            ["anna"],
            note="Make-up session for the no-show",
        )
        self._close(session, "completed")

    @api.model
    def _get_start(self, coach, day, hour):
        """Return an hour of the coach's day as naive UTC."""
        zone = pytz.timezone(self._ref("coach", coach).tz)
        local = zone.localize(datetime.combine(day, time(hour)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _book(self, coach, code, start, clients, note=""):
        """Book as it would have been two days before."""
        partners = [self._ref("partner_client", client).id for client in clients]
        with self._at(min(start - timedelta(days=2), fields.Datetime.now())):
            return self.env["coaching.session"].book(
                {
                    "booking_type_id": self._ref("booking_type", code).id,
                    "coach_id": self._ref("coach", coach).id,
                    "start": start,
                    "partner_ids": partners,
                    "note": note,
                }
            )

    @api.model
    def _close(self, session, code):
        """Close out what is over, but for the last days: those await an update."""
        open_since = fields.Datetime.now() - timedelta(days=DAYS_NOT_YET_CLOSED)
        if session.stop > open_since:
            return
        outcome = self.env["coaching.outcome"]._get_by_code(code, session.company_id)
        moment = session.stop
        if outcome.before_start:
            moment = session.start - timedelta(hours=3)
        with self._at(moment):
            session.attendance_ids.action_close(code)

    @contextmanager
    def _at(self, moment):
        """Let the sessions see an earlier time while the demo business is built."""
        sessions = self.env.registry["coaching.session"]
        with patch.object(sessions, "_now", lambda self: moment):
            yield
