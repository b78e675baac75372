import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_waiting import WaitingCommon


@tagged("post_install", "-at_install")
class TestWaitingRules(WaitingCommon):
    """Who may wait for what, and by which rules they book then (rank 20)."""

    def test_rules_for_clients(self):
        """Clients on the list get what they could book themselves, nothing else."""
        self.consultation.write({"client_once": True, "min_notice_hours": 0})
        wish = {
            "booking_type_id": self.consultation.id,
            "coach_id": self.coach.id,
            "date_from": self.day,
            "date_to": self.day,
        }
        Waiting = self.env["coaching.waiting"].with_user(self.third)
        entry = Waiting.join(wish).sudo()
        self.free()
        proposal = entry.proposal_ids.with_user(self.third)
        self.assertEqual(proposal.state, "open")
        other = self.book(
            user=self.third,
            start="2027-03-02 08:00:00",
            booking_type_id=self.consultation.id,
            coach_id=self.other_coach.id,
            partner_ids=self.third.partner_id.ids,
        )
        with self.assertRaisesRegex(UserError, "can only be booked once"):
            proposal.action_accept()
        self.assertEqual(proposal.state, "open")
        with self.assertRaisesRegex(
            UserError,
            "so you can't join its waiting list",
        ):
            Waiting.join({**wish, "weekdays": [1]})
        other.with_user(self.manager).action_cancel()
        self.assertTrue(Waiting.join({**wish, "weekdays": [1]}))
        # what was offered is not refused for the time it begins at
        self.consultation.write({"min_notice_hours": 24 * 30, "horizon_days": 1})
        proposal.action_accept()
        attendance = proposal.sudo().booked_session_id.attendance_ids
        self.assertEqual(attendance.once_type_id, self.consultation)
        self.consultation.write({"client_once": False, "client_can_book": False})
        with self.assertRaisesRegex(
            UserError,
            "so you can't join its waiting list",
        ):
            Waiting.join({**wish, "weekdays": [2]})
        # staff asks for whatever a client is to have
        self.assertTrue(self.wait(booking_type_id=self.consultation.id))

    def test_staff_is_not_bound(self):
        self.consultation.write({"client_once": True, "min_notice_hours": 0})
        self.book(
            start="2027-03-02 08:00:00",
            booking_type_id=self.consultation.id,
            coach_id=self.other_coach.id,
            partner_ids=self.third.partner_id.ids,
        )
        entry = self.wait(self.third.partner_id, booking_type_id=self.consultation.id)
        self.free()
        entry.proposal_ids.with_user(self.third).action_accept()
        self.assertEqual(entry.state, "booked")

    def test_refused_on_accepting(self):
        """What can't be booked leaves the offer open."""
        entry = self.wait(self.third.partner_id)
        self.free()
        terms = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "Be on time."}
        )
        self.company.coaching_terms_id = terms
        proposal = entry.proposal_ids.with_user(self.third)
        with self.assertRaisesRegex(UserError, "read and accept"):
            proposal.action_accept()
        self.assertEqual((proposal.state, entry.state), ("open", "offered"))
        self.assertEqual(proposal.sudo().hold_ids.state, "held")
        proposal.action_accept(terms_accepted=terms.id)
        self.assertEqual(entry.state, "booked")

    def test_the_database_guards(self):
        """One open offer an entry, one entry a wish, and none is deleted."""
        entry = self.wait()
        with self.assertRaisesRegex(UserError, "already"):
            self.wait()
        self.free()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "one_offer"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "INSERT INTO coaching_proposal SELECT (jsonb_populate_record(proposal,"
                " jsonb_build_object('id', nextval('coaching_proposal_id_seq')))).*"
                " FROM coaching_proposal proposal WHERE id = %s",
                (entry.proposal_ids.id,),
            )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "be deleted"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "DELETE FROM coaching_waiting WHERE id = %s", (entry.id,)
            )
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            entry.unlink()

    def test_what_makes_no_sense(self):
        for vals in (
            {"date_from": None},
            {"date_from": "2027-03-10", "date_to": "2027-03-09"},
            {"date_to": "2029-03-10"},
            {"date_from": "2026-03-10", "date_to": "2026-03-11"},
            {"weekdays": [7]},
            {"weekdays": "Monday"},
            {"hour_from": 10, "hour_to": 9},
            {"hour_from": "nine"},
            {"hour_to": 25},
            {"booking_type_id": 0},
            {"booking_type_id": 2**31 - 1},
            {"session_id": self.early.id},
            {"colour": "red"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.wait(**vals)

    def test_rights(self):
        Waiting = self.env["coaching.waiting"].with_user(self.third)
        vals = {
            "booking_type_id": self.individual.id,
            "date_from": self.day,
            "date_to": self.day,
        }
        mine = Waiting.join(vals)
        self.assertEqual(mine.partner_id, self.third.partner_id)
        with self.assertRaises(AccessError):
            Waiting.join({**vals, "partner_id": self.client.id})
        for user in (self.client_user, self.portal_coach_user, self.coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                mine.with_user(user).action_leave()
            self.assertFalse(mine.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            mine.write({"state": "booked"})
        own = self.env["coaching.waiting"].with_user(self.coach_user)
        own.join(
            {**vals, "coach_id": self.coach.id, "partner_id": self.client.id}
        ).action_leave()
        mine.action_leave()
        self.assertEqual(mine.state, "cancelled")

    def test_dialog(self):
        wizard = (
            self.env["coaching.waiting.join"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": self.client.id,
                    "booking_type_id": self.individual.id,
                    "date_from": self.day,
                    "date_to": self.day,
                    "tuesday": True,
                }
            )
        )
        wizard.action_join()
        entry = self.env["coaching.waiting"].search([])[-1]
        self.assertEqual((entry.partner_id, entry.weekdays), (self.client, "1"))
