# Over 300 lines: models and routes are walked by reflection, one list of exceptions.

import inspect

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CoachingPayrollCommon

# What coaches of the same company may read: the vocabulary of the business.
SHARED_WITH_COACHES = {
    "coaching.terms",
    "coaching.booking.type",
    "coaching.booking.type.need",
    "coaching.outcome",
    "coaching.outcome.policy",
    "coaching.outcome.policy.tier",
    "coaching.reminder",
}
# What coaches write about their own sessions, and nobody about others'.
WRITTEN_BY_COACHES = {
    "coaching.note",
    "coaching.private.note",
    "coaching.goal",
    "coaching.action.item",
}
ARGUMENTS = {
    "outcome_code": "completed",
    "coach_id": 1,
    "booking_type_id": 1,
    "claim": "I was there",
    "note": "Nobody came",
    "resolution": "Looked at",
    "start": "2027-03-10 10:00:00",
    "starts": ["2027-03-10 10:00:00"],
    "date": "2029-01-01",
    "date_from": "2027-03-10",
    "date_to": "2027-03-10",
    "vals": {},
    "reason": "Because",
    "partner_id": 1,
    "answers": {},
    "body": "Text",
    "description": "Text",
    "name": "Text",
    "percent": 50,
    "goal_ids": [],
    "quantity": 1,
    "sharing": "none",
    "mode": "none",
}


@tagged("post_install", "-at_install")
class TestAccess(CoachingPayrollCommon):
    """Who must not see a business sees nothing of it, in any model there is.

    By reflection: a model or a public method that is added later is in it. A new
    model without a record here fails ``test_every_model_is_covered``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_every_model_is_covered")
        cls._close_one_of_everything(case)
        other_company = cls.env["res.company"].create({"name": "Other company"})
        of_other_company = {
            "company_id": other_company.id,
            "company_ids": [Command.set(other_company.ids)],
        }
        cls.outsiders = {
            "manager of another company": new_test_user(
                cls.env,
                "x_manager",
                "coaching_sessions.group_coaching_manager,payroll.group_payroll_manager",
                **of_other_company,
            ),
            "another coach": new_test_user(
                cls.env, "x_coach", "coaching_sessions.group_coaching_coach"
            ),
            "another coach with a portal login": cls.portal_coach_user,
            "employee without rights in coaching": new_test_user(
                cls.env, "x_employee", "base.group_user"
            ),
            "another client": new_test_user(cls.env, "x_client", "base.group_portal"),
            "anonymous visitor": cls.env.ref("base.public_user"),
        }
        cls.env["coaching.coach"].create(
            {"user_id": cls.outsiders["another coach"].id, "tz": "UTC"}
        )
        cls.records = {
            name: cls._records_of_the_business(name) for name in cls._models()
        }

    @classmethod
    def _close_one_of_everything(cls, case):
        """Make a record of every model, all of this company."""
        case.travel(cls.now)
        cls.company.coaching_terms_id = cls.env["coaching.terms"].create(
            {"name": "House rules", "body": "Be on time.", "company_id": cls.company.id}
        )
        cls.env["coaching.booking.type"].create(
            {"name": "House type", "code": "house", "company_id": cls.company.id}
        )
        outcome = cls.env["coaching.outcome"].create(
            {
                "name": "House outcome",
                "code": "house",
                "state": "cancelled",
                "company_id": cls.company.id,
            }
        )
        cls.env["coaching.outcome.policy"].create(
            {
                "outcome_id": outcome.id,
                "company_id": cls.company.id,
                "tier_ids": [Command.create({"notice_hours": 24})],
            }
        )
        cls.env["coaching.reminder"].create(
            {"amount": 5, "unit": "hours", "company_id": cls.company.id}
        )
        cls.env["coaching.makeup.pay"].create({"mode": "issued"})
        cls.individual.video_provider = "discuss"
        cls.env["coaching.zoom.account"].search([]).unlink()
        cls.env["coaching.zoom.account"].create({"company_id": cls.company.id})
        room = cls.env["resource.resource"].create(
            {"name": "Room", "resource_type": "material", "calendar_id": False}
        )
        cls.individual.company_id = cls.company
        cls.individual.need_ids = [
            Command.create({"name": "Room", "resource_ids": [Command.set(room.ids)]})
        ]
        booked = case.book(terms_accepted=True)
        missed = case.close(booked, "no_show", note="Secret remark")
        missed.with_user(cls.client_user).action_dispute("I was there")
        missed.engagement_id.action_reserve_slot()
        # as the coach: private notes are their author's, superuser or not
        missed = missed.with_user(cls.coach_user)
        missed.action_add_note("Shared thought")
        missed.action_add_note("Private thought", private=True)
        missed.action_add_goal("Secret wish").action_record_progress(10)
        missed.action_add_action_item("Secret task")
        case.travel(cls.now)
        booked = case.book(days=3)
        cls.env["coaching.series"].book(
            {
                "booking_type_id": booked.booking_type_id.id,
                "coach_id": booked.coach_id.id,
                "partner_ids": cls.client.ids,
                "start": booked.start.replace(hour=15),
                "count": 7,
                "terms_accepted": True,
                "on_conflict": "skip",
            }
        )
        booked.action_propose([booked.stop])
        cls.env["coaching.waiting"].join(
            {
                "booking_type_id": booked.booking_type_id.id,
                "coach_id": cls.coach.id,
                "partner_id": cls.client.id,
                "date_from": "2027-03-10",
                "date_to": "2027-03-12",
            }
        )

    @classmethod
    def _models(cls):
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if name.startswith("coaching.")
            and not model._abstract
            and not model._transient
        )

    @classmethod
    def _records_of_the_business(cls, name):
        """Return the fixture's records of a model: those of its company.

        Not those of the demo business, which were there before.
        """
        records = cls.env[name].search(
            [
                ("company_id", "=", cls.company.id),
                ("create_date", ">=", cls.env.cr.now()),
            ]
        )
        if name == "coaching.coach":
            records &= cls.coach
        return records

    def test_every_model_is_covered(self):
        for name in self._models():
            self.assertIn("company_id", self.env[name]._fields, name)
            self.assertTrue(self.records[name], f"{name}: add a record to the fixture")

    def test_outsiders_read_and_write_nothing(self):
        for who, user in self.outsiders.items():
            for name, records in self.records.items():
                with self.subTest(who=who, model=name):
                    self._check_nothing(user, records, who)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def _check_nothing(self, user, records, who):
        theirs = records.with_user(user)
        theirs.invalidate_recordset()
        if (
            "coach" not in who
            or records._name not in SHARED_WITH_COACHES
            or (not user._is_internal())
        ):
            self.assertFalse(theirs._filtered_access("read"))
            for record in theirs:
                with self.assertRaises(AccessError):
                    record.read(["id", "company_id"])
            try:
                found = theirs.search([("id", "in", theirs.ids)])
            except AccessError:
                found = theirs.browse()
            self.assertFalse(found)
        for operation in ("write", "unlink"):
            self.assertFalse(theirs._filtered_access(operation), operation)
        if records._name in WRITTEN_BY_COACHES:
            # there is the right to create, but not for these clients and sessions
            for record in records if who != "insider" else ():
                values = record.with_user(record.create_uid).copy_data()[0]
                with self.assertRaises(UserError):
                    theirs.create(values)
        elif who != "manager of another company":
            self.assertFalse(theirs.browse().has_access("create"))

    def test_public_methods_refuse_outsiders(self):
        """Every public method of ours is an endpoint of the API (T17)."""
        for who, user in self.outsiders.items():
            for name, records in self.records.items():
                for method in self._public_methods(name):
                    with self.subTest(who=who, method=f"{name}.{method}"):
                        self._call(user, records[:1], method)

    def _public_methods(self, name):
        """Return the public methods that our addons define on a model."""
        methods = set()
        for cls in self.env.registry[name].mro():
            if cls.__module__.startswith("odoo.addons.coaching_"):
                methods |= {
                    method
                    for method, function in vars(cls).items()
                    if inspect.isfunction(function) and not method.startswith("_")
                }
        # those of the ORM; test_hostile.py is about what we add to them. When coaches
        # are free is for every client to see; test_slots.py is about what is told
        return methods - {
            *("get_slots", "explain_slot"),
            *("init", "create", "write", "unlink", "copy_data"),
            *("default_get", "onchange", "ensure_one"),
            # Odoo's own, which we only refuse more of
            *("message_subscribe", "message_post"),
        }

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def _call(self, user, record, method):
        """Call a method on a foreign record: refused, or a window to open at most."""
        function = getattr(record.with_user(user), method)
        arguments = [
            ARGUMENTS[parameter.name]
            for parameter in inspect.signature(function).parameters.values()
            if parameter.default is parameter.empty
        ]
        before = self._snapshot()
        try:
            with self.env.cr.savepoint():
                result = function(*arguments)
        except AccessError:
            result = None
        except Exception as error:
            # these say what is missing before they look at rights
            if method not in ("book", "plan"):
                raise
            self.assertIn("the booking type, the coach", str(error))
            result = None
        if result is not None:
            self.assertIsInstance(result, dict)
            self.assertEqual(result["type"], "ir.actions.act_window")
        self.assertEqual(self._snapshot(), before)

    def _snapshot(self):
        """Return what the tables hold, as hashes."""
        self.env.flush_all()
        result = {}
        for name in self._models():
            table = self.env[name]._table
            self.env.cr.execute(
                f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t"
            )
            result[name] = self.env.cr.fetchone()[0]
        return result

    def test_a_client_sees_his_own_and_no_more(self):
        """Clients read their sessions and packages, not remarks or pay."""
        attendances = self.records["coaching.attendance"].with_user(self.client_user)
        self.assertEqual(len(attendances.search([])), len(attendances))
        self.assertTrue(attendances.read(["state", "start", "package_id"]))
        for name, model in (
            ("outcome_note", attendances),
            ("pay_percent", attendances),
            ("outcome_note", attendances.session_id),
            ("remuneration_line_ids", attendances.session_id),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                model.read([name])
            with self.subTest(f"search {name}"), self.assertRaises(AccessError):
                model.search([(name, "!=", False)])
        lines = self.records["coaching.remuneration.line"].with_user(self.client_user)
        self.assertFalse(lines.search([]))
        with self.assertRaises(AccessError):
            attendances.action_close("completed")

    def test_private_notes_are_nobody_else_s(self):
        """Not the managers' of the same company either (R95)."""
        notes = self.records["coaching.private.note"]
        self.assertEqual(notes.author_id, self.coach_user)
        self.assertTrue(notes.with_user(self.coach_user).read(["body"]))
        insiders = (
            self.manager,
            self.officer,
            self.client_user,
            self.env.ref("base.user_admin"),
        )
        for user in insiders:
            with self.subTest(user.login):
                self._check_nothing(user, notes, "insider")
                for method in self._public_methods(notes._name):
                    self._call(user, notes, method)

    def test_what_is_typed_into_a_dialog_is_one_s_own(self):
        """Private notes and files of clients pass through dialogs (R95)."""
        for name, model in self.env.registry.items():
            if not (name.startswith("coaching.") and model._transient):
                continue
            with self.subTest(name):
                for user in (self.manager, self.coach_user):
                    domain = self.env["ir.rule"].with_user(user)
                    domain = domain._compute_domain(name, "read")
                    own = str(("create_uid", "in", [user.id]))
                    self.assertIn(
                        own,
                        str(list(domain)),
                        "add it to its security file",
                    )

    def test_the_client_changes_no_notes_or_goals(self):
        """Clients read what is shared, and have the methods of their next steps."""
        for name in sorted(WRITTEN_BY_COACHES - {"coaching.private.note"}):
            records = self.records[name].with_user(self.client_user)
            self.assertEqual(records.search([]), records)
            methods = self._public_methods(name) - {"action_open"}
            for method in methods - {"action_done", "action_undo"}:
                with self.subTest(name, method=method):
                    self._call(self.client_user, records, method)

    def test_a_coach_sees_his_own(self):
        sessions = self.env["coaching.session"].with_user(self.coach_user)
        self.assertEqual(sessions.search([]), self.records["coaching.session"])
        lines = self.env["coaching.remuneration.line"].with_user(self.coach_user)
        self.assertEqual(lines.search([]), self.records["coaching.remuneration.line"])
        self.assertFalse(
            self.env["coaching.remuneration.rule"]
            .with_user(self.coach_user)
            .has_access("read")
        )

    def test_colleagues_see_busy(self):
        """Who is coached is not read off a colleague's calendar."""
        event = self.records["coaching.session"][0].event_id
        user = self.outsiders["employee without rights in coaching"]
        event.invalidate_recordset()
        self.assertEqual(event.with_user(user).display_name, "Busy")
        self.assertNotIn(
            self.client.name, str(event.with_user(user).read(["name", "description"]))
        )

    def test_context_gives_no_rights(self):
        """What a caller puts into the context opens nothing."""
        session = self.records["coaching.session"][0]
        for key in ("coaching_projection", "install_mode", "allowed_company_ids"):
            with self.assertRaises(AccessError):
                session.with_user(self.outsiders["another client"]).with_context(
                    **{key: True if key != "allowed_company_ids" else [1]}
                ).action_cancel()

    def test_now_can_not_be_told(self):
        """Early or late is the server's clock, whatever the context says."""
        session = self.env["coaching.session"].with_context(coaching_now="2020-01-01")
        self.assertEqual(session._now(), fields.Datetime.now())

    def test_nobody_guesses_what_staff_wrote(self):
        """The log is no oracle: clients can't search through it."""
        session = self.records["coaching.session"][-1]
        self.assertIn("Secret remark", session.log_ids.mapped("description"))
        for name in ("coaching.session", "coaching.package"):
            model = self.env[name].with_user(self.client_user)
            with self.assertRaises(AccessError):
                model.search_count([("message_ids.body", "ilike", "secret")])
        with self.assertRaises(AccessError):
            session.with_user(self.client_user).search_count(
                [("log_ids.description", "ilike", "secret")]
            )

    def test_coaches_do_not_read_prices(self):
        package = self.records["coaching.package"].with_user(self.coach_user)
        for field in ("price_total", "sale_line_id", "order_id"):
            with self.subTest(field), self.assertRaises(AccessError):
                package.read([field])
        with self.assertRaises(AccessError):
            package.search([("sale_line_id", "!=", False)])
        with self.assertRaises(AccessError):
            package._read_group([], ["sale_line_id"], ["__count"])
        for field in ("price_total", "order_id"):
            self.assertFalse(package._fields[field].search, "no oracle either")

    def test_dialogs_tell_no_names(self):
        """A dialog about a foreign record does not come to be."""
        session = self.records["coaching.session"][0]
        for name, values in (
            (
                "coaching.session.close",
                {
                    "attendance_id": session.attendance_ids.id,
                    "outcome_id": self.env.ref("coaching_sessions.outcome_other").id,
                },
            ),
            ("coaching.session.cancel", {"session_ids": session.ids}),
            (
                "coaching.session.reschedule",
                {"session_id": session.id, "start": session.start},
            ),
        ):
            for who in ("another coach", "manager of another company"):
                with self.subTest(name, who=who), self.assertRaises(AccessError):
                    self.env[name].with_user(self.outsiders[who]).create(values)

    def test_shared_settings_are_everybody_s(self):
        """Who manages one company does not change what all live by."""
        policy = self.env.ref("coaching_sessions.policy_paid_no_show")
        manager = self.outsiders["manager of another company"]
        with self.assertRaisesRegex(
            AccessError, "This record applies to every company"
        ):
            policy.with_user(manager).pay_percent = 1
        own = policy.with_user(manager).copy({"company_id": manager.company_id.id})
        own.pay_percent = 1
        with self.assertRaises(AccessError):
            own.company_id = False
        self.assertEqual(policy.pay_percent, 100)

    def test_context_does_not_detach_the_event(self):
        session = self.records["coaching.session"].filtered(
            lambda session: session.state == "scheduled"
        )[:1]
        self.travel(self.now)
        event = session.event_id.with_user(self.coach_user)
        event.with_context(coaching_projection=True).unlink()
        self.assertEqual(session.state, "cancelled")
