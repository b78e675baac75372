"""Every hook an integrator needs, used by an addon of somebody else's.

`tests/addons/coaching_tiny` adds a consequence, something that takes a coach's time, a
follow-up of moves, a reason to leave pay out and a reminder channel, and touches
nothing of ours. Take a hook away, and the addon is not called any more.
"""

import json
from pathlib import Path

import pytest
from provisioning import paths
from test_lifecycle import odoo

HERE = Path(__file__).resolve().parent
PATH = f"--addons-path={paths.TOP},{HERE / 'addons'}"
RETREAT = "Tina Tiny is on a retreat. Choose another day."


@pytest.fixture(scope="module")
def told(database):
    """What the story printed: {hook: what it led to}."""
    odoo(database, "-i", "coaching_tiny", "--stop-after-init", PATH)
    script = (HERE / "hooks_story.py").read_text()
    output = odoo(database, "shell", PATH, script=script)
    lines = [line for line in output.split("\n") if line.startswith("{")]
    return {name: value for line in lines for name, value in json.loads(line).items()}


def test_a_consequence(told):
    """Posted once, taken back on correction, posted anew, and never changed."""
    assert told["consequence"]["sums"] == [[1, 10], [2, 0], [3, 10], [3, 10]]
    assert told["consequence"]["refused"] == [True] * 4


def test_what_takes_time(told):
    """Not offered that day, refused and explained in the addon's words."""
    assert len(told["taken"]["offered"]) == 1
    assert told["taken"]["refusal"] == told["taken"]["explanation"] == RETREAT
    assert told["taken"]["elsewhere"] == ""


def test_a_follow_up_of_a_move(told):
    (line,) = told["move"].strip().split("\n")
    old, new = line.split(" > ")
    assert old.endswith("10:00:00") and new == old.replace("10:00", "15:00")


def test_a_reason_to_leave_pay_out(told):
    assert told["pay"] == [
        ["excluded", 0.0, "held without pay"],
        ["to_pay", 40.0, ""],
    ]


def test_a_reminder_channel(told):
    delivered, fallen_back = told["remind"]
    assert delivered == ["letter", "sent", ""]
    assert fallen_back[:2] == ["email", "sent"]
    assert "There is no street." in fallen_back[2]


def test_it_can_be_uninstalled(database, told, registry):
    """What the addon brought goes, and coaches' time is asked for without it."""
    script = """
modules = env["ir.module.module"].search([("name", "=", "coaching_tiny")])
modules.button_immediate_uninstall()
"""
    odoo(database, "shell", PATH, script=script)
    script = """
from datetime import datetime, timedelta
day = datetime.now() + timedelta(days=2)
coach = env["coaching.coach"].search([("name", "=", "Tina Tiny")])
booking_type = env["coaching.booking.type"].search([("code", "=", "tiny")])
slots = booking_type.get_slots(booking_type.id, day.date(), day.date(), coach.ids)
print("SLOTS", len(slots) > 0)
"""
    assert "SLOTS True" in odoo(database, "shell", script=script)
