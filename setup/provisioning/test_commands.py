"""How the tests of each place are run, and the jobs in which all are run at once."""

import contextlib
import functools
import os
from pathlib import Path

from . import groups, python_env
from .databases import APART
from .paths import ODOO_CONF, SETUP, TOP, addons
from .side_by_side import Job

# Takes minutes of two processes, so it is a job of its own.
LONG = TOP / "tests" / "test_ledgers_stateful.py"

# Each takes a processor and half a gigabyte, browser included.
MOST_PROCESSES = 4
# Starting a second process takes longer than these.
FEW_FILES = 6

# Where pytest finds our plugin.
PYTHON_PATH = [str(SETUP), os.environ.get("PYTHONPATH", "")]
VARIABLES = {"PYTHONPATH": os.pathsep.join(filter(None, PYTHON_PATH))}


class Wanted:
    """The folders and files to test, by the way in which they are run."""

    def __init__(self, paths):
        paths = [Path(path) for path in paths]
        if not paths:
            paths = [TOP / name for name in [*addons(), "tests"]]
            paths = [path for path in paths if any(path.rglob("test_*.py"))]
        self.paths = paths
        self.in_tests = [path for path in paths if top_folder(path) == "tests"]
        self.apart = [path for path in paths if top_folder(path) in APART]
        others = {*self.in_tests, *self.apart}
        self.in_addons = [path for path in paths if path not in others]

    def is_small(self):
        """Whether it is not worth a second process."""
        if any("::" in str(path) for path in self.paths):
            return True
        return len(groups.test_files(self.paths)) <= FEW_FILES


class Commands:
    """Gives pytest's commands, each with the database that it needs meanwhile."""

    def __init__(self, databases, template, options):
        self.databases = databases
        self.template = template
        self.options = options
        program = python_env.VENV / "bin" / "pytest"
        self.pytest = [program, f"--rootdir={TOP}", "-p", "provisioning.report_tests"]

    @contextlib.contextmanager
    def in_addons(self, paths, purpose="addons"):
        with self.databases.throw_away_copy(self.template, purpose) as database:
            yield [*self.pytest, *_odoo_options(database), *self.options, *paths]

    @contextlib.contextmanager
    def apart(self, paths, purpose="apart"):
        with self.databases.throw_away_copy(self.template, purpose) as database:
            self.databases.install_apart(database)
            yield [*self.pytest, *_odoo_options(database), *self.options, *paths]

    @contextlib.contextmanager
    def in_tests(self, paths, purpose=None):
        yield [*self.pytest, "-p", "no:odoo", *self.options, *paths]


def slots():
    """How many processes may run at once."""
    return max(1, min(len(os.sched_getaffinity(0)), MOST_PROCESSES))


def jobs(wanted, commands):
    """All tests in jobs: one for each slot and place, of about the same length."""
    found = []

    def add(title, files, command, parts):
        seconds = groups.seconds_of(files)
        shares = groups.balanced(seconds, parts)
        for number, share in enumerate(shares, 1):
            name = f"{title} {number}/{len(shares)}" if len(shares) > 1 else title
            ready = functools.partial(command, share, f"{command.__name__}{number}")
            found.append(Job(name, sum(seconds[file] for file in share), ready))

    in_tests = groups.test_files(wanted.in_tests)
    short = [file for file in in_tests if file != LONG]
    add("addons", groups.test_files(wanted.in_addons), commands.in_addons, slots())
    add("addons apart", groups.test_files(wanted.apart), commands.apart, 1)
    add("tests/", short, commands.in_tests, slots())
    add("ledgers", [LONG] if LONG in in_tests else [], commands.in_tests, 1)
    return found


def _odoo_options(database):
    return [
        # on a free port that the plugin chooses for each process
        "--odoo-http",
        f"--odoo-config={ODOO_CONF}",
        f"--odoo-database={database}",
        "--odoo-log-level=warn",
        "--odoo-extra=max-cron-threads=0",
    ]


def top_folder(path):
    inside = os.path.relpath(str(path).split("::")[0], TOP)
    return Path(inside).parts[0]
