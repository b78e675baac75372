from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_slots import DAY, SlotsCommon


@tagged("post_install", "-at_install")
class TestSlotsRights(SlotsCommon):
    """What asking costs, and who may ask."""

    # === COST AND RIGHTS === #

    def test_as_many_queries_for_many_coaches(self):
        counts = []
        # the first one is for what is cached for good
        for wanted in (1, 1, 10, 100):
            coaches = self._get_coaches(wanted)
            self.type.coach_ids = coaches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.env["coaching.booking.type"].get_slots(
                self.type.id, DAY, DAY + timedelta(days=30), tz="UTC"
            )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found[0]["coach_ids"]), wanted)
        self.assertEqual(len(set(counts[1:])), 1, counts)
        self.assertLessEqual(counts[1], 12)

    def test_who_may_ask(self):
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.slots(user=public)
        with self.assertRaises(AccessError):
            self.slots(user=self.client_user, partner_id=self.other_client.id)
        session = self._book_for(self.other_client, self.at(9))
        with self.assertRaises(AccessError):
            self.slots(user=self.client_user, session_id=session.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "slots_stranger",
            "coaching_sessions.group_coaching_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.type.company_id = self.env.company
        with self.assertRaises(AccessError):
            self.slots(user=stranger)
        # nor is anything booked there by leaving out who gives it
        with self.assertRaises(AccessError):
            self.env["coaching.session"].with_user(stranger).book(
                {
                    "booking_type_id": self.type.id,
                    "coach_id": None,
                    "partner_ids": stranger.partner_id.ids,
                    "start": self.at(9),
                }
            )

    def test_what_is_told(self):
        """Times and numbers, and nothing about what takes the rest."""
        self._book_for(self.other_client, self.at(9))
        found = (
            self.env["coaching.booking.type"]
            .with_user(self.client_user)
            .get_slots(self.type.id, DAY, DAY)
        )
        self.assertEqual(
            set(found[0]), {"start", "stop", "coach_ids", "seats", "joins"}
        )

    def test_what_makes_no_sense(self):
        for days, sentence in (
            ((DAY, DAY - timedelta(days=1)), "the earlier one first"),
            ((DAY, DAY + timedelta(days=400)), "too many days"),
            (("nonsense", DAY), ""),
            ((None, DAY), "Choose the first and last day"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.env["coaching.booking.type"].get_slots(self.type.id, *days)
        with self.assertRaisesRegex(UserError, "” is not a time zone"):
            self.env["coaching.booking.type"].get_slots(
                self.type.id, DAY, DAY, tz="Moon/Tranquility"
            )
        with self.assertRaisesRegex(UserError, "no longer exists"):
            self.env["coaching.booking.type"].get_slots(2**30, DAY, DAY)
        with self.assertRaises(UserError):
            self.env["coaching.booking.type"].get_slots("one", DAY, DAY)
