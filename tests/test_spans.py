"""What is free, against the same question asked second by second. No database.

The numbers are small and crowded on purpose: every edge meets every other one.
"""

import importlib
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TOOLS = Path(__file__).resolve().parents[1] / "coaching_sessions" / "tools"
CASES = 10_000
# a busy machine is slow, the cases are not
SLOWLY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

# modules without Odoo: imported as a package of their own
package = ModuleType("coaching_tools")
package.__path__ = [str(TOOLS)]
sys.modules["coaching_tools"] = package
spans = importlib.import_module("coaching_tools.spans")
free_time = importlib.import_module("coaching_tools.free_time")

ZONES = """
    UTC Europe/Brussels Europe/London Europe/Dublin Europe/Lisbon Europe/Moscow
    Europe/Istanbul Atlantic/Azores Africa/Casablanca Africa/Cairo Asia/Jerusalem
    Asia/Tehran Asia/Gaza Asia/Kathmandu Asia/Tokyo America/New_York America/Caracas
    America/Sao_Paulo America/Santiago America/St_Johns America/Havana
    Australia/Lord_Howe Australia/Sydney Pacific/Apia Pacific/Auckland
    Pacific/Chatham Pacific/Kiritimati America/Nuuk Antarctica/Troll
""".split()

MAX = 60
numbers = st.integers(0, MAX)
loose = st.lists(st.tuples(numbers, numbers), max_size=6)
proper = loose.map(lambda pairs: spans.merge(pairs))


def seconds(pairs):
    """Return the seconds of spans, one by one."""
    return {second for start, stop in pairs for second in range(start, stop)}


@settings(max_examples=CASES // 4, **SLOWLY)
@given(loose)
def test_merge(pairs):
    merged = spans.merge(pairs)
    assert seconds(merged) == seconds(pairs)
    for (_start, stop), (start, _stop) in zip(merged, merged[1:], strict=False):
        assert stop < start, "what touches is one span"
    assert all(start < stop for start, stop in merged)


@settings(max_examples=CASES // 4, **SLOWLY)
@given(proper, proper, numbers, numbers)
def test_sets(one, other, start, stop):
    assert seconds(spans.subtract(one, other)) == seconds(one) - seconds(other)
    assert seconds(spans.intersect(one, other)) == seconds(one) & seconds(other)
    if start < stop:
        wanted = set(range(start, stop))
        assert spans.covers(one, start, stop) == (wanted <= seconds(one))
        found = spans.find(one, start, stop)
        assert (found is not None) == bool(wanted & seconds(one))
        if found is not None:
            assert wanted & seconds([one[found]])


@st.composite
def questions(draw):
    """Return the time of a coach and what a session needs."""
    time = free_time.CoachTime(days=spans.LocalDays("UTC"))
    time.grids = sorted(draw(loose.map(spans.merge)))
    time.work = spans.subtract(spans.merge(time.grids), draw(proper))
    for reason in ("session", "hold", "event", "reserved", "client"):
        time.add(reason, draw(st.lists(st.tuples(numbers, numbers), max_size=2)))
    time.add_starts("never", draw(st.lists(st.tuples(numbers, numbers), max_size=2)))
    need = free_time.Need(
        length=draw(st.integers(1, 12)),
        preparation=draw(st.integers(0, 4)),
        before=draw(st.integers(0, 4)),
        after=draw(st.integers(0, 4)),
        step=draw(st.integers(1, 8)),
    )
    first = draw(st.integers(0, MAX // 2))
    return time, need, first, draw(st.integers(first, MAX + 10))


def is_possible(time, need, start):
    """Return whether a session may begin: asked second by second."""
    taken = set(range(start - need.preparation, start + need.length))
    around = set(
        range(start - need.preparation - need.before, start + need.length + need.after)
    )
    if not taken <= seconds(time.work):
        return False
    for reason, pairs in time.obstacles.items():
        if (taken if reason == "client" else around) & seconds(pairs):
            return False
    return not any(start in seconds(pairs) for pairs in time.starts.values())


def is_on_a_grid(time, need, start):
    return any(
        start in range(begin + need.preparation, end, need.step)
        for begin, end in time.grids
    )


# R147
@settings(max_examples=CASES, **SLOWLY)
@given(questions())
def test_what_is_offered_is_what_is_possible(question):
    """`get_slots` and `book` ask the same spans: neither knows more than the other."""
    time, need, first, last = question
    expected = [
        start
        for start in range(first, last)
        if is_possible(time, need, start) and is_on_a_grid(time, need, start)
    ]
    assert time.get_starts(need, first, last) == expected
    for start in range(first, last):
        possible = is_possible(time, need, start)
        assert (time.get_obstacle(need, start) is None) == possible
        assert time.is_on_grid(need, start) == is_on_a_grid(time, need, start)


@settings(max_examples=CASES // 4, **SLOWLY)
@given(questions())
def test_what_is_booked_together_is_apart(question):
    """Sessions of one batch don't take each other's time."""
    time, need, first, last = question
    booked = []
    for start in range(first, last):
        if time.get_obstacle(need, start) is None:
            time.book(need, start)
            booked.append(start)
    for one, other in zip(booked, booked[1:], strict=False):
        gap = need.length + max(need.after + need.before + need.preparation, 0)
        assert other - one >= gap


# R83
@pytest.mark.parametrize("tz", ZONES)
def test_days_of_a_zone(tz):
    """Every day of some years, those with a change of clocks in particular."""
    zone, days = pytz.timezone(tz), spans.LocalDays(tz)
    first, last = date(2011, 12, 20), date(2031, 1, 10)
    changes = set()
    for ordinal in range(first.toordinal(), last.toordinal()):
        day = datetime.fromordinal(ordinal)
        begin = spans.to_moment(days.get_second(ordinal, 0))
        local = zone.localize(day)
        assert pytz.utc.localize(begin) == local.astimezone(pytz.utc)
        if local.utcoffset() != zone.localize(day + timedelta(days=1)).utcoffset():
            changes.add(ordinal)
    for ordinal in [*changes, first.toordinal(), last.toordinal()]:
        day = datetime.fromordinal(ordinal)
        for minute in range(0, 24 * 60, 15):
            got = spans.to_moment(days.get_second(ordinal, minute * 60))
            wanted = zone.localize(day + timedelta(minutes=minute))
            assert pytz.utc.localize(got) == wanted.astimezone(pytz.utc)
        # 24:00 is the end of the day, also where the next one is left out
        end = spans.to_moment(days.get_second(ordinal, spans.DAY))
        wanted = zone.localize(day + timedelta(days=1, seconds=-1))
        assert pytz.utc.localize(end) - timedelta(seconds=1) == wanted.astimezone(
            pytz.utc
        )
    if tz not in ("UTC", "Asia/Tokyo", "Asia/Kathmandu", "Pacific/Kiritimati"):
        assert changes


@pytest.mark.parametrize("tz", ZONES)
def test_hours_of_a_zone(tz):
    """A day's hours in order and apart, whatever the clocks do (two-week calendars)."""
    days = spans.LocalDays(tz)
    even, odd = [(9 * 3600, 12 * 3600), (13 * 3600, spans.DAY)], [(0, 3600)]
    week = [even] * 7 + [odd] * 7
    first, last = date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()
    grids = days.expand(week, first, last)
    for (_start, stop), (start, _stop) in zip(grids, grids[1:], strict=False):
        assert stop <= start
    counted = {}
    for start, _stop in grids:
        day = days.get_day(start)
        counted[day] = counted.get(day, 0) + 1
    for day in range(first, last + 1):
        # weeks as Odoo counts them: from January 1 of year 1, a Monday
        assert counted[day] == (2 if (day - 1) // 7 % 2 == 0 else 1)
