"""A business that books, moves, closes, corrects and notes, inside of `odoo shell`.

`live` runs on the code of the base commit, `go_on` on today's, when that upgraded the
database. Both call public methods only.
"""

import itertools
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo import Command

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Business:
    """Books, moves, closes, corrects and notes what the demo business does not."""

    def __init__(self, env):
        self.env = env(context={**env.context, "tz": "UTC", "tracking_disable": True})
        self.hours = itertools.count()
        # beyond everything that the demo business books
        self.day = datetime.combine(date.today() + 30 * DAY, time())

    def ref(self, name):
        return self.env.ref(f"coaching_sessions.{name}")

    def coach(self, name):
        """Return a new coach who works day and night."""
        partner = self.env["res.partner"].create(
            {"name": name, "email": f"{name.split()[0].lower()}@example.com"}
        )
        coach = self.env["coaching.coach"].create(
            {"partner_id": partner.id, "tz": "UTC"}
        )
        coach.employee_id = self.env["hr.employee"].create({"name": name})
        coach.resource_id.calendar_id = False
        return coach

    def slot(self):
        """Return the next hour at which nobody has anything yet."""
        return self.day + 2 * HOUR * next(self.hours)

    def book(self, coach, client, start=None, code="individual", by=None, **vals):
        return (by or self.env)["coaching.session"].book(
            {
                "booking_type_id": self.ref(f"booking_type_{code}").id,
                "coach_id": coach.id,
                "partner_ids": client.ids,
                "start": start or self.slot(),
                **vals,
            }
        )

    @contextmanager
    def at(self, moment):
        """Let sessions see a later time; the rest of the world need not know."""
        sessions = self.env.registry["coaching.session"]
        with patch.object(sessions, "_now", lambda self: moment):
            yield

    def close(self, session, code, **kwargs):
        with self.at(session.stop + HOUR):
            session.attendance_ids.action_close(code, **kwargs)
        return session.attendance_ids

    def live(self):
        """Write into every table of the addons that a business writes into."""
        self.own, self.other = self.coach("Olga Own"), self.coach("Otis Other")
        self.anna = self.ref("partner_client_anna")
        self.as_anna = self.env(user=self.ref("user_client_anna"))
        self.paul, self.pia = self.env["res.partner"].create(
            [
                {"name": "Paul Upgrade", "email": "paul@example.com"},
                {"name": "Pia Upgrade", "email": "pia@example.com"},
            ]
        )
        self.env["coaching.remuneration.rule"].create(
            {"coach_id": self.own.id, "amount": 70}
        )
        self.env["coaching.makeup.pay"].create(
            {"coach_id": self.other.id, "mode": "issued"}
        )
        self.env.company.coaching_dispute_days = 60
        self.packages = self.sell(self.paul, self.pia, self.anna)
        self.keep_packages()
        self.close_and_correct()
        self.plan()
        self.wait_and_propose()
        self.be_absent()
        self.env.flush_all()

    def sell(self, *partners):
        packages = self.env["coaching.package"]
        for partner in partners:
            product = self.ref("product_package_10")
            order = self.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
            order.action_confirm()
            packages |= order.coaching_package_ids
        return packages

    def keep_packages(self):
        package = self.packages[0]
        package.action_adjust(3, "Three more, as agreed")
        package.action_extend(package.expiry_date + 30 * DAY, "Was ill")
        package.action_transfer(self.pia.id, 2, "Given to Pia")
        package.action_share("members", self.anna.ids, "With Anna")
        self.env["coaching.makeup"].action_grant(self.pia.id, "We were late")

    def close_and_correct(self):
        terms = self.env["coaching.terms"].create(
            {"name": "Our terms", "body": "<p>Be in time.</p>", "company_id": False}
        )
        self.ref("booking_type_individual").terms_id = terms
        self.book(
            self.own, self.anna, self.slot(), by=self.as_anna, terms_accepted=True
        )
        mine = self.book(self.own, self.paul)
        attendance = self.close(mine, "completed", note="All went well")
        self.close(mine, "no_show", note="It was another one")
        self.close(mine, "completed", note="No, it was not")
        self.close(self.book(self.own, self.pia), "no_show")
        self.close(self.book(self.own, self.pia), "coach_missed", note="Flat tyre")
        attendance.action_add_note("<p>Worked on time</p>")
        attendance.action_add_note("<p>Tired</p>", private=True)
        attendance.action_add_action_item("Write a list", date.today() + DAY)
        goal = attendance.action_add_goal("Sleep", "Eight hours", date.today() + DAY)
        attendance.action_link_goals(goal.ids)
        goal.action_record_progress(40, "Better", attendance.id)
        with self.at(mine.stop + HOUR):
            mine.action_set_recording("https://video.example.com/1", shared=True)
        missed = self.env["coaching.attendance"].search(
            [("partner_id", "=", self.anna.id), ("outcome_id.code", "=", "no_show")]
        )
        theirs = missed.with_env(self.as_anna)
        theirs.action_dispute("I was there", "completed")

    def plan(self):
        need = self.env["coaching.booking.type.need"]
        room = self.env["resource.resource"].create(
            {"name": "Room", "resource_type": "material", "calendar_id": False}
        )
        kind = self.ref("booking_type_consultation")
        need.create(
            {
                "name": "room",
                "booking_type_id": kind.id,
                "resource_ids": [Command.set(room.ids)],
            }
        )
        self.book(self.own, self.pia, code="consultation")
        start = self.day + 20 * DAY
        self.book(self.own, self.pia, start + 7 * DAY)
        series = self.env["coaching.series"].book(
            {
                "booking_type_id": self.ref("booking_type_individual").id,
                "coach_id": self.own.id,
                "partner_ids": self.paul.ids,
                "start": start,
                "count": 4,
                "on_conflict": "skip",
            }
        )
        sessions = self.env["coaching.session"].browse(series["session_ids"])
        sessions[0].action_reschedule(start + 2 * HOUR, "Dentist")
        sessions[-1].action_cancel("No time")
        engagement = self.env["coaching.engagement"].search(
            [("coach_id", "=", self.own.id), ("partner_id", "=", self.paul.id)]
        )
        engagement.action_reserve_slot(start + 10 * HOUR)
        engagement.action_hand_over(self.other.id, note="Likes tea", share_goals=True)
        session = self.book(self.own, self.paul)
        session.attendance_ids.action_send_message("See you")
        session.action_set_reminders("own", self.ref("reminder_client_day").ids)

    def wait_and_propose(self):
        self.env["coaching.waiting"].join(
            {
                "partner_id": self.pia.id,
                "booking_type_id": self.ref("booking_type_individual").id,
                "coach_id": self.own.id,
                "date_from": self.day.date(),
                "date_to": self.day.date() + 5 * DAY,
            }
        )
        session = self.book(self.own, self.paul)
        session.action_propose([self.slot(), self.slot()], "Which one?")
        refused = self.book(self.own, self.pia)
        refused.action_propose([self.slot()]).action_withdraw()

    def be_absent(self):
        session = self.book(self.own, self.paul, self.day + 60 * DAY)
        day = session.start.date()
        self.own.action_absent(day, day, reason="Flu", message="Sorry!")
        session = self.book(self.own, self.paul, self.day + 62 * DAY)
        session.action_substitute(self.other.id, "Holidays")
        self.env["coaching.zoom.account"]._set_credentials(
            self.env.company,
            {"account_id": "our", "client_id": "own", "client_secret": "secret"},
        )

    def go_on(self):
        """Book, close and correct; return what is left at each step, and the pay.

        Each with what the ledger says: the counters are the sums of the moves.
        """
        package = self.env["coaching.package"].search(
            [("partner_id.name", "=", "Pia Upgrade"), ("remaining", ">", 2)], limit=1
        )
        coach = self.env["coaching.coach"].search([("name", "=", "Olga Own")])
        start = self.day + 80 * DAY
        steps = []

        def step(what):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            moves = package.move_ids
            claims = moves.filtered(lambda move: move.kind in ("hold", "release"))
            lines = session.remuneration_line_ids if session else []
            steps.append(
                {
                    "what": what,
                    "left": package.remaining,
                    "held": package.held,
                    "used": package.used,
                    "sum": sum(moves.mapped("quantity")),
                    "claimed": -sum(claims.mapped("quantity")),
                    "pay": sum(line.amount for line in lines),
                }
            )

        session = None
        step("before")
        session = self.book(coach, package.partner_id, start, package_id=package.id)
        step("booked")
        self.close(session, "completed")
        step("completed")
        self.close(session, "coach_missed", note="The coach was not there")
        step("corrected")
        return steps
