"""The business of the property test: each operation on Odoo, beside the plain model.

An operation that the model refuses has to be refused with a sentence; every other one
has to go through. After each, the database has to say what the model says.
"""

# Over 300 lines: the same acts as the model, in the same order, on Odoo.

import contextlib
import datetime
from unittest.mock import patch

from ledger_model import HOUR, KINDS, RATE, Model, Package, Payslip, Refused
from races_rules import RULES
from races_world import NO_MAIL

# a Monday in the middle of a quarter's last month
BEGIN = datetime.datetime(2027, 3, 15, 8)
ZONES = ("UTC", "America/New_York")
# a draft may wait to be computed again, after a correction
SLIPS = "a payslip that pays something else than its lines"
ALL_RULES = " UNION ALL ".join(
    f"SELECT '{rule}' AS rule, ({query}) AS cases"
    for rule, query in {
        **RULES,
        SLIPS: f"{RULES[SLIPS]} AND payslip.state = 'done'",
    }.items()
)

# what must stay as it was written: table, and the columns that may change
LEDGERS = {
    "coaching_package_move": (),
    "coaching_session_log": (),
    "coaching_remuneration_line": (
        "state",
        "payslip_id",
        "is_reversed",
        "on_hold",
        "write_uid",
        "write_date",
    ),
}
UNTOUCHED = " UNION ALL ".join(
    f"""SELECT '{table}', max(id),
               md5(string_agg(said, ',' ORDER BY id)
                   FILTER (WHERE id <= ${2 * number})),
               md5(string_agg(said, ',' ORDER BY id))
          FROM (SELECT id, (to_jsonb(line)
                            - '{{{",".join(free)}}}'::text[])::text AS said
                  FROM {table} AS line WHERE id > ${2 * number - 1}) AS line"""
    for number, (table, free) in enumerate(LEDGERS.items(), 1)
)

STATE = """
    SELECT 'package', package.id, jsonb_build_array(
           remaining, held, used, COALESCE(sum(quantity), 0),
           - COALESCE(sum(quantity) FILTER (WHERE kind IN ('hold', 'release')), 0),
           - COALESCE(sum(quantity) FILTER (WHERE kind = 'use'), 0),
           count(reversal_of_id) - count(DISTINCT reversal_of_id))
      FROM coaching_package package
      LEFT JOIN coaching_package_move move ON move.package_id = package.id
     WHERE package.partner_id = ANY($1)
     GROUP BY package.id
    UNION ALL
    SELECT 'attendance', attendance.id, jsonb_build_array(
           attendance.state, outcome.code, uses_session, excused, attendance.package_id,
           used_makeup_id, to_char(start, 'YYYY-MM-DD HH24:MI'),
           (SELECT count(*) FROM coaching_makeup
             WHERE attendance_id = attendance.id AND state <> 'revoked'),
           (SELECT kind FROM coaching_package_move WHERE id = claim_move_id),
           (SELECT count(*) FROM coaching_session_log
             WHERE attendance_id = attendance.id AND action = 'closed'),
           (SELECT count(*) FROM coaching_remuneration_line
             WHERE entitlement_id = attendance.id AND earns AND reversal_of_id IS NULL
               AND NOT COALESCE(is_reversed, FALSE) AND refund_of_id IS NULL) > 1)
      FROM coaching_attendance attendance
      LEFT JOIN coaching_outcome outcome ON outcome.id = outcome_id
     WHERE partner_id = ANY($1)
    UNION ALL
    SELECT 'makeup', id, jsonb_build_array(
           attendance_id, state, used_attendance_id, expiry_date)
      FROM coaching_makeup WHERE partner_id = ANY($1)
    UNION ALL
    SELECT 'pay', attendance_id, jsonb_build_array(
           sum(amount) FILTER (WHERE line.state IN ('to_pay', 'on_payslip', 'paid')),
           sum(amount) FILTER (WHERE line.state = 'paid'))
      FROM coaching_remuneration_line line
     WHERE coach_id = ANY($2) GROUP BY attendance_id
"""
# asked after each operation: planned once
QUESTIONS = {
    "ledger_rules": ("", f"SELECT * FROM ({ALL_RULES}) AS rules WHERE cases > 0"),
    "ledger_state": ("(int[], int[])", STATE),
    "ledger_untouched": ("(int, int, int, int, int, int)", UNTOUCHED),
}


class Violation(AssertionError):
    """Odoo and the model differ, or a rule of the database is broken."""


class Office:
    """What does not change between runs, and the run that is going on.

    Nothing is committed: a run ends with `end`, which takes it all back.
    """

    def __init__(self, env):
        """Set up clients, coaches and products.

        :param env: environment of the superuser, on a cursor of its own
        """
        self.su = env(context={"tz": "UTC", **NO_MAIL})
        self.operations = self.refused = 0
        self.model = None
        self._set_up(self.su)
        for name, (types, query) in QUESTIONS.items():
            self.su.cr.execute(f"PREPARE {name} {types} AS {query}")
        self.su.cr.execute("SET LOCAL jit = off")
        self.su.cr.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        self.su.cr.execute("SAVEPOINT office")

    def _set_up(self, env):
        from odoo import Command

        company = env.ref("base.main_company")
        # what is kept for who could not come is not in the model: nothing is extended
        company.write(
            {"coaching_makeup_period": "quarter", "coaching_returned_days": 0}
        )
        env["coaching.remuneration.rule"].search([]).active = False
        env["coaching.remuneration.rule"].create({"amount": RATE})
        self.types = {
            kind: env.ref(f"coaching_sessions.booking_type_{kind}").id for kind in KINDS
        }
        env["coaching.booking.type"].browse(self.types["group"]).write(
            {
                "max_participants": KINDS["group"][1],
                "after_session": "complete",
                "auto_complete_hours": 2,
            }
        )
        groups = {
            "manager": (
                "base.group_user",
                "coaching_sessions.group_coaching_manager",
                "coaching_sessions.group_coaching_grant_makeup",
                "coaching_sessions.group_coaching_adjust",
                "payroll.group_payroll_manager",
            ),
            "coach": ("base.group_user", "coaching_sessions.group_coaching_coach"),
            "client": ("base.group_portal",),
        }
        users = env["res.users"].create(
            [
                {
                    "name": f"{role.capitalize()} {number}",
                    "login": f"ledger_{role}_{number}",
                    "email": f"ledger_{role}_{number}@example.com",
                    "tz": "UTC",
                    "group_ids": [
                        Command.set([env.ref(group).id for group in groups[role]])
                    ],
                }
                for role, count in (("manager", 1), ("coach", 2), ("client", 3))
                for number in range(count)
            ]
        )
        manager, *others = users
        self.manager_id = manager.id
        self.clients = {user.partner_id.id: user.id for user in others[2:]}
        self.coaches = {}
        self.employees = {}
        for user, zone in zip(others[:2], ZONES, strict=True):
            coach = env["coaching.coach"].create({"user_id": user.id, "tz": zone})
            coach.employee_id = env["hr.employee"].create({"name": user.name})
            # an employee lives in the zone of the company's calendar unless told
            coach.resource_id.write({"calendar_id": False, "tz": zone})
            self.coaches[coach.id] = user.id
            self.employees[coach.id] = coach.employee_id.id
        self.products = {
            (sessions, months): env["product.product"]
            .create(
                {
                    "name": f"{sessions} sessions",
                    "type": "service",
                    "list_price": 100.0,
                    "coaching_package": True,
                    "coaching_session_count": sessions,
                    "coaching_validity_months": months,
                }
            )
            .id
            for sessions, months in ((1, 0), (3, 1))
        }
        env.flush_all()

    # === RUNS === #

    def begin(self, terms):
        """Begin a run with nothing but clients and coaches.

        :param terms: ``ledger_model.Terms``
        """
        zones = dict(zip(self.coaches, ZONES, strict=True))
        self.model = Model(terms, zones, BEGIN)
        self.makeup_ids = {}  # by place in model.makeups
        self.package_orders = {}
        self._write_terms(self.su, terms)
        self.su.flush_all()
        self.steps = 0
        self.seen = {}
        for table in LEDGERS:
            self.su.cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
            (first,) = self.su.cr.fetchone()
            self.seen[table] = [first, 0]
        self.digests = dict.fromkeys(LEDGERS)

    def _write_terms(self, env, terms):
        env.ref("base.main_company").write(
            {
                "coaching_makeup_validity_days": terms.makeup_days,
                "coaching_makeup_limit": terms.makeup_limit,
            }
        )
        rows = env["coaching.outcome.policy"].search([("booking_type_id", "=", False)])
        for row in rows:
            code = row.outcome_id.code
            if row.complimentary:
                if code == "completed":
                    row.pay_percent = terms.free_percent
                continue
            row.issues_makeup = code in terms.makeup_codes
            if code == "client_late_cancel":
                row.write(
                    {
                        "excused_count": terms.allowance,
                        "excused_period": "month",
                        "excused_pay_percent": terms.excused_percent,
                    }
                )
                if terms.tier_hours:
                    env["coaching.outcome.policy.tier"].create(
                        {
                            "policy_id": row.id,
                            "notice_hours": terms.tier_hours,
                            "pay_percent": terms.tier_percent,
                        }
                    )
        env["coaching.booking.type"].browse(self.types["makeup"]).write(
            {"remunerated": terms.makeups_count}
        )
        if terms.pay_at_use:
            env["coaching.makeup.pay"].create(
                {"mode": "used", "date_from": datetime.date(2027, 1, 1)}
            )

    def end(self):
        """Take everything of the run back."""
        cr = self.su.cr
        cr.clear()
        cr.execute("ROLLBACK TO SAVEPOINT office")
        cr.postcommit.clear()
        self.su.registry.clear_all_caches()
        self.su.registry.reset_changes()
        self.model = None

    @contextlib.contextmanager
    def clock(self):
        """Let Odoo's clock be the model's."""
        from odoo import fields

        def now(*_args):
            return self.model.now if self.model else BEGIN

        def today(*_args, **_kwargs):
            return now().date()

        def no_commit(*_args, **_kwargs):
            return 60.0

        registry = self.su.registry
        with (
            patch.object(registry["coaching.session"], "_now", now),
            patch.object(fields.Datetime, "now", now),
            patch.object(fields.Date, "context_today", today),
            patch.object(registry["ir.cron"], "_commit_progress", no_commit),
        ):
            yield

    # === ONE OPERATION === #

    def perform(self, plan, call, user_id=None):
        """Do something in the model and in Odoo: both do it, or both refuse.

        :param plan: function that changes the model, or raises ``Refused``
        :param call: function of an environment that does the same in Odoo
        :param user_id: who does it; the manager unless given, 0 for the superuser
        :return: (what the model says, what Odoo returned), None where it was refused
        """
        from odoo.exceptions import UserError

        self.operations += 1
        saved = self.model.save()
        planned = refusal = error = result = None
        try:
            planned = plan()
        except Refused as refused:
            self.model.restore(saved)
            refusal = refused
        env = self.su
        if user_id != 0:
            env = env(user=user_id or self.manager_id, su=False)
        env.invalidate_all()
        try:
            with env.cr.savepoint():
                result = call(env)
        except UserError as raised:
            error = raised
        if refusal and not error:
            raise Violation(f"Odoo should have refused: {refusal}")
        if error and not refusal:
            raise Violation(f"Odoo should not have refused: {error}")
        if error:
            self.refused += 1
            return None
        return planned, result

    # === OPERATIONS === #

    def sell(self, client, sessions, days):
        """Grant a package, valid for some days from now or for ever."""
        model = self.model
        expiry = model.now.date() + datetime.timedelta(days=days) if days else None
        _planned, package_id = self.perform(
            lambda: None,
            lambda env: env["coaching.package"]
            ._grant({"partner_id": client, "expiry_date": expiry}, sessions)
            .id,
            user_id=0,
        )
        model.packages[package_id] = Package(client, sessions, expiry)

    def sell_order(self, client, sessions, months):
        """Sell a package by a sales order."""
        from dateutil.relativedelta import relativedelta

        from odoo import Command

        def call(env):
            order = env["sale.order"].create(
                {
                    "partner_id": client,
                    "order_line": [
                        Command.create({"product_id": self.products[sessions, months]})
                    ],
                }
            )
            order.action_confirm()
            return order.id, order.coaching_package_ids.id

        _planned, (order_id, package_id) = self.perform(lambda: None, call, user_id=0)
        expiry = None
        if months:
            # from the day of the order, which is the real today
            day = self.su["coaching.package"].browse(package_id).purchase_date
            expiry = day + relativedelta(months=months, days=-1)
        self.model.packages[package_id] = Package(client, sessions, expiry)
        self.package_orders[package_id] = order_id

    def cancel_order(self, package_id):
        """Cancel the order of a package, or confirm it again."""
        order_id = self.package_orders[package_id]

        def cancel(env):
            env["sale.order"].browse(order_id)._action_cancel()

        def confirm(env):
            order = env["sale.order"].browse(order_id)
            order.action_draft()
            order.action_confirm()

        if self.model.packages[package_id].cancelled:
            self.perform(lambda: self.model.bring_back(package_id), confirm, user_id=0)
        else:
            self.perform(lambda: self.model.take_back(package_id), cancel, user_id=0)

    def extend_package(self, package_id, days):
        date = self.model.now.date() + datetime.timedelta(days=days)
        self.perform(
            lambda: self.model.extend_package(package_id, date),
            lambda env: env["coaching.package"].browse(package_id).action_extend(date),
        )

    def adjust_package(self, package_id, quantity):
        self.perform(
            lambda: self.model.adjust(package_id, quantity),
            lambda env: env["coaching.package"]
            .browse(package_id)
            .action_adjust(quantity, "As agreed"),
        )

    def transfer_package(self, package_id, client, quantity):
        done = self.perform(
            lambda: self.model.transfer(package_id, client, quantity),
            lambda env: env["coaching.package"]
            .browse(package_id)
            .action_transfer(client, quantity, "To the brother")
            .id,
        )
        if done:
            given, given_id = done
            self.model.packages[given_id] = given

    def expire_packages(self):
        self.perform(
            self.model.expire_packages,
            lambda env: env["coaching.package"]._cron_expire(),
            user_id=0,
        )

    def book(
        self, kind, coach, clients, start, package=None, missed=None, user_id=None
    ):
        """Book; returns whether it was possible."""
        vals = {
            "booking_type_id": self.types[kind],
            "coach_id": coach,
            "partner_ids": list(clients),
            "start": start,
            "package_id": package,
            "makeup_of_id": missed,
        }
        done = self.perform(
            lambda: self.model.book(kind, coach, clients, start, package, missed),
            lambda env: env["coaching.session"].book(vals).id,
            user_id,
        )
        if not done:
            return False
        expected, session_id = done
        attends = []
        for client, package_id, credits in expected:
            # the new one: of the session, and not known yet
            self.su.cr.execute(
                "SELECT max(id) FROM coaching_attendance"
                " WHERE session_id = %s AND partner_id = %s",
                (session_id, client),
            )
            (id_,) = self.su.cr.fetchone()
            attends.append((id_, client, package_id, self._credit_of(id_, credits)))
        self.model.booked(session_id, kind, coach, start, attends)
        return True

    def _credit_of(self, attendance_id, credits):
        """Return which of several credits that are as good as each other was used."""
        if not credits:
            return None
        self.su.cr.execute(
            "SELECT used_makeup_id FROM coaching_attendance WHERE id = %s",
            (attendance_id,),
        )
        (used_id,) = self.su.cr.fetchone()
        for credit in credits:
            if self._makeup_id(credit) == used_id:
                return credit
        raise Violation(f"another make-up than those that expire first: {used_id}")

    def _makeup_id(self, makeup):
        """Return the id of the row for a make-up of the model."""
        place = next(n for n, known in enumerate(self.model.makeups) if known is makeup)
        if place not in self.makeup_ids:
            self._learn_makeups()
        return self.makeup_ids[place]

    def _learn_makeups(self):
        """Find the rows of new make-ups: the nth of a missed session is the nth row."""
        self.su.cr.execute(
            "SELECT attendance_id, array_agg(id ORDER BY id) FROM coaching_makeup"
            " WHERE partner_id = ANY(%s) AND attendance_id IS NOT NULL"
            " GROUP BY attendance_id",
            (list(self.clients),),
        )
        rows = dict(self.su.cr.fetchall())
        for place, makeup in enumerate(self.model.makeups):
            if makeup.origin is None:
                continue
            ids = rows.get(makeup.origin)
            if not ids:
                raise Violation(f"no make-up for attendance {makeup.origin}")
            self.makeup_ids[place] = ids.pop(0)

    def reschedule(self, session_id, start):
        self.perform(
            lambda: self.model.reschedule(session_id, start),
            lambda env: env["coaching.session"]
            .browse(session_id)
            .action_reschedule(start),
        )

    def close(self, ids, code, notice=None, user_id=None):
        self.perform(
            lambda: self.model.close(ids, code, notice),
            lambda env: env["coaching.attendance"]
            .browse(ids)
            .action_close(code, note="So it was", notice_at=notice),
            user_id,
        )

    def cancel(self, session_id, who, client=None, code="", refund="policy"):
        user_id = {
            "client": self.clients.get(client),
            "coach": self.coaches[self.model.sessions[session_id].coach],
            "manager": None,
        }[who]
        self.perform(
            lambda: self.model.cancel(session_id, who, client, code, refund),
            lambda env: env["coaching.session"]
            .browse(session_id)
            .action_cancel(code or "Something came up", refund),
            user_id,
        )

    def mark(self, session_ids, code):
        done = self.perform(
            lambda: self.model.mark(session_ids, code),
            lambda env: env["coaching.session"]
            .browse(session_ids)
            .action_mark(code, "From the list"),
        )
        failed, result = done
        if len(result["failed"]) != len(failed):
            raise Violation(f"marked: {result}, but {failed} should have failed")

    def complete_due(self):
        self.perform(
            self.model.complete_due,
            lambda env: env["coaching.session"]._cron_complete(),
            user_id=0,
        )

    def expire(self):
        self.perform(
            self.model.expire,
            lambda env: env["coaching.makeup"]._cron_expire(),
            user_id=0,
        )

    def grant_makeup(self, client):
        _makeup, id_ = self.perform(
            lambda: self.model.grant(client),
            lambda env: env["coaching.makeup"].action_grant(client, "Goodwill").id,
        )
        self.makeup_ids[len(self.model.makeups) - 1] = id_

    def revoke_makeup(self, place):
        makeup = self.model.makeups[place]
        id_ = self._makeup_id(makeup)
        self.perform(
            lambda: self.model.revoke(makeup),
            lambda env: env["coaching.makeup"].browse(id_).action_revoke("A mistake"),
        )

    def extend_makeup(self, place, days):
        makeup = self.model.makeups[place]
        id_ = self._makeup_id(makeup)
        date = self.model.now.date() + datetime.timedelta(days=days)
        self.perform(
            lambda: self.model.extend(makeup, date),
            lambda env: env["coaching.makeup"]
            .browse(id_)
            .action_extend(date, "Was ill"),
        )

    def compute_payslip(self, coach, days):
        """Make a payslip until some days from now; or compute the open one again."""
        model = self.model
        open_ids = [
            id_
            for id_, payslip in model.payslips.items()
            if payslip.coach == coach and payslip.state == "draft"
        ]
        if open_ids:
            (payslip_id,) = open_ids
            self.perform(
                lambda: model.gather(model.payslips[payslip_id]),
                lambda env: env["hr.payslip"].browse(payslip_id).compute_sheet(),
            )
        else:
            until = model.now.date() + datetime.timedelta(days=days)

            def call(env):
                payslip = env["hr.payslip"].create(
                    {
                        "name": "Ledgers",
                        "employee_id": self.employees[coach],
                        "date_from": until.replace(day=1),
                        "date_to": until,
                    }
                )
                payslip.compute_sheet()
                return payslip.id

            _planned, payslip_id = self.perform(lambda: None, call)
            model.payslips[payslip_id] = Payslip(coach, until)
            model.gather(model.payslips[payslip_id])
        self._check_payslip(payslip_id)

    def finish_payslip(self, payslip_id):
        payslip = self.model.payslips[payslip_id]
        self.perform(
            lambda: self.model.finish(payslip),
            lambda env: env["hr.payslip"].browse(payslip_id).action_payslip_done(),
        )
        self._check_payslip(payslip_id)

    def cancel_payslip(self, payslip_id):
        payslip = self.model.payslips[payslip_id]

        def plan():
            if payslip.state == "done":
                raise Refused("done")
            payslip.state, payslip.pays = "cancel", {}

        self.perform(
            plan,
            lambda env: env["hr.payslip"].browse(payslip_id).action_payslip_cancel(),
        )

    def refund_payslip(self, payslip_id):
        payslip = self.model.payslips[payslip_id]
        self.perform(
            lambda: self.model.refund(payslip),
            lambda env: env["hr.payslip"].browse(payslip_id).refund_sheet(),
        )

    def _check_payslip(self, payslip_id):
        self.su.cr.execute(
            "SELECT COALESCE(sum(total), 0) FROM hr_payslip_line"
            " WHERE slip_id = %s AND code = 'COACHING'",
            (payslip_id,),
        )
        (total,) = self.su.cr.fetchone()
        expected = sum(self.model.payslips[payslip_id].pays.values())
        if float(total) != expected:
            raise Violation(f"payslip pays {total}, not {expected}")

    def refuse(self, call, user_id=None):
        """Do what has to be refused whatever there is."""

        def plan():
            raise Refused("never allowed")

        self.perform(plan, call, user_id)

    # === INVARIANTS === #

    def check(self):
        """Raise unless the database says what the model says.

        The rules for the whole database are asked now and then, and as a run ends.
        """
        cr = self.su.cr
        self.steps += 1
        if not self.steps % 10:
            self.check_rules()
        self.su.flush_all()
        cr.execute(
            "EXECUTE ledger_state (%s, %s)", (list(self.clients), list(self.coaches))
        )
        found = {"package": {}, "attendance": {}, "makeup": {}, "pay": {}}
        for what, id_, values in cr.fetchall():
            found[what][id_] = tuple(values)
        self._compare("packages", found["package"], self._expected_packages())
        self._compare("attendances", found["attendance"], self._expected_attendances())
        self._compare("make-ups", found["makeup"], self._expected_makeups())
        self._check_pay(found["pay"])
        self._check_untouched()

    def check_rules(self):
        """Raise when anything is wrong in the whole database, see `RULES`."""
        self.su.cr.execute("EXECUTE ledger_rules")
        broken = dict(self.su.cr.fetchall())
        if broken:
            raise Violation(f"broken rules: {broken}")

    @staticmethod
    def _compare(what, found, expected):
        if found != expected:
            differences = {
                id_: (found.get(id_), expected.get(id_))
                for id_ in found.keys() | expected.keys()
                if found.get(id_) != expected.get(id_)
            }
            raise Violation(f"{what}, found and expected: {differences}")

    def _expected_packages(self):
        # counters, sums of the lines, and nothing that ended twice
        return {
            id_: (*self.model.balance(id_), *self.model.balance(id_), 0)
            for id_ in self.model.packages
        }

    def _expected_attendances(self):
        expected = {}
        for id_, attendance in self.model.attendances.items():
            given = attendance.makeup and attendance.makeup.state != "revoked"
            expected[id_] = (
                attendance.state,
                attendance.code,
                attendance.uses if attendance.code else None,
                attendance.excused if attendance.code else None,
                attendance.package,
                self._makeup_id(attendance.credit) if attendance.credit else None,
                f"{attendance.start:%Y-%m-%d %H:%M}",
                int(bool(given)),
                self._expected_claim(attendance),
                int(attendance.state != "scheduled"),
                False,  # earns twice, with what makes up for it
            )
        return expected

    @staticmethod
    def _expected_claim(attendance):
        """Return what stands for a session in the package's ledger."""
        if not attendance.package or (attendance.code and not attendance.uses):
            return None
        return "use" if attendance.code else "hold"

    def _expected_makeups(self):
        return {
            self._makeup_id(makeup): (
                makeup.origin,
                makeup.state,
                makeup.used_by,
                makeup.expiry and makeup.expiry.isoformat(),
            )
            for makeup in self.model.makeups
        }

    def _check_pay(self, found):
        earned, paid = self.model.pay(), self.model.paid()
        for id_ in earned.keys() | found.keys():
            net, settled = found.get(id_, (0, 0))
            if (net or 0, settled or 0) != (earned.get(id_, 0), paid.get(id_, 0)):
                raise Violation(
                    f"pay of {id_}: {net}, paid {settled}; expected"
                    f" {earned.get(id_)}, paid {paid.get(id_)}"
                )

    def _check_untouched(self):
        """Raise when a line of a ledger that was there is another one, or gone."""
        self.su.cr.execute(
            "EXECUTE ledger_untouched (%s, %s, %s, %s, %s, %s)",
            sum(self.seen.values(), []),
        )
        for table, last, before, now in self.su.cr.fetchall():
            if before != self.digests[table]:
                raise Violation(f"lines of {table} changed or are gone")
            self.digests[table] = now
            self.seen[table][1] = last or 0

    # === TIME === #

    def wait(self, hours):
        self.operations += 1
        self.model.now += hours * HOUR
