"""What finding free times costs, as ratios of Odoo's own calendars in the same run.

One month. The floor for one coach is what Odoo needs for their working hours alone;
for a hundred coaches, each with a calendar of their own, what it needs for theirs.
Every call starts with an empty cache. The calls take turns, so that whatever else the
machine does hits all of them. Nothing is kept.
"""

# Over 300 lines: one business is built once and asked in many ways.

import statistics
import time
from datetime import date, datetime, timedelta

import pytz

from odoo import Command
from odoo.tools import SQL

ROUNDS = 15
WARM_UP = 2
COACHES = 100
FEW, MANY = 10_000, 1_000_000
TOLERANCE = 1.5
MOST_QUERIES = 12

HOURS = "resource.calendar: hours of one coach"
ALL_HOURS = f"resource.resource: hours of {COACHES} coaches"
PEER = "OCA resource.booking: one coach"
ONE = "get_slots: one coach, 180 sessions"
TEN = "get_slots: any of 10 coaches"
ALL = f"get_slots: any of {COACHES} coaches"
OF_MANY = " (of many sessions)"
# what → [(floor, most times as much)]
TARGETS = {
    ONE: [(HOURS, 1.5)],
    ALL: [(HOURS, 10), (ALL_HOURS, 0.2)],
}
# with many sessions in the table: most times as much as with few, both as ratios of the
# same floor, since the machine is not the same some minutes later
GROWTH = 1.2


def main(env):
    env = env(context={**env.context, "tz": "UTC", "no_reset_password": True})
    try:
        calls = _measure(_Office(env))
    finally:
        env.cr.rollback()
    if not _report(calls):
        raise SystemExit(1)


class _Office:
    """A hundred coaches with a full month, and one with 180 sessions in it."""

    def __init__(self, env):
        self.env = env
        today = date.today().replace(day=1)
        self.first = (today + timedelta(days=62)).replace(day=1)
        self.last = (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        calendars = env["resource.calendar"].create(
            [self._prepare_calendar(number) for number in range(COACHES)]
        )
        partners = env["res.partner"].create(
            [{"name": f"Bench {number}"} for number in range(COACHES)]
        )
        self.coaches = env["coaching.coach"].create(
            [
                {
                    "partner_id": partner.id,
                    "resource_calendar_id": calendar.id,
                    "tz": "UTC",
                }
                for partner, calendar in zip(partners, calendars, strict=True)
            ]
        )
        self.types = [
            env["coaching.booking.type"].create(
                {
                    "name": f"Bench {count}",
                    "company_id": env.company.id,
                    "package_required": False,
                    "agreement_required": False,
                    "coach_ids": [Command.set(self.coaches[:count].ids)],
                }
            )
            for count in (1, 10, COACHES)
        ]
        self.sample = env["coaching.session"].book(
            {
                "booking_type_id": self.types[0].id,
                "coach_id": self.coaches[0].id,
                "partner_ids": env["res.partner"].create({"name": "Bench"}).ids,
                "start": self._get_next_monday(),
                "without_package": True,
            }
        )
        # 180 of one coach, 80 of each other one: half hours of working days
        self._insert(self.coaches[:1], self._days(), 9)
        self._insert(self.coaches[1:], self._days(), 4)
        self.inserted = 0
        self.peer = self._set_up_peer() if "resource.booking" in env else None

    @staticmethod
    def _get_next_monday():
        today = datetime.combine(date.today(), datetime.min.time())
        return today + timedelta(days=7 - today.weekday(), hours=9)

    @staticmethod
    def _prepare_calendar(number):
        return {
            "name": f"Bench {number}",
            "tz": "UTC",
            "attendance_ids": [
                Command.create(
                    {
                        "name": str(day),
                        "dayofweek": str(day),
                        "hour_from": 8,
                        "hour_to": 18,
                        "day_period": "morning",
                    }
                )
                for day in range(5)
            ],
        }

    def _days(self):
        days = [self.first + timedelta(days=day) for day in range(28)]
        return [day for day in days if day.weekday() < 5]

    def _insert(self, coaches, days, count):
        """Write sessions of half an hour, as fast as the database can."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO coaching_session (start, stop, busy_start, busy_stop,
                       coach_id, %(columns)s)
                SELECT moment, moment + interval '30 minutes',
                       moment, moment + interval '30 minutes', coach, %(columns)s
                  FROM (SELECT %(columns)s FROM coaching_session WHERE id = %(id)s) one,
                       unnest(%(coaches)s) coach, unnest(%(days)s::timestamp[]) day,
                       generate_series(0, %(count)s - 1) number,
                       LATERAL (SELECT day + interval '8 hours'
                                       + number * interval '1 hour' AS moment) at
                """,
                columns=self._get_columns(),
                id=self.sample.id,
                coaches=coaches.ids,
                days=days,
                count=count,
            )
        )

    def _get_columns(self):
        """Return what else a session can't be without: as in a session of before."""
        self.env.cr.execute(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = 'coaching_session' AND column_default IS NULL
               AND (is_nullable = 'NO' OR column_name = 'state')
               AND column_name NOT IN (
                   'id', 'coach_id', 'start', 'stop', 'busy_start', 'busy_stop')
            """
        )
        names = [name for (name,) in self.env.cr.fetchall()]
        return SQL(", ").join(SQL.identifier(name) for name in names)

    def fill(self, total):
        """Let there be so many sessions in the table, most of them long ago."""
        per_coach = total // COACHES - self.inserted
        day = self.first - timedelta(days=self.inserted // 10 + 400)
        days = [day - timedelta(days=number) for number in range(per_coach // 10)]
        self._insert(self.coaches, days, 10)
        self.inserted += per_coach
        self.env.cr.execute("ANALYZE coaching_session, coaching_coach_time")

    def hours(self):
        begin, end = self._bounds()
        resource = self.coaches[0].resource_id
        resource.calendar_id._work_intervals_batch(begin, end, resources=resource)

    def all_hours(self):
        self.coaches.resource_id._get_valid_work_intervals(*self._bounds())

    def _bounds(self):
        last = self.last + timedelta(days=1)
        return tuple(
            pytz.utc.localize(datetime.combine(day, datetime.min.time()))
            for day in (self.first, last)
        )

    def slots(self, number):
        found = self.env["coaching.booking.type"].get_slots(
            self.types[number].id, self.first, self.last, tz="UTC"
        )
        assert found

    def _set_up_peer(self):
        env = self.env
        user = env["res.users"].create({"name": "Peer", "login": "bench_peer"})
        resource = env["resource.resource"].create(
            {
                "name": "Peer",
                "calendar_id": self.coaches[0].resource_id.calendar_id.id,
                "resource_type": "user",
                "tz": "UTC",
                "user_id": user.id,
            }
        )
        combination = env["resource.booking.combination"].create(
            {"resource_ids": [Command.set(resource.ids)]}
        )
        booking_type = env["resource.booking.type"].create(
            {
                "name": "Bench",
                "duration": 1.0,
                "slot_duration": 0.5,
                "resource_calendar_id": resource.calendar_id.id,
                "combination_rel_ids": [
                    Command.create({"sequence": 1, "combination_id": combination.id})
                ],
            }
        )
        values = {
            "type_id": booking_type.id,
            "combination_id": combination.id,
            "combination_auto_assign": False,
        }
        clients = env["res.partner"].create([{"name": f"P {n}"} for n in range(181)])
        bookings = env["resource.booking"].create(
            [
                {
                    **values,
                    "partner_ids": [Command.set(client.ids)],
                    "start": datetime.combine(day, datetime.min.time())
                    + timedelta(hours=8 + hour),
                    "duration": 0.5,
                }
                for client, (day, hour) in zip(
                    clients,
                    [(day, hour) for day in self._days() for hour in range(9)],
                    strict=False,
                )
            ]
        )
        return bookings[:1]

    def peer_slots(self):
        begin, end = self._bounds()
        self.peer._get_available_slots(begin, end)


def _measure(office):
    functions = {
        HOURS: office.hours,
        ALL_HOURS: office.all_hours,
        ONE: lambda: office.slots(0),
        TEN: lambda: office.slots(1),
        ALL: lambda: office.slots(2),
    }
    if office.peer:
        functions[PEER] = office.peer_slots
    calls = {}
    office.fill(FEW)
    _take_turns(office, calls, functions)
    print(f"Writing {MANY:,} sessions takes some minutes …", flush=True)
    office.fill(MANY)
    again = {f"{title}{OF_MANY}": functions[title] for title in (HOURS, ONE, ALL)}
    _take_turns(office, calls, again)
    return calls


def _take_turns(office, calls, functions):
    env = office.env
    for number in range(WARM_UP + ROUNDS):
        for title, function in functions.items():
            env.flush_all()
            env.invalidate_all()
            queries, started = env.cr.sql_log_count, time.perf_counter()
            function()
            milliseconds = (time.perf_counter() - started) * 1000
            if number >= WARM_UP:
                calls.setdefault(title, []).append(
                    (milliseconds, env.cr.sql_log_count - queries)
                )


def _report(calls):
    """Print the table; returns whether every target is met or nearly so."""
    acceptable = True
    median = {
        title: statistics.median(milliseconds for milliseconds, _queries in measured)
        for title, measured in calls.items()
    }
    print(f"{'':54}{'median ms':>10}{'queries':>9}   ratios")
    for title, measured in calls.items():
        queries = int(statistics.median(queries for _milliseconds, queries in measured))
        verdicts = []
        for floor, most in TARGETS.get(title, ()):
            ratio = median[title] / median[floor]
            met = "ok" if ratio <= most else "MISSED"
            verdicts.append(f"{ratio:.2f} of “{floor}” (<= {most}: {met})")
            acceptable &= ratio <= most * TOLERANCE
        if title in (ONE + OF_MANY, ALL + OF_MANY):
            few = title.removesuffix(OF_MANY)
            growth = median[title] / median[HOURS + OF_MANY]
            growth /= median[few] / median[HOURS]
            met = "ok" if growth <= GROWTH else "MISSED"
            verdicts.append(f"{growth:.2f} of few sessions (<= {GROWTH}: {met})")
            acceptable &= growth <= GROWTH * TOLERANCE
        if title.startswith("get_slots"):
            acceptable &= queries <= MOST_QUERIES
        print(f"{title:54}{median[title]:10.1f}{queries:9}   {'; '.join(verdicts)}")
    if PEER not in calls:
        print("OCA resource.booking is measured by setup/bench --peer.")
    return acceptable
