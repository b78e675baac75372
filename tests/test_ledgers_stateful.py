"""Packages, make-ups and pay against a plain model, in any order of operations."""

import logging

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from ledger_machine import LedgerMachine
from ledger_office import Office

SETTINGS = settings(
    max_examples=200,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """What is refused is what this is about; keep it out of the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def machine(registry):
    """The machine with an office; nothing of it is ever committed."""
    from odoo import SUPERUSER_ID, api

    with registry.cursor() as cr:
        office = Office(api.Environment(cr, SUPERUSER_ID, {}))
        with office.clock():
            yield type("Machine", (LedgerMachine,), {"office": office})
        cr.rollback()
        registry.reset_changes()


def test_any_order(machine):
    """200 runs of 50 operations: after each one the database says what the model says.

    Each package is the sum of its lines and never below nothing, each hold ended once,
    each missed session is made up for once and paid once, no line of a ledger is ever
    another one, and what is refused changes nothing.
    """
    run_state_machine_as_test(machine, settings=SETTINGS)
    office = machine.office
    print(f"{office.operations} operations, {office.refused} refused")
    assert office.operations > 5000
