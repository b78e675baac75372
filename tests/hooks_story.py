"""What tests/test_hooks.py plays in a database that has `coaching_tiny`.

A script of `odoo shell`: prints what each hook led to as a line of JSON.
"""

import json
from datetime import datetime, time, timedelta

from freezegun import freeze_time
from psycopg2.errors import DatabaseError

from odoo.exceptions import UserError

TODAY = datetime.combine(datetime.now().date(), time())


def at(days, hour=10):
    """Return an hour of a day to come."""
    return TODAY + timedelta(days=days, hours=hour)


class Business:
    """A coach who works day and night, clients, and a type without a package."""

    def __init__(self, env):
        self.env = env(context={"tz": "UTC", "tracking_disable": True})
        partner = self.env["res.partner"].create({"name": "Tina Tiny"})
        self.coach = self.env["coaching.coach"].create(
            {"partner_id": partner.id, "tz": "UTC"}
        )
        employee = self.env["hr.employee"].create({"name": partner.name})
        self.coach.employee_id = employee
        self.coach.resource_id.calendar_id = False
        self.type = self.env["coaching.booking.type"].create(
            {"name": "Tiny", "code": "tiny", "package_required": False}
        )
        self.env["coaching.remuneration.rule"].create(
            {"coach_id": self.coach.id, "amount": 40.0}
        )
        self.client = self.add_client("Cleo", street="1 High Street")

    def add_client(self, name, **vals):
        email = f"{name.lower()}@example.com"
        return self.env["res.partner"].create({"name": name, "email": email, **vals})

    def book(self, start, client=None, **vals):
        return self.env["coaching.session"].book(
            {
                "booking_type_id": self.type.id,
                "coach_id": self.coach.id,
                "start": start,
                "partner_ids": (client or self.client).ids,
                **vals,
            }
        )

    def close(self, session, code):
        with freeze_time(session.stop):
            session.attendance_ids.action_close(code)

    def consequence(self):
        """Closing and correcting post to a ledger of somebody else's."""
        session = self.book(at(1))
        points = self.env["tiny.points"]
        sums = []
        for code in ("completed", "no_show", "completed", "completed"):
            self.close(session, code)
            lines = points.search([("attendance_id", "in", session.attendance_ids.ids)])
            sums.append([len(lines), sum(lines.mapped("points"))])
        refused = []
        for attempt in (
            lambda: lines.write({"points": 99}),
            lambda: lines.unlink(),
            lambda: self.env.cr.execute("UPDATE tiny_points SET points = 99"),
            lambda: self.env.cr.execute("DELETE FROM tiny_points"),
        ):
            try:
                with self.env.cr.savepoint():
                    attempt()
                refused.append(False)
            except (UserError, DatabaseError):
                refused.append(True)
        return {"sums": sums, "refused": refused}

    def taken(self):
        """A retreat is neither offered nor booked, and explained."""
        self.env["tiny.retreat"].create(
            {"coach_id": self.coach.id, "start": at(2, 0), "stop": at(3, 0)}
        )
        types = self.env["coaching.booking.type"]
        days = (at(2).date(), at(3).date())
        slots = types.get_slots(self.type.id, *days, coach_ids=self.coach.ids)
        try:
            with self.env.cr.savepoint():
                self.book(at(2))
            refusal = ""
        except UserError as error:
            refusal = str(error)
        return {
            "offered": sorted({slot["start"][:10] for slot in slots}),
            "refusal": refusal,
            "explanation": types.explain_slot(self.type.id, self.coach.id, at(2)),
            "elsewhere": types.explain_slot(self.type.id, self.coach.id, at(3)),
        }

    def move(self):
        """A follow-up of a move is told what was and what is."""
        session = self.book(at(4))
        session.action_reschedule(at(4, 15))
        return session.tiny_moves

    def pay(self):
        """A reason to leave pay out is on the line of the coach."""
        session = self.book(at(5), note="voluntary")
        paid = self.book(at(5, 14))
        self.close(session, "completed")
        self.close(paid, "completed")
        return [
            [line.state, line.amount, line.excluded_reason or ""]
            for line in session.remuneration_line_ids | paid.remuneration_line_ids
        ]

    def remind(self):
        """A channel delivers, and falls back to email where it can't."""
        reminder = self.env["coaching.reminder"].create(
            {"amount": 5, "unit": "hours", "channel": "letter"}
        )
        self.type.reminder_ids = reminder
        sessions = self.book(at(8)) + self.book(at(8, 14), self.add_client("Nomad"))
        notifications = self.env["coaching.notification"]
        for session in sessions:
            with freeze_time(session.start - timedelta(hours=5)):
                notifications._cron_remind()
                notifications._cron_send()
        sent = notifications.search([("reminder_id", "=", reminder.id)], order="id")
        return [[row.channel, row.state, row.error or ""] for row in sent]


def main(env):
    business = Business(env)
    for name in ("consequence", "taken", "move", "pay", "remind"):
        print(json.dumps({name: getattr(business, name)()}), flush=True)


main(env)  # noqa: F821, the shell has it
