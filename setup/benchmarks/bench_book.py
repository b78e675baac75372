"""What booking and closing cost, as ratios of Odoo's own calendar in the same run.

The floor is a calendar event with two attendees and their invitations: what a business
would do without these addons. Every call starts with an empty cache, as a request
does, and ends with everything written. The calls take turns, so that whatever else the
machine does hits all of them. Nothing is kept.
"""

import statistics
import time
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command

ROUNDS = 40
WARM_UP = 3
# how far beyond its ratio a figure is a failure rather than a slow machine
TOLERANCE = 1.5

FLOOR = "calendar.event with invitations"
PEER = "OCA resource.booking"
# what: (ratio to the floor, queries)
TARGETS = {
    "book()": (0.42, 36),
    "action_close: completed": (0.3, 30),
    "action_close: no-show, make-up": (0.3, 30),
}


class Stopwatch:
    """Milliseconds and queries of each call."""

    def __init__(self, env):
        self.env = env
        self.calls = {}

    def __call__(self, title, function):
        env = self.env
        # with what waits for the commit, as mail.thread lets its tracking do
        env.cr.flush()
        env.invalidate_all()
        queries, started = env.cr.sql_log_count, time.perf_counter()
        result = function()
        env.cr.flush()
        milliseconds = (time.perf_counter() - started) * 1000
        call = (milliseconds, env.cr.sql_log_count - queries)
        self.calls.setdefault(title, []).append(call)
        return result

    def times(self, title):
        return [milliseconds for milliseconds, _queries in self.calls[title]]

    def queries(self, title):
        """The median: now and then a call reserves numbers for the ones after it."""
        return statistics.median(queries for _time, queries in self.calls[title])


def main(env):
    env = env(context={**env.context, "tz": "UTC", "no_reset_password": True})
    try:
        stopwatch = _measure(env)
    finally:
        env.cr.rollback()
    if not _report(stopwatch):
        raise SystemExit(1)


def _measure(env):
    office = _Office(env)
    stopwatch = Stopwatch(env)
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            stopwatch.calls.clear()
        office.round(number, stopwatch)
    return stopwatch


class _Office:
    """A manager, coaches and clients with packages, all in working hours."""

    def __init__(self, env):
        self.env = env
        env["coaching.outcome.policy"].search(
            [("outcome_id.code", "=", "no_show"), ("complimentary", "=", False)]
        ).issues_makeup = True
        groups = ("base.group_user", "coaching_sessions.group_coaching_manager")
        self.manager, self.host, *users = env["res.users"].create(
            [
                {
                    "name": f"Bench {number}",
                    "login": f"bench{number}",
                    "email": f"bench{number}@example.com",
                    "tz": "UTC",
                    "group_ids": [Command.set([env.ref(name).id for name in groups])],
                }
                for number in range(4)
            ]
        )
        self.calendar = env["resource.calendar"].create(
            {
                "name": "Bench",
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
        )
        self.coaches = env["coaching.coach"].create(
            [
                {
                    "user_id": user.id,
                    "resource_calendar_id": self.calendar.id,
                    "tz": "UTC",
                }
                for user in users
            ]
        )
        self.clients = env["res.partner"].create(
            [
                {"name": f"Client {number}", "email": f"client{number}@example.com"}
                for number in range(WARM_UP + ROUNDS)
            ]
        )
        for client in self.clients:
            env["coaching.package"]._grant({"partner_id": client.id}, 10)
        self.individual = env.ref("coaching_sessions.booking_type_individual")
        today = date.today()
        monday = today + timedelta(days=28 - today.weekday())
        self.monday = datetime.combine(monday, datetime.min.time())
        self.combination = self._set_up_peer() if "resource.booking" in env else None

    def _slot(self, number):
        week, hour = divmod(number, 50)
        day, hour = divmod(hour, 10)
        return self.monday + timedelta(weeks=week, days=day, hours=8 + hour)

    def round(self, number, stopwatch):
        """Measure each call once; every round has a client and an hour of its own."""
        start, client = self._slot(number), self.clients[number]
        stopwatch(FLOOR, lambda: self._create_event(start, client))
        first = stopwatch("book()", lambda: self._book(0, start, client))
        second = self._book(1, start + timedelta(weeks=8), client)
        if self.combination:
            stopwatch(PEER, lambda: self._create_peer(start, client))
        Session = self.env.registry["coaching.session"]
        later = self.monday + timedelta(weeks=20)
        with patch.object(Session, "_now", lambda self: later):
            stopwatch(
                "action_close: completed",
                lambda: first.attendance_ids.action_close("completed"),
            )
            stopwatch(
                "action_close: no-show, make-up",
                lambda: second.attendance_ids.action_close("no_show", note="Called"),
            )

    def _create_event(self, start, client):
        partners = client | self.host.partner_id
        self.env["calendar.event"].with_user(self.host).create(
            {
                "name": f"Session with {client.name}",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [Command.set(partners.ids)],
                "user_id": self.host.id,
            }
        )

    def _book(self, coach, start, client):
        sessions = self.env["coaching.session"].with_user(self.manager)
        return sessions.book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coaches[coach].id,
                "partner_ids": client.ids,
                "start": start,
            }
        )

    def _set_up_peer(self):
        resource = self.env["resource.resource"].create(
            {
                "name": self.host.name,
                "calendar_id": self.calendar.id,
                "resource_type": "user",
                "tz": "UTC",
                "user_id": self.host.id,
            }
        )
        combination = self.env["resource.booking.combination"].create(
            {"resource_ids": [Command.set(resource.ids)]}
        )
        self.peer_type = self.env["resource.booking.type"].create(
            {
                "name": "Bench",
                "duration": 1.0,
                "slot_duration": 0.5,
                "resource_calendar_id": self.calendar.id,
                "combination_rel_ids": [
                    Command.create({"sequence": 1, "combination_id": combination.id})
                ],
            }
        )
        return combination

    def _create_peer(self, start, client):
        self.env["resource.booking"].create(
            {
                "partner_ids": [Command.set(client.ids)],
                "type_id": self.peer_type.id,
                "combination_id": self.combination.id,
                "combination_auto_assign": False,
                # a week in which the host has no meeting
                "start": start + timedelta(weeks=12),
                "duration": 1.0,
            }
        )


def _report(stopwatch):
    """Print the table; returns whether every target is met or nearly so."""
    floor = statistics.median(stopwatch.times(FLOOR))
    acceptable = True
    print(
        f"{'':32}{'min':>7}{'median':>8}{'max':>8} ms{'queries':>9}{'ratio':>8}"
        "   target"
    )
    for title in dict.fromkeys([FLOOR, *TARGETS, *stopwatch.calls]):
        times, queries = stopwatch.times(title), stopwatch.queries(title)
        median = statistics.median(times)
        ratio = median / floor
        verdict = ""
        if title in TARGETS:
            most, most_queries = TARGETS[title]
            met = ratio <= most and queries <= most_queries
            verdict = (
                f"   <= {most}, <= {most_queries} queries: {'ok' if met else 'MISSED'}"
            )
            acceptable &= ratio <= most * TOLERANCE and queries <= most_queries
        print(
            f"{title:32}{min(times):7.1f}{median:8.1f}{max(times):8.1f}   "
            f"{queries:9.0f}{ratio:8.2f}{verdict}"
        )
    if PEER not in stopwatch.calls:
        print(f"{PEER} is not installed in this database: not measured.")
    return acceptable
