"""Early or late, to the second. No database."""

import importlib.util
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = Path(__file__).resolve().parents[1] / "coaching_sessions" / "tools" / "notice.py"

# a module without Odoo
spec = importlib.util.spec_from_file_location("coaching_notice", PATH)
notice = importlib.util.module_from_spec(spec)
spec.loader.exec_module(notice)

# a busy machine is slow, the cases are not
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = datetime(2027, 1, 8, 10, 0)
SECOND = timedelta(seconds=1)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
# as people enter them: to the minute
hours = st.integers(0, 14 * 24 * 60).map(lambda minutes: minutes / 60)


@pytest.mark.parametrize(
    ("told", "early"),
    [
        (START - timedelta(hours=24) - SECOND, True),
        (START - timedelta(hours=24), False),
        (START - timedelta(hours=24) + SECOND, False),
        (START, False),
        (START + SECOND, False),
    ],
)
def test_exactly_as_many_hours_are_late(told, early):
    assert notice.is_early(told, START, 24) is early
    assert notice.is_more(notice.get_hours(told, START), 24) is early


@pytest.mark.parametrize(
    ("told", "early"), [(START - SECOND, True), (START, False), (START + SECOND, False)]
)
def test_without_notice_it_is_early_until_the_start(told, early):
    assert notice.is_early(told, START, 0) is early


@slowly
@given(moments, moments, hours)
def test_late_from_the_deadline_on(told, start, asked):
    deadline = notice.get_deadline(start, asked)
    assert notice.is_early(told, start, asked) == (told < deadline)
    assert not notice.is_early(deadline, start, asked)
    assert notice.is_early(deadline - SECOND, start, asked)


@slowly
@given(moments, moments, hours)
def test_early_is_more_notice_than_asked_for(told, start, asked):
    early = notice.is_early(told, start, asked)
    assert notice.is_more(notice.get_hours(told, start), asked) == early


@slowly
@given(moments, hours, hours)
def test_more_that_is_asked_for_makes_nothing_early(told, fewer, more):
    fewer, more = sorted((fewer, more))
    assert notice.is_early(told, START, fewer) or not notice.is_early(told, START, more)


@slowly
@given(hours)
def test_a_moment_more_is_more(asked):
    assert notice.is_more(asked + notice.MOMENT, asked)
    assert not notice.is_more(asked, asked)


@slowly
@given(moments, moments)
def test_moving_too_late_gains_nothing(start, moved_from):
    counted = notice.get_notice_start(start, moved_from)
    assert counted == min(start, moved_from)
    assert notice.get_notice_start(start) == start
    assert notice.get_notice_start(counted, moved_from) == counted


@slowly
@given(moments, hours)
def test_what_is_offered_can_be_had(now, asked):
    first = notice.get_first_start(now, asked)
    # exactly as many hours are enough to book, and too late to cancel
    assert notice.get_deadline(first, asked) == now
    assert not notice.is_early(now, first, asked)


def test_hours_before_the_start():
    assert notice.get_hours(START - timedelta(minutes=90), START) == 1.5
    assert notice.get_hours(START + timedelta(minutes=30), START) == -0.5
