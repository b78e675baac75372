"""The command setup/test: the checks, the addons' tests, the tests in tests/."""

import os
import subprocess
import sys
import time
from pathlib import Path

from . import browser, groups, postgres, python_env
from .console import step
from .environment import odoo_environment, provisioned
from .paths import SETUP, TOP, addons
from .side_by_side import NO_TESTS_COLLECTED, Pool, print_summary
from .test_commands import VARIABLES, Commands, Wanted, jobs, slots

# Their output is read in a log only, and they share one folder.
QUIET = ["-q", "-p", "no:cacheprovider"]

# Options of pytest whose value is the next argument, so that it is no path.
WITH_VALUE = {"-k", "-m", "-p", "-c", "-o", "-W", "-r", "-n", "--tb", "--maxfail"}


def run(arguments):
    arguments = list(arguments)
    own = {"--no-browser", "--checks"} & set(arguments)
    arguments = [argument for argument in arguments if argument not in own]
    steps = Steps()
    try:
        if not arguments:
            steps.run("checks", check)
        if "--checks" not in own:
            _tests(arguments, steps, "--no-browser" not in own)
    finally:
        # A daemon left behind would keep a CI job from ending.
        if os.environ.get("CI"):
            postgres.stop_if_started()
    return steps.summary()


class Steps:
    """What ran, how long it took and whether it passed."""

    def __init__(self):
        self.results = []

    def run(self, title, function, *arguments):
        step(title[0].upper() + title[1:])
        started = time.monotonic()
        status = function(*arguments)
        self.results.append((title, status, time.monotonic() - started))

    def summary(self):
        # `-k` may well find tests in one of the two places only.
        tests = [s for title, s, _ in self.results if title.startswith("tests")]
        some_ran = any(status != NO_TESTS_COLLECTED for status in tests)
        failed = False
        print()
        for title, status, seconds in self.results:
            if status == NO_TESTS_COLLECTED:
                text = "no tests"
                failed |= not some_ran
            else:
                text = "failed" if status else "passed"
                failed |= bool(status)
            print(f"{text:>9}  {seconds:6.1f} s  {title}")
        sys.stdout.flush()
        return 1 if failed else 0


def _execute(command, variables=()):
    return subprocess.run(
        [str(part) for part in command],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        env={**odoo_environment(), **dict(variables)},
    ).returncode


def check():
    """Style, OCA's mandatory checks and what Odoo 19 no longer has."""
    python_env.ensure_lint()
    lint = python_env.LINT / "bin"
    names = list(addons())
    programs = [path for path in SETUP.iterdir() if path.is_file() and not path.suffix]
    targets = [*names, "setup", "tests", *programs]
    statuses = [
        _execute([lint / "ruff", "check", "--no-fix", *targets]),
        _execute([lint / "ruff", "format", "--check", "--quiet", *targets]),
        _execute([sys.executable, SETUP / "check_old_api.py", *names]),
        _execute([sys.executable, SETUP / "check_floors.py"]),
        _execute([sys.executable, SETUP / "check_words.py"]),
        _execute([sys.executable, SETUP / "check_length.py"]),
    ]
    if names:
        pylint = [lint / "pylint", "--rcfile=.pylintrc", "--score=n", *names]
        statuses.append(_execute(pylint))
    return int(any(statuses))


def _tests(arguments, steps, with_browser):
    """Run the tests that the arguments ask for."""
    paths, options = _split(arguments)
    wanted = Wanted(paths)
    started = time.monotonic()
    with provisioned() as provision:
        browser.ensure_pdf()
        if with_browser and wanted.in_addons:
            browser.ensure()
        template = provision.databases.product()
    steps.results.append(("provisioning", 0, time.monotonic() - started))
    # Options may choose single tests, stop at the first failure or open a debugger.
    together = options or wanted.is_small()
    commands = Commands(provision.databases, template, options if together else QUIET)
    run_wanted = _one_after_another if together else _side_by_side
    run_wanted(wanted, commands, steps)


def _one_after_another(wanted, commands, steps):
    for title, paths, command in (
        ("tests of the addons", wanted.in_addons, commands.in_addons),
        ("tests of the addons apart", wanted.apart, commands.apart),
        ("tests in tests/", wanted.in_tests, commands.in_tests),
    ):
        if paths:
            with command(paths) as ready:
                steps.run(title, _execute, ready, VARIABLES)


def _side_by_side(wanted, commands, steps):
    all_jobs = jobs(wanted, commands)
    step(f"Tests: {len(all_jobs)} groups, {slots()} at a time")
    Pool(all_jobs, slots(), {**odoo_environment(), **VARIABLES}).run()
    print_summary(all_jobs)
    for job in all_jobs:
        duration = job.ended - job.started
        steps.results.append((f"tests: {job.title}", job.status, duration))
        if not job.missing():
            groups.add_durations(job.durations)


def _split(arguments):
    """The arguments that name files or folders, and the others."""
    paths, options = [], []
    value_follows = False
    for argument in arguments:
        file = argument.split("::")[0]
        if not value_follows and not argument.startswith("-"):
            for folder in (Path.cwd(), TOP):
                if (folder / file).exists():
                    paths.append(str(folder / argument))
                    break
            else:
                options.append(argument)
        else:
            options.append(argument)
        value_follows = argument in WITH_VALUE
    return paths, options
