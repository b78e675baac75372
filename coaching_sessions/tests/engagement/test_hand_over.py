from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestHandOver(CoachingCommon):
    """A client goes to a coach who suits better (R67)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_hand_over")
        cls.individual.coach_ids = [Command.clear()]
        case.travel(cls.now)
        cls.attendance = case.close(
            case.book(), "completed", note="Told <b>everything</b>"
        )
        cls.engagement = cls.attendance.engagement_id
        cls.other_coach.partner_id.email = "new@example.com"
        cls.travelled = cls.attendance.closed_at

    def setUp(self):
        super().setUp()
        self.travel(self.travelled)

    def _hand_over(self, user=None, **values):
        engagement = self.engagement.with_user(user or self.coach_user)
        return engagement.action_hand_over(self.other_coach.id, **values)

    def _mails(self):
        return self.env["coaching.notification"].search(
            [("engagement_id", "!=", False)], order="id"
        )

    # R67
    def test_hand_over(self):
        other = self._hand_over(note="Afraid of heights", share_history=True).sudo()
        self.assertRecordValues(
            other,
            [
                {
                    "partner_id": self.client.id,
                    "coach_id": self.other_coach.id,
                    "state": "active",
                    "handed_over_from_id": self.engagement.id,
                    "handed_over_by_id": self.coach_user.id,
                    "handed_over_at": self.travelled,
                    "hand_over_note": "Afraid of heights",
                    "shares_history": True,
                    "shares_notes": False,
                    "shares_goals": False,
                    "last_booked_at": False,
                }
            ],
        )
        self.assertEqual(self.engagement.handed_over_to_id, other)
        self.assertEqual(self.engagement.state, "active", "both may go on")
        for engagement in (self.engagement, other):
            self.assertIn("handed the client over to", engagement.message_ids[0].body)

    def test_mails(self):
        self._hand_over(note="Afraid of heights")
        mails = self._mails()
        self.assertRecordValues(
            mails,
            [
                {
                    "kind": "handed_over",
                    "partner_id": self.client.id,
                    "message": False,
                },
                {
                    "kind": "took_over",
                    "partner_id": self.other_coach.partner_id.id,
                    "message": "Afraid of heights",
                },
            ],
        )
        for mail in mails:
            mail._send()
        self.assertEqual(mails.mapped("state"), ["sent", "sent"])
        to_client, to_coach = (mail.mail_id.body_html for mail in mails)
        self.assertIn("coaching_portal_coach", to_client)
        self.assertNotIn("heights", to_client)
        self.assertIn("heights", to_coach)

    def test_what_is_no_longer_true_is_not_sent(self):
        other = self._hand_over().sudo()
        other.action_end()
        for mail in self._mails():
            mail._send()
        self.assertEqual(set(self._mails().mapped("state")), {"skipped"})

    def test_only_what_was_ticked(self):
        for ticked, seen, hidden in (
            ({}, (), ("Individual", "Told")),
            ({"share_history": True}, ("Individual", "Completed"), ("Told",)),
            ({"share_notes": True}, ("Individual", "Told &lt;b&gt;"), ("<b>",)),
        ):
            with self.subTest(ticked):
                other = self._hand_over(**ticked).with_user(self.portal_coach_user)
                other.invalidate_recordset()
                text = other.shared_html or ""
                for word in seen:
                    self.assertIn(word, text)
                for word in hidden:
                    self.assertNotIn(word, text)
        theirs = self.attendance.with_user(self.portal_coach_user)
        self.assertFalse(theirs._filtered_access("read"), "no access of its own")
        self.assertFalse(
            self.engagement.with_user(self.portal_coach_user)._filtered_access("read")
        )

    def test_notes_and_goals(self):
        """Shared notes and goals as ticked; nobody's private notes, ever."""
        attendance = self.attendance.with_user(self.coach_user)
        attendance.action_add_note("<p>Talked about heights</p>", kind="insight")
        attendance.action_add_note("My own thoughts", private=True)
        attendance.action_add_goal("Climb a tower")
        withdrawn = attendance.action_add_note("By mistake")
        withdrawn.with_user(self.coach_user).action_withdraw()
        for ticked, seen in (
            ({}, set()),
            ({"share_history": True}, set()),
            ({"share_notes": True}, {"Talked about heights"}),
            ({"share_goals": True}, {"Climb a tower"}),
            (
                {"share_notes": True, "share_goals": True, "share_history": True},
                {"Talked about heights", "Climb a tower"},
            ),
        ):
            other = self._hand_over(**ticked).with_user(self.portal_coach_user)
            other.invalidate_recordset()
            text = other.shared_html or ""
            for word in (
                *("Talked about heights", "Climb a tower"),
                *("My own thoughts", "By mistake"),
            ):
                with self.subTest(ticked, word=word):
                    self.assertEqual(word in text, word in seen)

    def test_what_comes_later_is_not_shared(self):
        other = self._hand_over(share_notes=True).sudo()
        self.close(self.book(days=9), "completed", note="Between us")
        self.assertNotIn("Between us", other.shared_html)

    def test_the_new_coach_books(self):
        """Also one with a portal login, who books for known clients only."""
        vals = {
            "user": self.portal_coach_user,
            "coach_id": self.other_coach.id,
            "days": 3,
        }
        with self.assertRaisesRegex(
            AccessError,
            "You can only book for clients you have already had a session with",
        ):
            self.book(**vals)
        other = self._hand_over().sudo()
        self.assertEqual(self.book(**vals).attendance_ids.engagement_id.sudo(), other)

    def test_end(self):
        slot = self.engagement.action_reserve_slot()
        self._hand_over(end=True)
        self.assertEqual(self.engagement.state, "ended")
        self.assertIn("Handed over to", self.engagement.end_reason)
        self.assertEqual(slot.state, "removed")

    def test_not_ended_while_booked(self):
        self.book(days=8)
        before = self.env["coaching.engagement"].search_count([])
        with self.assertRaisesRegex(UserError, "still has sessions booked"):
            with self.env.cr.savepoint():
                self._hand_over(end=True)
        self.assertEqual(self.env["coaching.engagement"].search_count([]), before)

    def test_back_again(self):
        """To and fro: the same two rows."""
        other = self._hand_over(end=True).sudo()
        back = other.action_hand_over(self.coach.id, end=True)
        self.assertEqual(back, self.engagement)
        self.assertEqual((back.state, other.state), ("active", "ended"))
        self.assertFalse(back.handed_over_to_id)

    def test_refusals(self):
        engagement = self.engagement.with_user(self.manager)
        other_company = self.env["res.company"].create({"name": "Other company"})
        foreign = self.env["coaching.coach"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "F"}).id,
                "company_id": other_company.id,
            }
        )
        archived = self.env["coaching.coach"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id}
        )
        archived.active = False
        for coach_id in (foreign.id, archived.id, 2**31 - 1, 0):
            with self.assertRaisesRegex(UserError, "This coach does not exist in"):
                engagement.action_hand_over(coach_id)
        for coach_id in ("x", -1, 2**40):
            with self.assertRaisesRegex(UserError, "” is not a record ID"):
                engagement.action_hand_over(coach_id)
        with self.assertRaisesRegex(UserError, "already works with"):
            engagement.action_hand_over(self.coach.id)
        for user in (self.client_user, self.portal_coach_user):
            with self.assertRaises(AccessError):
                self._hand_over(user=user)
