"""Who is to blame, found by halves: every one and nobody else. No database."""

import importlib.util
from itertools import product
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[1] / "coaching_sessions" / "tools" / "halves.py"
spec = importlib.util.spec_from_file_location("coaching_halves", PATH)
halves = importlib.util.module_from_spec(spec)
spec.loader.exec_module(halves)


class Work:
    """Does numbers, all of a part or none; keeps what was tried."""

    def __init__(self, bad):
        self.bad = bad
        self.tries = []
        self.done = []

    def __call__(self, part):
        self.tries.append(len(part))
        for number in part:
            if number in self.bad:
                return f"Not {number}"
        self.done.extend(part)
        return None


def test_nothing_to_do():
    work = Work(set())
    assert halves.do_by_halves([], work) == []
    assert work.tries == []


def test_all_at_once():
    work = Work(set())
    assert halves.do_by_halves(list(range(1000)), work) == []
    assert work.tries == [1000]


def test_one_of_a_thousand():
    work = Work({617})
    assert halves.do_by_halves(list(range(1000)), work) == [(617, "Not 617")]
    assert len(work.tries) <= 21
    assert work.done == [number for number in range(1000) if number != 617]


@pytest.mark.parametrize("count", range(11))
def test_every_one_and_nobody_else(count):
    """Whoever of them is to blame, all the same."""
    for blamed in product((False, True), repeat=count):
        bad = {number for number, guilty in enumerate(blamed) if guilty}
        work = Work(bad)
        failed = halves.do_by_halves(list(range(count)), work)
        assert failed == [(one, f"Not {one}") for one in range(count) if one in bad]
        assert work.done == [one for one in range(count) if one not in bad]


def test_what_is_raised_stops_everything():
    def attempt(part):
        if 3 in part:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        halves.do_by_halves([1, 2, 3, 4], attempt)
