"""Many at once: what must hold when people, crons and programs collide.

Odoo's own test cases share one cursor behind a lock and can't show a race. Here every
thread has a cursor of its own and commits, as the workers of a server do. All of them
take their snapshot of the database before the first one writes: under REPEATABLE READ
nobody can see the others by looking first, so only real guards count.

`RULES` asks the database itself whether anything is wrong; every race ends with it.
The mutants at the end take the guards away and show that the races then find it.
"""

# Over 300 lines: closing and paying are raced for with the same few helpers.

import time
from datetime import timedelta
from functools import partial

import pytest
from races_world import assert_readable, quiet, race, short_back_off, won  # noqa: F401
from test_races_booking import race_for_seats

# === CLIENT AND COACH === #


def engaged(world, coach_id, client_id):
    """Return the id of the one engagement of a client and a coach."""
    pair = [("coach_id", "=", coach_id), ("partner_id", "=", client_id)]
    (found,) = world.commit(lambda env: env["coaching.engagement"].search(pair).ids)
    return found


@pytest.mark.parametrize("hours", [range(1, 9), range(1, 3)], ids=["eight", "two"])
def test_first_bookings_engage_once(world, hours):
    """Several first bookings at once: all are booked, and there is one engagement.

    To see it fail: drop coaching_engagement_client_coach_unique.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1, sessions=0)
    code = "consultation"
    attempts = race(
        world,
        [world.booking(coach_id, client_id, world.slot(h), code) for h in hours],
    )
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert engaged(world, coach_id, client_id)


@pytest.mark.parametrize("wait", [0, 2], ids=["together", "booking-first"])
def test_end_and_booking(world, wait):
    """One ends the work while another one books: it never ends with a session to come.

    To see it fail: let a booking write nothing where an engagement is already.
    """
    for _round in range(2):
        (coach_id,) = world.coach()
        (client_id,) = world.clients(1)
        first_id = world.book(coach_id, client_id, world.slot(9), "consultation")
        world.commit(
            lambda env, session_id=first_id: env["coaching.session"]
            .browse(session_id)
            .action_cancel()
            and None
        )
        engagement_id = engaged(world, coach_id, client_id)

        def end(env, engagement_id=engagement_id):
            time.sleep(wait)
            env["coaching.engagement"].browse(engagement_id).action_end()

        booking = world.booking(coach_id, client_id, world.slot(11), "consultation")
        attempts = race(world, [end, booking])
        assert attempts[1].error is None, "nothing keeps anybody from booking"
        assert_readable(attempts, "still has sessions booked")
        assert world.broken_rules() == {}


def test_one_weekly_time(world):
    """Ten clients want the same weekly time: one has it, nine read whose it is not.

    To see it fail: drop coaching_reserved_slot_coach_no_overlap.
    """
    (coach_id,) = world.coach()
    code = "consultation"
    engagement_ids = []
    for hour, client_id in enumerate(world.clients(10, sessions=0), start=1):
        world.book(coach_id, client_id, world.slot(hour), code)
        engagement_ids.append(engaged(world, coach_id, client_id))

    def reserve(env, engagement_id):
        moment = world.slot(15)
        engagement = env["coaching.engagement"].browse(engagement_id)
        return engagement.action_reserve_slot(start=moment).id

    attempts = race(
        world,
        [partial(reserve, engagement_id=one) for one in engagement_ids],
    )
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Choose another time")
    mine = ("coach_id", "=", coach_id)
    assert world.count("coaching.reserved.slot", mine) == 1


# === CLOSING === #


def race_to_close(world, closers=40):
    """One session closed by many: a double click, a cron and a user."""
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9))
    close = world.closing(session_id, "no_show", note="Called twice")
    with world.later():
        attempts = race(world, [close] * closers)
    return session_id, attempts


def consequences(world, session_id):
    """Return numbers of live uses, make-ups and remuneration lines of a session."""
    mine = ("attendance_id.session_id", "=", session_id)
    not_ended = ("reversal_of_id", "=", False)
    return (
        world.count("coaching.package.move", mine, ("kind", "=", "use"), not_ended),
        world.count("coaching.makeup", mine),
        world.count("coaching.remuneration.line", mine, ("amount", ">", 0)),
    )


def test_close(world):
    """Closed 40 times at once, a session has its consequences once, and no error.

    To see it fail: run it under READ COMMITTED without the unique indexes that the
    mutants below name, and there are several of each.
    """
    session_id, attempts = race_to_close(world)
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert consequences(world, session_id) == (1, 1, 1)


def test_close_differently(world):
    """Whoever comes last decides, and one outcome's consequences stand.

    To see it fail: as above; a use of one outcome stands beside the other's release.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9))
    codes = ("completed", "no_show", "coach_missed", "client_late_cancel")
    with world.later():
        attempts = race(world, [world.closing(session_id, code) for code in codes])
    assert_readable(attempts)
    state = world.commit(
        lambda env: env["coaching.session"].browse(session_id).attendance_ids.state
    )
    assert state != "scheduled"
    assert won(attempts)


def race_to_earn(world):
    """A missed session is corrected into a paid one while its make-up is closed.

    Neither of the two writes a row of the other, so that each would pay: the missed
    session is not paid as long as it counts as early cancelled.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    makeup_type = world.type_id("makeup")
    unpaid = world.commit(_unpaid_late_cancel)
    missed_id = world.book(coach_id, client_id, world.slot(8))
    world.close(missed_id, "client_late_cancel")
    makeup_id = world.book(coach_id, client_id, world.slot(8, 5), "makeup")
    world.commit(
        lambda env: (
            env["coaching.booking.type"]
            .browse(makeup_type)
            .write({"remunerated": True})
        )
    )
    with world.later():
        attempts = race(
            world,
            [
                world.closing(missed_id, "no_show"),
                world.closing(makeup_id, "completed"),
            ],
        )
    world.commit(_paid_again, unpaid, makeup_type)
    earning = world.count(
        "coaching.remuneration.line",
        ("session_id", "in", (missed_id, makeup_id)),
        ("earns", "=", True),
        ("is_reversed", "=", False),
    )
    return attempts, earning


def _unpaid_late_cancel(env):
    policies = env["coaching.outcome.policy"].search(
        [
            ("outcome_id.code", "=", "client_late_cancel"),
            ("complimentary", "=", False),
        ]
    )
    policies.pay_percent = 0
    return policies.ids


def _paid_again(env, policy_ids, makeup_type_id):
    env["coaching.outcome.policy"].browse(policy_ids).pay_percent = 100
    env["coaching.booking.type"].browse(makeup_type_id).remunerated = False


def test_session_and_makeup_earn_once(world):
    """Both of a pair that is paid once want to be the one: one is.

    To see it fail: drop coaching_remuneration_line_earned_once, let payroll's
    `_touch_what_is_shared` do nothing, and both are paid.
    """
    attempts, earning = race_to_earn(world)
    assert_readable(attempts)
    assert earning == 1


def race_to_close_a_group(world):
    """Two clients of a session are closed by two people at the same moment."""
    coach_id, attempts = race_for_seats(world, bookers=2, seats=2)
    (session_id,) = set(won(attempts))
    attendance_ids = world.commit(
        lambda env: env["coaching.session"].browse(session_id).attendance_ids.ids
    )

    def close(attendance_id, env):
        env["coaching.attendance"].browse(attendance_id).action_close("completed")

    with world.later():
        attempts = race(world, [partial(close, id_) for id_ in attendance_ids])
    paid = world.count(
        "coaching.remuneration.line",
        ("coach_id", "=", coach_id),
        ("amount", ">", 0),
        ("is_reversed", "=", False),
    )
    return attempts, paid


def test_group_session_is_paid_once(world):
    """Two people close one client each of a group session: nobody reads an error.

    The session is paid once, however many clients it had. To see it fail: drop
    coaching_remuneration_line_session_paid_once, let payroll's
    `_touch_what_is_shared` do nothing, and it is paid twice.
    """
    attempts, paid = race_to_close_a_group(world)
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert paid == 1


# === PAYSLIPS === #


def race_of_payslips(world, payslips=2):
    """Payslips of one coach and month, computed at the same moment."""
    (coach_id,) = world.coach(employee=True)
    (client_id,) = world.clients(1)
    for day in (1, 2, 3):
        world.close(world.book(coach_id, client_id, world.slot(9, day)))
    employee_id = world.commit(
        lambda env: env["coaching.coach"].browse(coach_id).employee_id.id
    )
    month = {
        "date_from": world.base.date(),
        "date_to": world.base.date() + timedelta(days=27),
    }

    def make(env):
        payslip = env["hr.payslip"].create(
            {"name": "Race", "employee_id": employee_id, **month}
        )
        payslip.compute_sheet()
        return payslip.id

    attempts = race(world, [make] * payslips)
    totals = world.commit(
        lambda env: (
            env["hr.payslip"]
            .search([("employee_id", "=", employee_id)])
            .line_ids.filtered(lambda line: line.code == "COACHING")
            .mapped("total")
        )
    )
    return attempts, sum(totals)


def test_two_payslips(world):
    """Two payslips for one month pay each session on one of them.

    To see it fail: let `_gather` write what it found under READ COMMITTED, and three
    sessions at 40 pay 240.
    """
    attempts, total = race_of_payslips(world)
    assert len(won(attempts)) == 2
    assert total == 120


# === SELLING === #


def race_to_grant_months(world):
    """Two programs grant what one order line sold, each of them in its own day."""

    def sell(env):
        from odoo import Command

        product = env["product.product"].create(
            {
                "name": "Two a month",
                "type": "service",
                "coaching_package": True,
                "coaching_session_count": 2,
                "coaching_period": "month",
                "coaching_validity_months": 3,
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Buyer"}).id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        return order.order_line.id

    line_id = world.commit(sell)

    def grant(tz, env):
        # as the payment provider's callback does, and who confirms the order
        env = env(su=True, context={**env.context, "tz": tz})
        env["sale.order.line"].browse(line_id)._grant_coaching_packages()

    # a day apart at every moment
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    attempts = race(world, [partial(grant, tz) for tz in zones])
    assert [attempt.error for attempt in attempts if attempt.error] == []
    return world.count("coaching.package", ("sale_line_id", "=", line_id))


def test_months_are_granted_once(world):
    """To see it fail: let `_grant_one_at_a_time` do nothing."""
    assert race_to_grant_months(world) == 3
