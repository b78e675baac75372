"""The command setup/test: the checks, the addons' tests, the tests in tests/."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from . import browser, postgres, python_env
from .console import step
from .databases import APART
from .environment import odoo_environment, provisioned
from .paths import LOGS, ODOO_CONF, SETUP, TOP, addons

NO_TESTS_COLLECTED = 5

# Takes minutes of one processor, so it runs beside the others of tests/.
LONG = TOP / "tests" / "test_ledgers_stateful.py"

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


def _execute(command, **variables):
    return subprocess.run(
        [str(part) for part in command],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        env={**odoo_environment(), **variables},
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
    ]
    if names:
        pylint = [lint / "pylint", "--rcfile=.pylintrc", "--score=n", *names]
        statuses.append(_execute(pylint))
    return int(any(statuses))


def _tests(arguments, steps, with_browser):
    """Run the tests that the arguments ask for."""
    paths, options = _split(arguments)
    names = list(addons())
    in_tests = [path for path in paths if _top_folder(path) == "tests"]
    apart = [path for path in paths if _top_folder(path) in APART]
    in_addons = [path for path in paths if path not in in_tests + apart]
    if not paths:
        in_addons = [TOP / name for name in names if name not in APART]
        apart = [TOP / name for name in names if name in APART]
        in_tests = [TOP / "tests"] if any(TOP.glob("tests/**/test_*.py")) else []
    started = time.monotonic()
    with provisioned() as provision:
        browser.ensure_pdf()
        if with_browser and in_addons:
            browser.ensure()
        template = provision.databases.product()
    steps.results.append(("provisioning", 0, time.monotonic() - started))
    pytest = [python_env.VENV / "bin" / "pytest", f"--rootdir={TOP}"]
    databases = provision.databases
    if in_addons:
        with databases.throw_away_copy(template, "addons") as database:
            command = [*pytest, *_odoo_options(database), *options, *in_addons]
            steps.run("tests of the addons", _execute, command)
    if apart:
        with databases.throw_away_copy(template, "apart") as database:
            databases.install_apart(database)
            command = [*pytest, *_odoo_options(database), *options, *apart]
            steps.run("tests of the addons apart", _execute, command)
    if in_tests:
        command = [*pytest, "-p", "no:odoo", *options]
        long = [] if paths or not LONG.exists() else [LONG]
        with _beside(steps, "tests in tests/ that take long", command, long):
            ignored = [f"--ignore={path}" for path in long]
            steps.run("tests in tests/", _execute, [*command, *ignored, *in_tests])


@contextlib.contextmanager
def _beside(steps, title, command, paths):
    """Run tests beside others, and show afterwards what they printed."""
    if not paths:
        yield
        return
    started = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "beside.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(part) for part in [*command, "-p", "no:cacheprovider", *paths]],
            cwd=TOP,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=odoo_environment(),
        )
        try:
            yield
            status = process.wait()
        finally:
            process.kill()
    step(title[0].upper() + title[1:])
    print(log.read_text(), flush=True)
    steps.results.append((title, status, time.monotonic() - started))


def _odoo_options(database):
    return [
        "--odoo-http",
        f"--odoo-config={ODOO_CONF}",
        f"--odoo-database={database}",
        "--odoo-log-level=warn",
        "--odoo-extra=max-cron-threads=0",
    ]


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


def _top_folder(path):
    inside = os.path.relpath(str(path).split("::")[0], TOP)
    return Path(inside).parts[0]
