"""The main job from sale to payslip, committed step by step, and killed in between.

Every step has a cursor of its own and calls public methods only, as the requests of a
real server do.
"""

import contextlib
import os
import random
import signal
import time
from datetime import timedelta

import pytest
from races_world import World, quiet  # noqa: F401


@pytest.fixture(scope="module")
def world(registry):
    return World(registry)


class Desk:
    """What one person does at a server: each step is a request that commits."""

    def __init__(self, world):
        self.world = world

    def __call__(self, step, at=None):
        """Call a function of the manager's environment at a moment, and commit."""
        from functools import partial

        from odoo import api
        from odoo.service.model import retrying

        clock = self.world.at(at) if at else contextlib.nullcontext()
        with clock, self.world.registry.cursor() as cr:
            env = api.Environment(cr, self.world.manager_id, {"tz": "UTC"})
            return retrying(partial(step, env), env)


def _sell(env, client_id, sessions=5):
    from odoo import Command

    product = env["product.product"].create(
        {
            "name": f"{sessions} sessions",
            "type": "service",
            "list_price": 400.0,
            "coaching_package": True,
            "coaching_session_count": sessions,
            "coaching_validity_months": 12,
        }
    )
    order = env["sale.order"].create(
        {
            "partner_id": client_id,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    return order.coaching_package_ids.id


def _balance(env, package_id):
    package = env["coaching.package"].browse(package_id)
    return package.remaining, package.held, package.used


def test_main_job(world):
    """Five sessions sold; one missed, made up for; used once and paid once.

    Each figure is read by another transaction than the one that made it. To see it
    fail: let the make-up draw on the package, or let the make-up type be remunerated
    without `_earned_once`.
    """
    desk = Desk(world)
    (coach_id,) = world.coach(employee=True)
    (client_id,) = world.clients(1, sessions=0)
    world.commit(_let_sell, world.manager_id)

    def balance():
        return desk(lambda env: _balance(env, package_id))

    package_id = desk(lambda env: _sell(env, client_id))
    assert balance() == (5, 0, 0)

    start = world.slot(9)
    session_id = desk(world.booking(coach_id, client_id, start))
    assert balance() == (4, 1, 0)

    desk(world.closing(session_id, "no_show"), at=start + timedelta(hours=1))
    assert balance() == (4, 0, 1)

    missed_id, state = desk(lambda env: _read_missed(env, session_id))
    assert state == "issued"
    start = world.slot(9, 8)
    makeup_id = desk(
        world.booking(coach_id, client_id, start, "makeup", makeup_of_id=missed_id)
    )
    assert balance() == (4, 0, 1)
    desk(world.closing(makeup_id, "completed"), at=start + timedelta(hours=1))
    assert balance() == (4, 0, 1)
    assert desk(lambda env: _read_missed(env, session_id)) == (missed_id, "used")

    payslip_id = desk(lambda env: _compute_payslip(env, world, coach_id))
    assert desk(lambda env: _read_payslip(env, payslip_id)) == ("verify", 40.0, 1)
    desk(lambda env: env["hr.payslip"].browse(payslip_id).action_payslip_done())
    assert desk(lambda env: _read_payslip(env, payslip_id)) == ("done", 40.0, 1)
    lines = desk(lambda env: _read_lines(env, coach_id))
    assert sorted(lines) == [("excluded", 0.0), ("paid", 40.0)]
    # nothing is left for another one
    other_id = desk(lambda env: _compute_payslip(env, world, coach_id))
    assert desk(lambda env: _read_payslip(env, other_id)) == ("verify", 0.0, 0)
    assert world.broken_rules() == {}


def _let_sell(env, user_id):
    from odoo import Command

    groups = env.ref("sales_team.group_sale_manager")
    groups |= env.ref("product.group_product_manager")
    env["res.users"].browse(user_id).group_ids = [
        Command.link(id_) for id_ in groups.ids
    ]


def _read_missed(env, session_id):
    missed = env["coaching.session"].browse(session_id).attendance_ids
    return missed.id, missed.makeup_id.state


def _compute_payslip(env, world, coach_id):
    employee = env["coaching.coach"].browse(coach_id).employee_id
    payslip = env["hr.payslip"].create(
        {
            "name": "Main job",
            "employee_id": employee.id,
            "date_from": world.base.date(),
            "date_to": world.base.date() + timedelta(days=27),
        }
    )
    payslip.compute_sheet()
    return payslip.id


def _read_payslip(env, payslip_id):
    payslip = env["hr.payslip"].browse(payslip_id)
    lines = payslip.line_ids.filtered(lambda line: line.code == "COACHING")
    return payslip.state, sum(lines.mapped("total")), len(payslip.coaching_line_ids)


def _read_lines(env, coach_id):
    lines = env["coaching.remuneration.line"].search([("coach_id", "=", coach_id)])
    return [(line.state, line.amount) for line in lines]


# === KILLED === #


def _work_until_killed(world, coach_id, client_id, first):
    """Book and close one session after the other, for ever."""
    desk = Desk(world)
    codes = ("completed", "no_show", "client_late_cancel", "coach_emergency")
    for number in range(first, first + 10**6):
        start = world.slot(number % 24, 1 + number // 24)
        session_id = desk(world.booking(coach_id, client_id, start))
        over = start + timedelta(hours=2)
        desk(world.closing(session_id, codes[number % 4]), at=over)
        # and corrected, so that there is something to take back
        desk(world.closing(session_id, codes[(number + 1) % 4]), at=over)


def test_killed(world):
    """A worker that books, closes and corrects is killed ten times: nothing is half.

    Counters are the sums of the moves, each closed attendance has its one line, no
    event or hold is without its session. To see it fail: commit in `_book` after the
    session, or in `_close` before `_post_consequences`.
    """
    import odoo.sql_db

    (coach_id,) = world.coach()
    (client_id,) = world.clients(1, sessions=10**6)
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    moments = random.Random(seed)
    in_sessions = ("session_id.coach_id", "=", coach_id)
    done = []
    for _kill in range(10):
        # a connection can't be shared by two processes
        odoo.sql_db.close_all()
        first = 24 * len(done) * 2
        pid = os.fork()
        if not pid:
            # the child never gets back to pytest
            try:
                _work_until_killed(world, coach_id, client_id, first)
            finally:
                os._exit(1)
        time.sleep(0.5 + moments.random())
        os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "it ended by itself, see the log"
        done.append(world.count("coaching.attendance", in_sessions))
        assert world.broken_rules() == {}
    print(f"attendances after each kill: {done}")
    assert done[-1] > done[0] > 0, "too little happened"
    events = world.count(
        "calendar.event",
        ("coaching_session_ids.attendance_ids.partner_id", "=", client_id),
    )
    sessions = world.count("coaching.session", ("coach_id", "=", coach_id))
    assert (sessions, events) == (done[-1], done[-1])
