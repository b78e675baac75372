"""Packages, make-ups and pay against a plain model, in any order of operations.

`setup/bench --ledgers` does the same 100,000 times. COACHING_SEED=7 in the environment
for other operations.
"""

import contextlib
import logging
import os
import subprocess
from unittest.mock import patch

import pytest
from ledger_machine import STEPS, run_machine
from ledger_office import Office, Violation
from provisioning import environment, paths

RUNS = 200
# the same operations each time, so that a failure stays one
SEED = int(os.environ.get("COACHING_SEED", 1))


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """What is refused is what this is about; keep it out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def office(registry):
    """An office of which nothing is ever committed."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        office = Office(api.Environment(cr, SUPERUSER_ID, {}))
        with office.clock():
            yield office
        cr.rollback()
        registry.reset_changes()


@contextlib.contextmanager
def other_half(product_template):
    """Do half of the runs in a process of its own meanwhile, as the benchmark does."""
    databases, template = product_template
    runner = paths.SETUP / "provisioning" / "run_main.py"
    variables = {
        "COACHING_SCRIPT": str(paths.SETUP / "benchmarks" / "bench_ledgers.py"),
        "COACHING_RUNS": str(RUNS // 2),
        "COACHING_SEED": str(SEED + 1000),
    }
    with databases.throw_away_copy(template, "ledgers") as name, runner.open() as code:
        process = subprocess.Popen(
            environment.odoo_command(
                ["shell", "-d", name, "--no-http", "--log-level=critical"]
            ),
            stdin=code,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment.odoo_environment(), **variables},
            cwd=paths.HOME,
            text=True,
        )
        try:
            yield
            output, _errors = process.communicate(timeout=1800)
        finally:
            process.kill()
            process.wait()
    print(output)
    assert process.returncode == 0, output
    assert "violations: 0" in output


def test_any_order(office, product_template):
    """200 runs of 50 steps: after each one the database says what the model says.

    Each package is the sum of its lines and never below nothing, each hold ended once,
    each missed session is made up for once and paid once, no line of a ledger is ever
    another one, and what is refused changes nothing. To see it fail: the mutants below.
    """
    with other_half(product_template):
        run_machine(office, RUNS // 2, seed=SEED)
    print(f"{office.operations} operations here, {office.refused} of them refused")
    assert office.operations >= RUNS // 2 * STEPS


# === MUTANTS === #


def pays_the_pair_twice(original):
    return lambda self, earning=None: original(self, None)


def keeps_the_credit(original):
    return lambda self, attendances: None


def releases_without_use(original):
    def prepare(self, chosen, kind, reason=""):
        return [] if kind == "use" else original(self, chosen, kind, reason)

    return prepare


def uses_what_is_sent_back(original):
    def post(self, attendances):
        original(self, attendances.filtered("uses_session"))

    return post


def knows_no_limit(original):
    return lambda self, attendances: dict.fromkeys(attendances, False)


def excuses_everybody(original):
    def find(self, policy):
        return {attendance: f"{policy.id}/0/0/{attendance.id}" for attendance in self}

    return find


def pays_group_for_each(original):
    return lambda self, wanted: None


def reverses_nothing(original):
    return lambda self: self.write({"is_reversed": True})


def expires_in_silence(original):
    def expire(self):
        with patch.object(
            self.env.registry["coaching.attendance"],
            "_post_consequences",
            lambda a: None,
        ):
            original(self)

    return expire


def marks_one_too_many(original):
    return lambda self, outcome, note: None


GIVES = {"makeup_codes": ("no_show", "client_late_cancel"), "makeup_limit": 0}

# model, method, what takes its place, and terms under which it matters
MUTANTS = [
    (
        "coaching.attendance",
        "_get_exclusion",
        pays_the_pair_twice,
        {**GIVES, "makeups_count": True, "pay_at_use": False, "allowance": 0},
    ),
    ("coaching.attendance", "_pay_sessions_once", pays_group_for_each, {}),
    ("coaching.attendance", "_find_excuse_keys", excuses_everybody, {"allowance": 1}),
    ("coaching.attendance", "_get_mark_obstacle", marks_one_too_many, {}),
    ("coaching.makeup", "_return_or_retake", keeps_the_credit, GIVES),
    (
        "coaching.makeup",
        "_find_limit_keys",
        knows_no_limit,
        GIVES | {"makeup_limit": 1},
    ),
    (
        "coaching.makeup",
        "_expire",
        expires_in_silence,
        {**GIVES, "makeup_days": 3, "pay_at_use": True},
    ),
    ("coaching.package", "_prepare_claims", releases_without_use, {}),
    ("coaching.package", "_post_for", uses_what_is_sent_back, {}),
    ("coaching.remuneration.line", "_reverse", reverses_nothing, {}),
]


@pytest.mark.parametrize(
    ("model", "method", "mutate", "terms"),
    MUTANTS,
    ids=[mutant[2].__name__ for mutant in MUTANTS],
)
def test_finds(office, model, method, mutate, terms):
    """Without one of its guards the business goes wrong, and the machine says so.

    To see it fail: leave the method as it is.
    """
    from odoo.exceptions import ConcurrencyError

    Model = office.su.registry[model]
    with patch.object(Model, method, mutate(getattr(Model, method))):
        with pytest.raises((Violation, ConcurrencyError)) as caught:
            run_machine(office, 100, seed=SEED + 1, shrink=False, fixed=terms)
    print(str(caught.value)[:100])
