"""How the setup runs tests: in groups side by side, failures shown as they happen."""

import contextlib
import os
import subprocess
import sys
import time

import pytest
from provisioning import groups, paths, side_by_side

TESTS = """
import unittest


class TestIt(unittest.TestCase):
    def test_good(self):
        pass

    def test_bad(self):
        print("what it printed")
        self.assertEqual(1, 2)

    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)

    @unittest.skip("not today")
    def test_skipped(self):
        pass


class TestNotPrepared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError("no world")

    def test_any(self):
        pass
"""


@pytest.fixture(autouse=True)
def own_durations(tmp_path, monkeypatch):
    """What is measured here is nobody's plan."""
    monkeypatch.setattr(groups, "DURATIONS", tmp_path / "durations.json")


def test_groups_are_balanced():
    """Longest first into the emptiest one: the same each time, no file lost."""
    seconds = {"a": 50.0, "b": 30.0, "c": 30.0, "d": 10.0, "e": 1.0, "f": 1.0}
    assert groups.balanced(seconds, 2) == [["a", "d", "e"], ["b", "c", "f"]]
    turned = dict(reversed(seconds.items()))
    assert groups.balanced(turned, 2) == groups.balanced(seconds, 2)
    assert groups.balanced({"a": 1.0}, 2) == [["a"]]
    assert groups.balanced({}, 2) == []


def test_files_and_their_seconds(tmp_path, monkeypatch):
    """Files of sub-folders too; measured where they were, else by what is in them."""
    monkeypatch.setattr(groups, "TOP", tmp_path)
    folder = tmp_path / "addon" / "tests" / "closing"
    folder.mkdir(parents=True)
    quick, tour = folder / "test_quick.py", folder.parent / "test_tour.py"
    quick.write_text("    def test_a(self):\n    def test_b(self):\n")
    tour.write_text("    def test_a(self):\n        self.start_tour('/my')\n")
    (folder / "common.py").write_text("")
    assert groups.test_files([tmp_path / "addon", quick]) == [quick, tour]
    estimated = groups.seconds_of([quick, tour])
    assert estimated[quick] < estimated[tour]
    groups.add_durations({"addon/tests/closing/test_quick.py": 70, "gone.py": 3})
    assert groups.seconds_of([quick, tour]) == {quick: 70, tour: estimated[tour]}
    groups.add_durations({"addon/tests/closing/test_quick.py": 30})
    assert groups.read_durations() == {"addon/tests/closing/test_quick.py": 50}
    groups.DURATIONS.write_text("{broken")
    assert groups.seconds_of([quick]) == {quick: estimated[quick]}


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Makes the job of a Python program that stands in for pytest."""
    monkeypatch.setattr(side_by_side, "LOGS", tmp_path)
    left = []

    def make(title, program, seconds=1.0):
        @contextlib.contextmanager
        def command():
            try:
                yield [sys.executable, "-c", program]
            finally:
                left.append(title)

        return side_by_side.Job(title, seconds, command)

    make.left = left
    return make


def _run(*jobs, slots=2):
    # This very process may have a pipe to its own reader.
    pool = side_by_side.Pool(list(jobs), slots, dict(os.environ))
    pool.run()


TELL = """
import json, os, sys, time
pipe = os.fdopen(int(os.environ["COACHING_EVENTS"]), "w", buffering=1)
def tell(event, test=None, **more):
    pipe.write(json.dumps({"event": event, "test": test, **more}) + "\\n")
"""


def test_failures_are_shown_while_others_run(job, capsys):
    """One that fails is shown before the process ends, with how to repeat it."""
    failing = job(
        "failing",
        TELL
        + """
tell("found", tests=2)
tell("failed", "x/test_x.py::TestX::test_x[a b]", when="call", text="assert 1 == 2")
tell("done", "x/test_x.py::TestX::test_x[a b]")
time.sleep(1)
tell("done", "x/test_y.py::test_y")
sys.exit(1)
""",
    )
    good = job("good", TELL + 'tell("found", tests=1); tell("done", "z.py::test_z")')
    _run(failing, good)
    printed = capsys.readouterr().out
    again = "Again: setup/test 'x/test_x.py::TestX::test_x[a b]'"
    assert printed.index("assert 1 == 2") < printed.index(again)
    assert printed.index(again) < printed.index("failing: done, 1 failed, 1 passed")
    assert (failing.status, good.status) == (1, 0)
    assert failing.durations["x/test_y.py"] > 0.9
    assert sorted(job.left) == ["failing", "good"]
    side_by_side.print_summary([failing, good])
    assert capsys.readouterr().out.endswith("\n2 passed, 1 failed, 0 skipped\n")


def test_one_that_breaks_off(job, capsys):
    """A process that dies fails its tests, and the end of its log is shown."""
    program = TELL + 'tell("found", tests=3); tell("done", "a.py::test_a")\n'
    broken = job("broken", program + 'print("last words", flush=True); os.abort()')
    _run(broken)
    assert "last words" in capsys.readouterr().out
    assert broken.status
    side_by_side.print_summary([broken])
    assert "2 tests did not run\n\n1 passed, 2 failed" in capsys.readouterr().out


def test_one_that_can_not_begin(job, capsys):
    """A database that cannot be had fails its job; the others go on."""
    without, good = job("without", ""), job("good", TELL)

    @contextlib.contextmanager
    def command():
        raise LookupError("no database")
        yield

    without.command = command
    _run(without, good)
    assert (without.status, good.status) == (1, 0)
    assert "LookupError: no database" in capsys.readouterr().out
    side_by_side.print_summary([without, good])
    assert capsys.readouterr().out.endswith("\n0 passed, 1 failed, 0 skipped\n")


def test_longest_first_and_not_too_many(job, tmp_path):
    """As many at once as there are slots, the longest ones first."""
    program = f"open({str(tmp_path / 'order')!r}, 'a').write('%s')"
    _run(*[job(name, program % name, float(name)) for name in "132"], slots=1)
    assert (tmp_path / "order").read_text() == "321"


def test_interrupted(job, monkeypatch):
    """Ctrl+C ends what runs, gives databases back and starts nothing more."""
    # would hang here, were it not ended
    running, waiting = job("running", "import time; time.sleep(600)"), job("next", "")
    pool = side_by_side.Pool([running, waiting], 1, dict(os.environ))

    def interrupt():
        while not pool.processes:
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(pool, "_follow", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pool.run()
    assert job.left == ["running"]
    assert not pool.processes


@pytest.fixture
def pytest_command(tmp_path):
    """pytest with the plugin, as a command and its environment."""
    (tmp_path / "test_it.py").write_text(TESTS)
    plugin = ["-p", "provisioning.report_tests", "-p", "no:odoo"]
    command = [sys.executable, "-m", "pytest", *plugin, f"--rootdir={tmp_path}"]
    environment = {**os.environ, "PYTHONPATH": str(paths.SETUP)}
    return [*command, tmp_path / "test_it.py"], environment


def test_the_plugin_in_a_terminal(pytest_command):
    """In a run of one process failures come at once, and once."""
    command, environment = pytest_command
    printed = subprocess.run(
        command, capture_output=True, text=True, env=environment
    ).stdout
    assert printed.count("assertEqual(1, 2)") == 1
    assert printed.count("ValueError: no world") >= 1
    assert "what it printed" in printed
    assert "(number=1)" in printed
    assert "Again: setup/test test_it.py::TestIt::test_bad" in printed
    assert printed.index("Again:") < printed.index("[100%]")


def test_the_plugin_to_a_pipe(pytest_command, tmp_path, monkeypatch):
    """What a process that runs beside others reports adds up."""
    monkeypatch.setattr(side_by_side, "LOGS", tmp_path)
    command, environment = pytest_command
    job = side_by_side.Job("plugin", 1, lambda: contextlib.nullcontext(command))
    side_by_side.Pool([job], 1, environment).run()
    assert job.status == 1
    assert (job.found, len(job.done), job.missing()) == (5, 5, 0)
    failed = sorted(test.rpartition("::")[2] for test in job.failed)
    assert failed == ["test_any", "test_bad", "test_parts"]
    assert job.passed() == 1
    assert len(job.skipped) == 1
