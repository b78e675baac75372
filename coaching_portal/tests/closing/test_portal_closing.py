from datetime import timedelta

from lxml import html

from odoo.tests import tagged

from ..common import COACH, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalClosing(PortalCommon):
    """A coach says what became of a session, with one tap or with a form."""

    def test_one_click(self):
        """Completed with one tap, as the coach's own user (R11, R32)."""
        session = self.book()
        self.travel(session.stop)
        response = self.post(f"{COACH}/{session.id}/complete", self.portal_coach_user)
        self.assertSentHome(response, f"{COACH}?saved={session.id}")
        attendance = session.attendance_ids
        self.assertEqual(attendance.outcome_id.code, "completed")
        self.assertEqual(attendance.closed_by_id, self.portal_coach_user)
        self.assertBalance(self.package, remaining=4, used=1)
        page = self.open(response.headers["Location"])
        self.assertIn("Saved", self.text(page, "//*[@role='status']"))
        with self.subTest("twice"):
            moves = self.package.move_ids
            self.post(f"{COACH}/{session.id}/complete")
            self.assertEqual(self.package.move_ids, moves)

    def test_page_asks_and_says_what_follows(self):
        """Did the client attend? Each answer with what will happen (R15, R29, R33)."""
        self._issue_makeups("no_show")
        session = self.book()
        self.travel(session.stop)
        page = self.open(f"{COACH}/{session.id}", self.portal_coach_user)
        self.assertIn(f"Did {self.client.name} attend?", self.text(page))
        answers = {
            self.find(node, "//input")[0].get("value"): " ".join(
                node.text_content().split()
            )
            for node in self.find(page, "//*[hasclass('o_coaching_choice')]")
        }
        self.assertEqual(set(answers), set(self.outcomes.mapped("code")))
        self.assertIn("No-show", answers["no_show"])
        for outcome in self.outcomes:
            for sentence in session.attendance_ids._get_consequences(outcome):
                self.assertIn(sentence, answers[outcome.code])
        self.assertIn("free make-up", answers["no_show"])
        self.assertIn("is returned to package", answers["coach_missed"])

    def test_every_answer(self):
        """The consequences shown are those that are posted (R15-R21)."""
        for index, outcome in enumerate(self.outcomes):
            with self.subTest(outcome.code):
                self.travel(self.now)
                package = self._sell(self.client)
                session = self.book(days=1 + index // 4, hour=8 + index % 4)
                session.attendance_ids.invalidate_recordset()
                self.travel(session.stop)
                response = self.post(
                    f"{COACH}/{session.id}/close",
                    self.portal_coach_user,
                    attendance_id=session.attendance_ids.id,
                    outcome_code=outcome.code,
                    note="As it was",
                )
                self.assertSentHome(response, f"{COACH}?saved={session.id}")
                self.assertEqual(session.attendance_ids.outcome_id, outcome)
                self.assertEqual(session.attendance_ids.outcome_note, "As it was")
                self.assertTrue(package)

    def test_errors_keep_what_was_typed(self):
        outcome = self.outcomes.filtered(lambda outcome: outcome.code == "other")
        outcome.note_required = True
        session = self.book()
        self.travel(session.stop)
        data = {"attendance_id": session.attendance_ids.id}
        path = f"{COACH}/{session.id}/close"
        self.login(self.portal_coach_user)
        response = self.post(path, **data, outcome_code="other", note="  ")
        self.assertEqual(response.status_code, 200)
        self.assertIn("needs a note", response.text)
        checked = self.find(html.fromstring(response.text), "//input[@checked]")
        self.assertEqual([node.get("value") for node in checked], ["other"])
        self.assertEqual(session.state, "scheduled")
        response = self.post(path, **data, note="Half a sentence")
        self.assertIn("Choose what happened", response.text)
        self.assertIn("Half a sentence", response.text)
        response = self.post(path, **data, outcome_code="bogus", note="Kept text")
        self.assertEqual(response.status_code, 200)
        self.assertIn("There is no outcome", response.text)
        self.assertIn("Kept text", response.text)
        self.assertEqual(session.state, "scheduled")

    def test_correct_at_any_time(self):
        """No lock-out by age, and the answer given is shown first (R14)."""
        session = self.book()
        attendance = self.close(session, "no_show", note="Called twice")
        self.travel(session.stop + timedelta(days=400))
        path = f"{COACH}/{session.id}"
        page = self.open(path, self.portal_coach_user)
        self.assertIn(
            "No-show",
            self.text(page, "//*[hasclass('o_coaching_recorded')]"),
        )
        self.assertIn(
            "Called twice", self.text(page, "//*[hasclass('o_coaching_recorded')]")
        )
        checked = self.find(page, "//input[@checked]")
        self.assertEqual([node.get("value") for node in checked], ["no_show"])
        self.post(
            f"{path}/close",
            attendance_id=attendance.id,
            outcome_code="client_emergency",
            note="Was in hospital",
        )
        self.assertEqual(attendance.state, "cancelled")
        self.assertEqual(attendance.outcome_note, "Was in hospital")
        self.assertBalance(self.package, remaining=5)

    def test_correction_that_can_not_be(self):
        """A used make-up can't be taken back: a sentence, nothing changed."""
        self._issue_makeups("no_show")
        missed = self.close(self.book(days=1), "no_show")
        self.book(days=4, booking_type_id=self.makeup_type.id)
        response = self.post(
            f"{COACH}/{missed.session_id.id}/close",
            self.portal_coach_user,
            attendance_id=missed.id,
            outcome_code="completed",
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("so the outcome can", response.text)
        self.assertEqual(missed.state, "no_show")

    def test_before_the_session(self):
        """Only that it won't take place can be recorded; nothing else is offered."""
        session = self.book(days=3)
        path = f"{COACH}/{session.id}"
        page = self.open(path, self.portal_coach_user)
        values = {
            node.get("value") for node in self.find(page, "//input[@type='radio']")
        }
        allowed = self.outcomes.filtered("before_start")
        self.assertEqual(values, set(allowed.mapped("code")))
        response = self.post(
            f"{path}/close",
            attendance_id=session.attendance_ids.id,
            outcome_code="completed",
        )
        self.assertIn("has not begun", response.text)
        response = self.post(f"{path}/complete")
        self.assertEqual(response.status_code, 200)
        self.assertIn("has not begun", response.text)
        self.assertEqual(session.state, "scheduled")

    def _book_group(self):
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        return session

    def test_group_one_by_one(self):
        session = self._book_group()
        mine = session.attendance_ids.filtered(lambda a: a.partner_id == self.client)
        path = f"{COACH}/{session.id}"
        page = self.open(path, self.portal_coach_user)
        self.assertEqual(len(self.find(page, "//*[hasclass('o_coaching_client')]")), 2)
        self.assertIn("All completed", self.text(page))
        self.assertFalse(self.find(page, "//input[@type='radio']"))
        page = self.open(f"{path}?client={mine.id}")
        form = self.find(page, "//form[hasclass('o_coaching_close')]")
        self.assertEqual(len(form), 1, "what happened is asked for one at a time")
        response = self.post(
            f"{path}/close", attendance_id=mine.id, outcome_code="no_show"
        )
        self.assertSentHome(response, path)
        self.assertEqual(mine.state, "no_show")
        response = self.post(f"{path}/complete")
        self.assertSentHome(response, f"{COACH}?saved={session.id}")
        states = {a.partner_id: a.state for a in session.attendance_ids}
        self.assertEqual(
            states, {self.client: "no_show", self.other_client: "completed"}
        )

    def test_all_attended(self):
        session = self._book_group()
        self.post(f"{COACH}/{session.id}/complete", self.portal_coach_user)
        self.assertEqual(session.attendance_ids.mapped("state"), ["completed"] * 2)
