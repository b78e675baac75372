"""The command setup/compare-odoo-tests: do Odoo's own tests pass as before?

The tests of some of Odoo's modules run on a database without our addons and on one
with them. Tests that fail in both say nothing about us; a test that fails only with the
addons, twice, makes the command fail.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from . import browser, python_env
from .console import Stop, note, step
from .environment import odoo_environment, provisioned
from .paths import HOME, LOGS, ODOO_CONF, SETUP, read_stamp

MODULES = ("calendar", "resource", "portal", "payroll")


def run(arguments):
    parser = argparse.ArgumentParser(
        prog="setup/compare-odoo-tests", description=__doc__.splitlines()[0]
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    modules = parser.parse_args(arguments).modules or MODULES
    with provisioned() as provision:
        browser.ensure()
        browser.ensure_pdf()
        databases = provision.databases
        templates = {"without": databases.base(), "with": databases.product()}
    if templates["with"] == templates["without"]:
        raise Stop("There is no addon in this checkout yet, so nothing to compare.")
    tests = [folder for module in modules for folder in _tests_of(module)]
    failed = _run_both(databases, templates, {"without": tests, "with": tests})
    suspects = sorted(failed["with"] - failed["without"])
    if suspects:
        step(f"{len(suspects)} failed only with the addons: running them again")
        again = [f"/{test}" for test in suspects]
        repeated = _run_both(databases, templates, {"without": again, "with": again})
        suspects = sorted(repeated["with"] - repeated["without"])
    _report("fail with and without the addons", failed["with"] & failed["without"])
    _report("fail only without the addons", failed["without"] - failed["with"])
    _report("fail only with the addons", suspects)
    return 1 if suspects else 0


def _tests_of(module):
    """The folder of a module's tests; a note where the packager left them out."""
    places = (Path(read_stamp("odoo")["path"]), python_env.site_packages())
    roots = [place / "odoo" / "addons" for place in places]
    roots += [place / "addons" for place in places]
    folders = [root / module for root in roots if (root / module).is_dir()]
    if not folders:
        raise Stop(f"Odoo has no module {module}.")
    if not any(folders[0].glob("tests/test_*.py")):
        note(f"{module}: this Odoo comes without its tests, nothing to compare.")
        return []
    return [folders[0] / "tests"]


def _run_both(databases, templates, tests):
    failed = {}
    for kind, template in templates.items():
        step(f"Odoo's tests {kind} the addons")
        with databases.throw_away_copy(template, "compare") as database:
            outcomes = _outcomes(database, tests[kind], kind)
        failed[kind] = {test for test, has_failed in outcomes.items() if has_failed}
        print(
            f"{kind} the addons: {len(outcomes)} tests, {len(failed[kind])} failed",
            flush=True,
        )
    return failed


def _outcomes(database, tests, kind):
    result = LOGS / f"compare-{kind}.json"
    result.unlink(missing_ok=True)
    log = LOGS / f"compare-{kind}.log"
    command = [
        python_env.VENV / "bin" / "pytest",
        "--rootdir=/",
        "--odoo-http",
        f"--odoo-config={ODOO_CONF}",
        f"--odoo-database={database}",
        "--odoo-extra=max-cron-threads=0",
        "--override-ini=norecursedirs=static",
        "--import-mode=prepend",
        "-pno:cacheprovider",
        "-pprovisioning.record_outcomes",
        "--quiet",
        *tests,
    ]
    variables = {"COACHING_OUTCOMES": str(result), "PYTHONPATH": str(SETUP)}
    with log.open("w") as output:
        subprocess.run(
            [str(part) for part in command],
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**odoo_environment(), **variables},
        )
    if not result.exists():
        raise Stop(f"Odoo's tests could not be run; see {log}.")
    return json.loads(result.read_text())


def _report(title, tests):
    print(f"\n{len(tests)} {title}")
    for test in sorted(tests):
        print(f"  {test.rpartition('/')[2]}")
    sys.stdout.flush()
