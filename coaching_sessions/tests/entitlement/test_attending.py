from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...tools.attending import find_owed_slot
from ..common import CoachingCommon

DAYS = st.sampled_from((None, -1, 0, 30))
PACKAGES = st.lists(
    st.fixed_dictionaries(
        {
            "unit": st.sampled_from(("sessions", "minutes", "unlimited", "monthly")),
            "quantity": st.sampled_from((1, 2, 60)),
            # of the client, shared with them, with their household, or somebody else's
            "whose": st.sampled_from(("own", "member", "household", "foreign")),
            "begins": DAYS,
            "expires": DAYS,
            "state": st.sampled_from(("", "", "", "cancelled", "company", "type")),
        }
    ),
    max_size=3,
)
MAKEUPS = st.lists(
    st.fixed_dictionaries(
        {"expires": DAYS, "state": st.sampled_from(("issued", "revoked"))}
    ),
    max_size=2,
)


@tagged("post_install", "-at_install")
class TestAttending(CoachingCommon):
    """What is told before is what booking does (R119, R128, R132, R135)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        household = cls.env["res.partner"].create(
            {"name": "Household", "is_company": True}
        )
        cls.client.parent_id = household
        cls.parent = cls.env["res.partner"].create(
            {"name": "Parent", "parent_id": household.id}
        )
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.package.cancelled = True
        cls.monthly = cls.env["product.product"].create(
            {
                "name": "Two a month",
                "type": "service",
                "list_price": 100.0,
                "coaching_package": True,
                "coaching_session_count": 2,
                "coaching_validity_months": 2,
                "coaching_period": "month",
                "taxes_id": [Command.clear()],
            }
        )
        cls.office = new_test_user(
            cls.env,
            "coaching_office",
            "coaching_sessions.group_coaching_manager",
            tz="UTC",
        )
        cls.start = datetime(2027, 3, 2, 9)

    def _day(self, days):
        return days is not None and self.start.date() + timedelta(days=days)

    def _make_package(self, spec):
        owner = {
            "own": self.client,
            "member": self.other_client,
            "household": self.parent,
            "foreign": self.other_client,
        }[spec["whose"]]
        if spec["unit"] == "monthly":
            return self._sell(owner, product=self.monthly)
        begins, expires = self._day(spec["begins"]), self._day(spec["expires"])
        if begins and expires and begins > expires:
            begins = False
        values = {
            "partner_id": owner.id,
            "unit": spec["unit"],
            "start_date": begins,
            "expiry_date": expires,
        }
        if spec["whose"] == "member":
            values["sharing"] = "members"
            values["member_ids"] = [Command.set(self.client.ids)]
        elif spec["whose"] == "household":
            values["sharing"] = "household"
        if spec["state"] == "company":
            values["company_id"] = self.other_company.id
        elif spec["state"] == "type":
            values["booking_type_ids"] = [Command.set(self.consultation.ids)]
        quantity = 0 if spec["unit"] == "unlimited" else spec["quantity"]
        package = self.env["coaching.package"]._grant(values, quantity)
        package.cancelled = spec["state"] == "cancelled"
        return package

    def _make_makeup(self, spec):
        makeup = self.env["coaching.makeup"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "user_id": self.env.uid,
                "expiry_date": self._day(spec["expires"]),
                "state": spec["state"],
            }
        )
        return makeup

    def _owe(self, taken):
        """Let the client owe a session for each of these lengths, in this order."""
        self.client.coaching_owed_limit = 100
        for day, count in enumerate(taken, 7):
            self.individual.sessions_deducted = count
            self.book(days=day, user=self.office)

    @settings(
        max_examples=50,
        # an example takes a second: made smaller by hand where one fails
        phases=(Phase.generate,),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        packages=PACKAGES,
        makeups=MAKEUPS,
        owed=st.lists(st.integers(1, 2), max_size=2),
        limit=st.integers(0, 4),
        deducted=st.integers(0, 2),
        required=st.booleans(),
        what=st.sampled_from(("individual", "individual", "consultation", "makeup")),
        wish=st.sampled_from((None, None, 0, 1, "without")),
        booker=st.sampled_from(("client", "coach", "manager")),
    )
    def test_the_preview_is_what_booking_does(
        self, packages, makeups, owed, limit, deducted, required, what, wish, booker
    ):
        """The same package, make-up or debt; refused if and only if it says so."""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            booking_type = {
                "individual": self.individual,
                "consultation": self.consultation,
                "makeup": self.makeup_type,
            }[what]
            self._owe(owed)
            made = self.env["coaching.package"].union(
                *map(self._make_package, packages)
            )
            for spec in makeups:
                self._make_makeup(spec)
            self.company.coaching_package_required = required
            self.client.coaching_owed_limit = limit
            self.individual.sessions_deducted = deducted
            self._compare(booking_type, made, wish, booker)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)
            self.env.transaction.clear()

    def _compare(self, booking_type, made, wish, booker):
        user = {
            "client": self.client_user,
            "coach": self.coach_user,
            "manager": self.office,
        }[booker]
        package = made.browse()
        if isinstance(wish, int):
            package = made[wish : wish + 1]
            if booker == "client" and package and not package._is_for(self.client):
                # refused for its rights, before anything is looked at
                package = made.browse()
        without = wish == "without"
        stop = self.start + timedelta(minutes=booking_type.duration_minutes)
        preview = booking_type.with_user(user)._preview_attending(
            self.client,
            self.coach,
            self.start,
            stop,
            package=package.sudo(),
            without_package=without,
        )
        kind, packages = booking_type.with_user(user)._preview_entitlement(
            self.client, self.coach, self.start, stop
        )
        try:
            session = self.book(
                user=user,
                start=self.start,
                booking_type_id=booking_type.id,
                package_id=package.id,
                without_package=without,
            )
        except UserError as error:
            self.assertEqual(str(error), preview.refusal)
            return
        self.assertEqual(preview.refusal, "")
        attendance = session.sudo().attendance_ids
        self.assertEqual(attendance.package_id, preview.package or made.browse())
        self.assertEqual(
            attendance.used_makeup_id,
            preview.makeup or self.env["coaching.makeup"],
        )
        self.assertEqual(attendance.owed_slot, preview.owed_slot)
        if not package and not without:
            self.assertEqual(kind, preview.kind)
            self.assertEqual(packages[:1], attendance.package_id)

    @given(
        owed=st.lists(st.integers(1, 3), max_size=6),
        given_back=st.sets(st.integers(0, 5)),
        count=st.integers(0, 3),
        limit=st.none() | st.integers(0, 12),
    )
    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    def test_numbers_of_what_is_owed(self, owed, given_back, count, limit):
        """Never two sessions on one number, never more than may be owed."""
        taken = []
        for size in owed:
            taken.append((find_owed_slot(taken, size), size))
        taken = [one for place, one in enumerate(taken) if place not in given_back]
        slot = find_owed_slot(taken, count, limit)
        numbers = [n for first, size in taken for n in range(first, first + size)]
        self.assertEqual(len(numbers), len(set(numbers)))
        if slot is None:
            self.assertTrue(not count or limit is not None)
            return
        mine = set(range(slot, slot + count))
        self.assertFalse(mine & set(numbers))
        if limit is not None:
            self.assertLessEqual(max(mine), limit)
            self.assertLessEqual(len(numbers) + count, limit)

    def test_owed_is_not_promised_beyond_the_limit(self):
        """Who owes all that may be owed is told so before, not by the refusal."""
        self.client.coaching_owed_limit = 1
        self.book(user=self.office)
        args = (self.client, self.coach, self.start, self.start + timedelta(hours=1))
        types = self.individual.with_user(self.client_user).sudo()
        self.assertEqual(types._preview_entitlement(*args)[0], "missing")
        self.assertRegex(types._preview_lack(*args), "^You have no package")
