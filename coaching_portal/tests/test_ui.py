from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestUi(PortalCommon):
    """The coach's close-out in a browser as wide as a telephone."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a browser needs a clock that goes on
        cls.clock = cls.startClassPatcher(freeze_time(cls.now, tick=True))

    def test_close_out(self):
        """Two taps for what went well, one form for what did not (R29, R31-R33)."""
        self._issue_makeups("no_show")
        self.client.name = "Anna Meyer"
        missed, done = self.book(days=1, hour=9), self.book(days=1, hour=10)
        self.travel(done.stop + timedelta(hours=1))
        self.start_tour(
            "/my", "coaching_portal_close_out", login=self.portal_coach_user.login
        )
        self.env.invalidate_all()
        self.assertEqual(missed.attendance_ids.outcome_id.code, "no_show")
        self.assertEqual(missed.attendance_ids.outcome_note, "Called twice")
        self.assertEqual(missed.attendance_ids.makeup_id.state, "issued")
        self.assertEqual(done.state, "completed")
        self.assertBalance(self.package, remaining=3, used=2)

    def test_cancel(self):
        """A client reads what will happen, then cancels."""
        session = self.book(days=3)
        self.start_tour("/my", "coaching_portal_cancel", login=self.client_user.login)
        self.env.invalidate_all()
        self.assertEqual(session.state, "early_cancel")
        self.assertEqual(session.attendance_ids.outcome_note, "Dentist")

    # R54 R61 R80
    def test_book(self):
        """A client chooses what, with whom and when, and accepts the terms."""
        terms = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "<p>Come in socks.</p>"}
        )
        self.company.coaching_terms_id = terms
        self.start_tour("/my", "coaching_portal_book", login=self.client_user.login)
        self.env.invalidate_all()
        attendance = self.env["coaching.attendance"].search(
            [("partner_id", "=", self.client.id)]
        )
        self.assertEqual(str(attendance.start), "2027-03-02 09:00:00")
        self.assertEqual(attendance.coach_id, self.portal_coach)
        self.assertEqual(attendance.session_id.note, "Speaking up in meetings")
        self.assertFalse(terms._get_missing(self.client))
        self.assertBalance(self.package, remaining=4, held=1)

    # R99 R100 R101
    def test_propose_and_pick(self):
        """The coach offers two times, the client takes the second one."""
        session = self.book(days=3)
        self.start_tour(
            f"/my/coaching/coach/{session.id}/offer",
            "coaching_portal_offer",
            login=self.portal_coach_user.login,
        )
        self.start_tour(
            "/my/coaching/sessions",
            "coaching_portal_pick",
            login=self.client_user.login,
        )
        self.env.invalidate_all()
        self.assertEqual(str(session.start), "2027-03-05 14:00:00")
        self.assertEqual(session.proposal_ids.mapped("state"), ["accepted"])


@tagged("post_install", "-at_install")
class TestUiDesktop(TestUi):
    """The same at a desk."""

    browser_size = "1280x900"
    touch_enabled = False
