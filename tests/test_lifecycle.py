"""Installing, upgrading and uninstalling, as an administrator does it."""

import subprocess

import pytest
from provisioning import environment, paths

ADDONS = ("coaching_sessions", "coaching_payroll", "coaching_portal", "coaching_sms")
UNINSTALL = """
modules = env["ir.module.module"].search([("name", "=", "coaching_sessions")])
modules.button_immediate_uninstall()
"""


def odoo(database, *arguments, script=None):
    """Run Odoo in a process of its own and return what it logged."""
    command = [*arguments, "-d", database, "--no-http", "--log-level=warn"]
    done = subprocess.run(
        environment.odoo_command(command),
        input=script,
        stdin=None if script else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment.odoo_environment(),
        cwd=paths.HOME,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def upgrade(database):
    return odoo(database, "-u", ",".join(ADDONS), "--stop-after-init")


@pytest.fixture
def rows(registry):
    """Read rows with a cursor of its own."""

    def read(query):
        with registry.cursor() as cr:
            cr.execute(query)
            return cr.fetchall()

    return read


def test_upgrade_keeps_everything(database, rows):
    """An upgrade changes no row of the ledgers and logs no error."""
    hashes = " UNION ALL ".join(
        f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY id))"
        f" FROM {table} t"
        for table in (
            "coaching_session",
            "coaching_attendance",
            "coaching_package",
            "coaching_package_move",
            "coaching_makeup",
            "coaching_remuneration_line",
        )
    )
    before = rows(hashes)
    assert all(count for _table, count, _hash in before)
    log = upgrade(database)
    assert "ERROR" not in log
    assert rows(hashes) == before


def test_a_business_keeps_its_policy(database, registry, rows):
    """What a business edits is not overwritten by an upgrade."""
    with registry.cursor() as cr:
        cr.execute("UPDATE coaching_outcome_policy SET pay_percent = 37 WHERE id = 1")
    upgrade(database)
    assert rows("SELECT pay_percent FROM coaching_outcome_policy WHERE id = 1") == [
        (37.0,)
    ]


def test_a_lost_constraint_is_told(database, registry, rows):
    """Records that break a rule keep Odoo from adding it: that is said aloud (T3).

    Take `_register_hook` of the session away, and nothing is said.
    """
    with registry.cursor() as cr:
        cr.execute(
            "ALTER TABLE coaching_session"
            " DROP CONSTRAINT coaching_session_coach_no_overlap,"
            " DISABLE TRIGGER coaching_session_coach_time"
        )
        cr.execute(
            "UPDATE coaching_session s SET start = o.start, stop = o.stop,"
            " busy_start = o.busy_start, busy_stop = o.busy_stop"
            " FROM coaching_session o WHERE o.coach_id = s.coach_id AND o.id = ("
            " SELECT max(id) FROM coaching_session WHERE state = 'scheduled')"
            " AND s.id = (SELECT max(id) FROM coaching_session p"
            " WHERE p.state = 'scheduled' AND p.id <> o.id"
            " AND p.coach_id = o.coach_id)"
            " RETURNING s.id, s.start"
        )
        assert cr.rowcount == 1
    log = upgrade(database)
    assert "These database constraints are missing" in log
    assert "coaching_session_coach_no_overlap" in log
    assert "of coaching_session overlap others of the same coach" in log


def test_uninstall_leaves_nothing(database, registry, rows):
    """All tables, functions and columns go; what Odoo made with them stays."""
    odoo(database, "shell", script=UNINSTALL)
    assert not rows("SELECT relname FROM pg_class WHERE relname LIKE 'coaching%'")
    assert not rows("SELECT proname FROM pg_proc WHERE proname LIKE 'coaching%'")
    assert not rows("SELECT model FROM ir_model WHERE model LIKE 'coaching%'")
    assert not rows(
        "SELECT column_name FROM information_schema.columns"
        " WHERE column_name LIKE 'coaching%'"
    )
    assert rows("SELECT id FROM sale_order") and rows("SELECT id FROM calendar_event")
    assert rows("SELECT active FROM hr_salary_rule WHERE code = 'COACHING'") in (
        [],
        [(False,)],
    )
