"""The main job, played on the demo business through the public methods.

A client buys a package, misses a session, makes up for it, and the coach's payslip
pays the pair once. Run by setup/demo; the clock travels, so that the days in between
need not be waited for.
"""

from datetime import datetime, time, timedelta

import pytz
from freezegun import freeze_time

from odoo import Command

LOGINS = [
    ("Manager", "admin", "admin"),
    ("Coach", "clara", "clara"),
    ("Coach with a portal login", "nina", "nina"),
    ("Client in the portal", "anna", "anna"),
]
COACH = "coaching_sessions.coach_clara"
PACKAGE = "coaching_sessions.product_package_5"


class Story:
    """Plays the job and keeps the rows of the table."""

    def __init__(self, env):
        self.env = env(context={**env.context, "tracking_disable": True})
        self.coach = self.env.ref(COACH)
        self.rows = []
        self.package = None

    def play(self):
        """Play from ten days ago until now and return (rows, payslip)."""
        self.pay()  # what was open before
        booked, missed, makeup = self.days(12, 10, 5)
        with freeze_time(booked):
            self.sell()
        with freeze_time(booked):
            before = self.left()
            session = self.book("individual", missed)
            self.row(session, "booked", before)
        with freeze_time(session.stop):
            before = self.left()
            session.attendance_ids.action_close("no_show", note="Called twice")
            self.row(session, "no-show, make-up given", before)
            attendance = session.attendance_ids
            before = self.left()
            makeup_session = self.book(
                "makeup",
                makeup,
                makeup_of_id=attendance.id,
                note=f"Make-up session for the no-show {session.name}",
            )
            self.row(makeup_session, "make-up booked", before)
        with freeze_time(makeup_session.stop):
            before = self.left()
            makeup_session.attendance_ids.action_close("completed")
            self.row(makeup_session, "completed", before)
        return self.rows, self.pay()

    def days(self, *ago):
        """Return 16:00 at the coach's, on working days so many days ago, naive UTC."""
        zone = pytz.timezone(self.coach.tz)
        today = datetime.now(zone).date()
        for days in ago:
            day = today - timedelta(days=days)
            while day.weekday() > 4:
                day -= timedelta(days=1)
            local = zone.localize(datetime.combine(day, time(16)))
            yield local.astimezone(pytz.utc).replace(tzinfo=None)

    def sell(self):
        """Sell a package to somebody new."""
        client = self.env["res.partner"].create(
            {"name": "Maria Lind", "email": "maria@client.example.com"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": client.id,
                "order_line": [
                    Command.create({"product_id": self.env.ref(PACKAGE).id})
                ],
            }
        )
        order.action_confirm()
        self.package = order.coaching_package_ids

    def book(self, code, start, **vals):
        """Book the client with the coach."""
        booking_type = self.env.ref(f"coaching_sessions.booking_type_{code}")
        return self.env["coaching.session"].book(
            {
                "booking_type_id": booking_type.id,
                "coach_id": self.coach.id,
                "start": start,
                "partner_ids": self.package.partner_id.ids,
                **vals,
            }
        )

    def left(self):
        """Return what is left of the package, as a person says it."""
        package = self.package
        return f"{package.remaining} of {package.granted}" + (
            f", {package.held} held" if package.held else ""
        )

    def row(self, session, what, before):
        """Remember what an act changed."""
        self.env.flush_all()
        lines = session.remuneration_line_ids
        earns = "" if not lines else self.money(sum(lines.mapped("amount")))
        reason = lines.excluded_reason
        self.rows.append(
            (
                session.name,
                session.booking_type_id.name,
                what,
                before,
                self.left(),
                f"{earns} ({reason})" if reason else earns,
            )
        )

    def pay(self):
        """Compute and confirm a payslip of the coach until today."""
        today = datetime.now().date()
        payslip = self.env["hr.payslip"].create(
            {
                "name": f"{self.coach.name}, {today:%B %Y}",
                "employee_id": self.coach.employee_id.id,
                "date_from": today.replace(day=1),
                "date_to": today,
            }
        )
        payslip.compute_sheet()
        payslip.action_payslip_done()
        return payslip

    def money(self, amount):
        """Return an amount as a person writes it."""
        return self.coach.company_id.currency_id.format(amount)


def print_table(header, rows):
    """Print rows below their header, in columns as wide as needed."""
    table = [header, *rows]
    widths = [max(len(str(row[n])) for row in table) for n in range(len(header))]
    for number, row in enumerate(table):
        cells = (
            str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)
        )
        print("  " + "  ".join(cells).rstrip())
        if not number:
            print("  " + "  ".join("-" * width for width in widths))


def main(env):
    """Play the job and print it."""
    story = Story(env)
    rows, payslip = story.play()
    client = story.package.partner_id.name
    print(
        f"\n{client} buys “{story.package.product_id.name}”, misses a session with"
        f" {story.coach.name} and makes up for it:\n"
    )
    print_table(
        (
            "Session",
            "Type",
            "What happened",
            "Left before",
            "Left after",
            "Coach earns",
        ),
        rows,
    )
    total = sum(payslip.line_ids.mapped("total"))
    print(
        f"\nPayslip {payslip.number} of {story.coach.name}: {story.money(total)}."
        " Two sessions were held in the calendar, one was used, one is paid.\n"
    )
