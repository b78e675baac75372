"""Packages, make-ups and pay against a plain model: operations a second, violations.

The machine of tests/test_ledgers_stateful.py, run by run with other seeds until there
were so many operations (100,000 take most of an hour). Nothing is kept.
"""

import os
import sys
import time
import traceback
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests"
RUNS_AT_A_TIME = 20


def main(env):
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    from ledger_machine import run_machine
    from ledger_office import Office

    operations = int(os.environ.get("COACHING_OPERATIONS", 100_000))
    runs = int(os.environ.get("COACHING_RUNS", 0))
    seed = int(os.environ.get("COACHING_SEED", 0))
    office = Office(env)
    started = shown = time.monotonic()
    done = violations = 0
    with office.clock():
        while done < runs if runs else office.operations < operations:
            wanted = min(RUNS_AT_A_TIME, runs - done) if runs else RUNS_AT_A_TIME
            try:
                run_machine(office, wanted, seed + done)
            except Exception:
                # with the operations that led to it
                traceback.print_exc(file=sys.stdout)
                violations = 1
                break
            done += wanted
            if time.monotonic() - shown > 60:
                shown = time.monotonic()
                print(f"  {office.operations} operations ...", flush=True)
    seconds = time.monotonic() - started
    env.cr.rollback()
    env.registry.reset_changes()
    print(
        f"{office.operations} operations in {seconds:.0f} s,"
        f" {office.operations / seconds:.0f} a second,"
        f" {office.refused} of them refused; violations: {violations}",
        flush=True,
    )
    if violations:
        raise SystemExit(1)
