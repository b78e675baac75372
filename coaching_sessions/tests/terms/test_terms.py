from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_terms import TermsCommon


@tagged("post_install", "-at_install")
class TestTerms(TermsCommon):
    """What clients accept, and what they agree to."""

    def acceptances(self, partner=None):
        return self.env["coaching.terms.acceptance"].search(
            [("partner_id", "=", (partner or self.client).id)]
        )

    # === ACCEPTING === #

    # R48 R54
    def test_client_accepts_before_booking(self):
        with self.assertRaisesRegex(UserError, "accept “House rules"):
            self.book(user=self.client_user)
        self.assertFalse(self.acceptances())
        session = self.book(user=self.client_user, terms_accepted=True)
        acceptance = self.acceptances()
        self.assertRecordValues(
            acceptance,
            [
                {
                    "terms_id": self.terms.id,
                    "version": 1,
                    "how": "client",
                    "user_id": self.client_user.id,
                    "session_id": session.id,
                    "attendance_id": session.attendance_ids.id,
                    "accepted_at": self.now,
                }
            ],
        )
        self.assertEqual(self.terms.acceptance_count, 1)
        with self.subTest("once is enough"):
            again = self.book(days=2, user=self.client_user)
            attendance = again.sudo().attendance_ids
            self.assertEqual(attendance.terms_acceptance_id, acceptance)
        with self.subTest("twice is recorded once"):
            self.book(days=3, user=self.client_user, terms_accepted=True)
            self.assertEqual(self.acceptances(), acceptance)

    def test_the_terms_that_were_read(self):
        """Terms that changed while the client read are not accepted unread."""
        with self.assertRaisesRegex(UserError, "The terms have just changed"):
            self.book(user=self.client_user, terms_accepted=self.terms.id + 1)
        self.book(user=self.client_user, terms_accepted=self.terms.id)
        self.assertTrue(self.acceptances())
        for value in ("yes", -1, [1]):
            with self.subTest(value), self.assertRaises(UserError):
                self.book(days=2, user=self.client_user, terms_accepted=value)

    # R48
    def test_staff_is_never_held_up(self):
        for days, user in enumerate((self.coach_user, self.manager), 1):
            self.book(days=days, user=user)
        self.assertFalse(self.acceptances())
        self.book(days=3, user=self.manager, terms_accepted=True)
        self.assertEqual(self.acceptances().how, "staff")
        self.assertEqual(self.acceptances().user_id, self.manager)

    # R48
    def test_a_coach_who_is_a_client(self):
        """Whoever books as a client accepts as one, whatever else they are."""
        self.consultation.terms_id = self.terms
        values = {
            "booking_type_id": self.consultation.id,
            "coach_id": self.other_coach.id,
            "partner_ids": self.coach_user.partner_id.ids,
        }
        with self.assertRaisesRegex(UserError, "House rules"):
            self.book(user=self.coach_user, **values)
        self.book(user=self.coach_user, terms_accepted=True, **values)
        self.assertEqual(self.acceptances(self.coach_user.partner_id).how, "client")

    # R53
    def test_terms_of_the_company(self):
        self.individual.terms_id = False
        self.book(user=self.client_user)
        self.company.coaching_terms_id = self.terms
        with self.assertRaisesRegex(UserError, "House rules"):
            self.book(days=2, user=self.client_user)
        self.book(days=2, user=self.manager)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.coaching_terms_id, self.terms)

    def test_a_group(self):
        self.group_type.terms_id = self.terms
        self._sell(self.other_client)
        self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
            terms_accepted=True,
        )
        self.assertEqual(len(self.terms.acceptance_ids), 2)

    def test_moving_needs_no_new_acceptance(self):
        session = self.book()
        self.terms.with_user(self.manager).action_new_version()
        session.action_reschedule(session.start.replace(hour=13))
        self.assertEqual(session.start.hour, 13)

    # === VERSIONS === #

    # R53
    def test_accepted_terms_stay(self):
        self.terms.body = "<p>Be there in time.</p>"
        self.book(terms_accepted=True)
        for values in ({"body": "<p>Pay more.</p>"}, {"name": "x"}, {"version": 7}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "new version"):
                self.terms.write(values)
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.terms.unlink()
        self.terms.active = False
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE coaching_terms SET body = '{}' WHERE id = %s",
                    (self.terms.id,),
                )

    def test_acceptances_stay(self):
        self.book(terms_accepted=True)
        acceptance = self.acceptances()
        with self.assertRaisesRegex(UserError, "can't change"):
            acceptance.version = 2
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            acceptance.unlink()
        for query in (
            "UPDATE coaching_terms_acceptance SET version = 2 WHERE id = %s",
            "DELETE FROM coaching_terms_acceptance WHERE id = %s",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query, (acceptance.id,))

    # R48 R53
    def test_new_version(self):
        self.company.coaching_terms_id = self.terms
        self.book(user=self.client_user, terms_accepted=True)
        action = self.terms.with_user(self.manager).action_new_version()
        new = self.env["coaching.terms"].browse(action["res_id"])
        self.assertEqual((new.name, new.version), ("House rules", 2))
        self.assertEqual(new.body, self.terms.body)
        self.assertEqual(self.individual.terms_id, new)
        self.assertEqual(self.company.coaching_terms_id, new)
        self.assertFalse(self.terms.active)
        new.body = "<p>Be early.</p>"
        with self.assertRaisesRegex(UserError, "version 2"):
            self.book(days=2, user=self.client_user)
        self.book(days=2, user=self.client_user, terms_accepted=True)
        self.assertEqual(self.acceptances().mapped("version"), [2, 1])
        with self.subTest("from any version"):
            self.terms.with_user(self.manager).action_new_version()
            self.assertEqual(self.individual.terms_id.version, 3)
            self.individual.terms_id.with_user(self.manager).action_new_version()
            self.assertEqual(self.individual.terms_id.version, 4)
            self.assertEqual(self.individual.terms_id.first_id, self.terms)
        with self.subTest("by managers"), self.assertRaises(AccessError):
            self.individual.terms_id.with_user(self.coach_user).action_new_version()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.individual.terms_id.version = 2
            self.env.flush_all()

    # === AGREEING === #

    # R57
    def test_agreement(self):
        session = self.book(user=self.coach_user, client_agreed="By phone")
        self.assertRecordValues(
            session.attendance_ids,
            [
                {
                    "agreed_at": self.now,
                    "agreed_by_id": self.coach_user.id,
                    "agreement_note": "By phone",
                }
            ],
        )
        with self.subTest("without it"):
            self.assertFalse(self.book(days=2, user=self.coach_user).agreed_at)
        self.individual.agreement_required = True
        for user in (self.coach_user, self.manager):
            with self.assertRaisesRegex(UserError, "needs the agreement of"):
                self.book(days=3, user=user)
        yes = self.book(days=3, user=self.manager, client_agreed=True)
        self.assertEqual(yes.agreed_by_id, self.manager)
        with self.subTest("booking for oneself is agreeing"):
            own = self.book(days=4, user=self.client_user, terms_accepted=True).sudo()
            self.assertEqual(own.agreed_by_id, self.client_user)
        with self.subTest("moving"):
            own.with_user(self.manager).action_reschedule(own.start.replace(hour=13))
        with self.assertRaises(UserError):
            self.book(days=5, user=self.manager, client_agreed=7)
        with self.subTest("the next session"):
            engagement = session.attendance_ids.engagement_id
            engagement = engagement.with_user(self.coach_user)
            start = session.start.replace(day=8)
            with self.assertRaisesRegex(UserError, "needs the agreement of"):
                engagement.action_book_next(start)
            following = engagement.action_book_next(start, client_agreed="By phone")
            self.assertEqual(following.agreement_note, "By phone")

    # R54 R57
    def test_dialog(self):
        self.individual.agreement_required = True
        dialog = Form(self.env["coaching.session.book"].with_user(self.coach_user))
        dialog.booking_type_id = self.individual
        dialog.coach_id = self.coach
        dialog.start = self.now.replace(day=2, hour=9)
        dialog.partner_ids.add(self.client)
        self.assertEqual(dialog.terms_body, self.terms.body)
        self.assertTrue(dialog.terms_missing)
        self.assertIn("more than 24 hours", dialog.policy_description)
        dialog.terms_accepted = True
        dialog.client_agreed = True
        dialog.agreement_note = "In the session"
        action = dialog.save().action_book()
        session = self.env["coaching.session"].browse(action["res_id"])
        self.assertEqual(session.agreement_note, "In the session")
        self.assertEqual(self.acceptances().how, "staff")
        dialog = Form(self.env["coaching.session.book"].with_user(self.coach_user))
        dialog.booking_type_id = self.individual
        dialog.partner_ids.add(self.client)
        self.assertFalse(dialog.terms_missing, "not asked twice")
        form = Form(session.with_user(self.coach_user))
        self.assertEqual(form.terms_accepted, "House rules, version 1")

    def test_coach_sees_that_the_client_accepted(self):
        """Also what was accepted when booking with another coach."""
        self.book(coach_id=self.other_coach.id, terms_accepted=True)
        session = self.book(days=2).with_user(self.coach_user)
        session.invalidate_recordset()
        self.assertEqual(session.terms_accepted, "House rules, version 1")
        Form(session)

    def test_contact(self):
        self.book(terms_accepted=True)
        partner = self.client.with_user(self.manager)
        action = partner.action_view_coaching_acceptances()
        found = self.env["coaching.terms.acceptance"].search(action["domain"])
        self.assertEqual(found, partner.sudo().coaching_acceptance_ids)
        self.assertEqual(len(found), 1)
