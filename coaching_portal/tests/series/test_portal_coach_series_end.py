from datetime import timedelta

from odoo.tests import tagged

from ..common import COACH
from .common_series import SeriesCommon


@tagged("post_install", "-at_install")
class TestPortalCoachSeriesEnd(SeriesCommon):
    """A coach cancels, skips, pauses and ends on a phone (R112-R117)."""

    # === CANCELLING === #

    # R115
    def test_cancel_one(self):
        tree = self.ask("cancel", scope="one")
        self.assertIn("Coach had an emergency", self.plan(tree))
        self.assertUntouched()
        tree = self.confirm("cancel", scope="one", reason="Flu", message="Sorry!")
        self.assertIn("One session was cancelled.", self.flash(tree))
        self.assertEqual(
            self.sessions.mapped("state"), ["cancelled"] + ["scheduled"] * 3
        )
        attendance = self.sessions[0].attendance_ids
        self.assertEqual(attendance.outcome_id.code, "coach_emergency")
        self.assertEqual(attendance.outcome_note, "Flu")

    # R116
    def test_cancel_following(self):
        tree = self.ask("cancel", self.sessions[2], scope="following")
        self.assertIn(
            "Each of them is returned to the client's package", self.plan(tree)
        )
        tree = self.confirm("cancel", self.sessions[2], scope="following")
        self.assertIn("2 sessions were cancelled.", self.flash(tree))
        self.assertEqual(
            self.sessions.mapped("state"), ["scheduled"] * 2 + ["cancelled"] * 2
        )

    # R117
    def test_cancel_all(self):
        """Also what is over and not closed out, and the page says so before."""
        self.close(self.sessions[0], "completed")
        self.travel(self.sessions[1].stop + timedelta(hours=1))
        self.login(self.portal_coach_user)
        tree = self.ask("cancel", self.sessions[2], scope="all")
        self.assertIn("over and not closed out", self.plan(tree))
        tree = self.confirm("cancel", self.sessions[2], scope="all")
        self.assertIn("3 sessions were cancelled.", self.flash(tree))
        self.assertIn("took place or are closed", self.flash(tree))
        self.assertEqual(self.sessions[0].state, "completed")
        self.assertEqual(self.series.state, "ended")

    def test_what_is_shown_is_what_is_recorded(self):
        """A reason that is the code of an outcome decides: then the page names it."""
        seen = self.seen(self.ask("cancel", scope="one"))
        tree = self.ask("cancel", scope="one", reason="client_emergency", seen=seen)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.confirm("cancel", scope="one", reason="client_emergency")
        attendance = self.sessions[0].attendance_ids
        self.assertEqual(attendance.outcome_id.code, "client_emergency")

    # R116
    def test_the_client_cancels(self):
        """Recorded as the client's, each early or late by the clock, as is shown."""
        self.travel(self.starts[0] - timedelta(hours=2))
        self.login(self.portal_coach_user)
        data = {"scope": "following", "who": "client", "reason": "other"}
        tree = self.ask("cancel", **data)
        rows = self.find(tree, "//li[hasclass('list-group-item')]")
        names = [
            "Late cancellation by the client" in row.text_content() for row in rows
        ]
        self.assertEqual(names, [True, False, False, False])
        plan = self.plan(tree)
        self.assertIn(
            "Late cancellation by the client: Each of them counts as used.", plan
        )
        self.assertIn(
            "Early cancellation by the client: Each of them is returned to the client's"
            " package.",
            plan,
        )
        # what one side means was not seen for the other
        seen = self.seen(self.ask("cancel", scope="following"))
        tree = self.ask("cancel", seen=seen, **data)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertUntouched()
        tree = self.confirm("cancel", **data)
        self.assertIn("4 sessions were cancelled.", self.flash(tree))
        self.assertEqual(
            self.sessions.mapped("state"), ["late_cancel"] + ["early_cancel"] * 3
        )
        notes = self.sessions.attendance_ids.mapped("outcome_note")
        self.assertEqual(set(notes), {"other"}, "text, not the code of an outcome")

    # R115
    def test_the_client_cancels_one(self):
        plan = self.plan(self.ask("cancel", scope="one", who="client"))
        self.assertIn("Early cancellation by the client", plan)
        self.assertNotIn("Each of them", plan)
        self.confirm("cancel", scope="one", who="client", reason="Moves away")
        attendance = self.sessions[0].attendance_ids
        self.assertEqual(attendance.outcome_id.code, "client_early_cancel")
        self.assertEqual(attendance.outcome_note, "Moves away")

    def test_sent_twice(self):
        """Who taps twice reads what the first tap has done; nothing happens again."""
        seen = self.seen(self.ask("cancel", scope="one"))
        for _tap in range(2):
            response = self.post(self.url("cancel"), scope="one", seen=seen)
            self.assertSentHome(response, f"{COACH}/{self.sessions[0].id}")
        tree = self.open(COACH)
        self.assertFalse(
            self.find(tree, "//*[hasclass('o_coaching_flash')]"), "another page"
        )
        logs = self.sessions[0].log_ids
        self.assertEqual(logs.mapped("action").count("closed"), 1)
        tree = self.open(f"{COACH}/{self.sessions[0].id}")
        self.assertIn("One session was cancelled.", self.flash(tree))
        tree = self.ask("cancel", scope="one", seen=seen)
        self.assertIn("Nothing is left", self.error(tree))

    # R114
    def test_skip(self):
        tree = self.open(self.url("skip", self.sessions[1]))
        self.assertIn("The client loses nothing", self.plan(tree))
        self.assertUntouched()
        tree = self.confirm("skip", self.sessions[1], reason="Conference")
        self.assertIn("the series continues", self.flash(tree))
        self.assertEqual(self.sessions[1].state, "cancelled")
        self.assertEqual(self.series.gap_ids.mapped("kind"), ["skipped"])
        self.assertEqual(self.series.gap_ids.reason, "Conference")
        tree = self.ask("skip", self.sessions[1], reason="Once more")
        self.assertIn("has begun or is closed", self.error(tree))
        self.assertEqual(self.text(tree, "//textarea[@name='reason']"), "Once more")

    # === PAUSING AND ENDING === #

    # R112
    def test_pause_and_resume(self):
        tree = self.ask("pause", date_from="2027-03-10", date_to="2027-03-17")
        self.assertIn("2 sessions: cancelled", self.plan(tree))
        self.assertUntouched()
        tree = self.confirm(
            "pause", date_from="2027-03-10", date_to="", reason="Rome", message="Ciao"
        )
        self.assertIn("until you resume it: 3 sessions", self.flash(tree))
        self.assertEqual(self.series.state, "paused")
        self.book(
            start=self.starts[3],
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        tree = self.ask("resume", date_from="2027-03-15")
        self.assertIn("1 of 2 times can be booked again", self.plan(tree))
        self.assertIn(
            "Not booked again because they are before that day or over:",
            self.plan(tree),
        )
        tree = self.confirm("resume", date_from="2027-03-15")
        self.assertIn("The series continues: one session booked.", self.flash(tree))
        self.assertIn("Not booked: one session", self.flash(tree))
        self.assertEqual(self.series.state, "active")
        self.assertEqual(self.series.booked_count, 2)

    # R112
    def test_pause_between_days(self):
        tree = self.confirm("pause", date_from="2027-03-10", date_to="2027-03-17")
        self.assertIn("paused on these days: 2 sessions", self.flash(tree))
        self.assertEqual(
            self.sessions.mapped("state"),
            ["scheduled", "cancelled", "cancelled", "scheduled"],
        )

    # R113
    def test_end(self):
        tree = self.ask("end", date_from="2027-03-16")
        self.assertIn("2 sessions: cancelled", self.plan(tree))
        self.assertIn("can't be resumed", self.plan(tree))
        tree = self.confirm("end", date_from="2027-03-16", message="Thank you")
        self.assertIn("The series has ended: 2 sessions", self.flash(tree))
        self.assertEqual(self.series.state, "ended")
        self.assertEqual(
            self.sessions.mapped("state"), ["scheduled"] * 2 + ["cancelled"] * 2
        )
        self.assertIn(
            "has already ended", self.error(self.ask("end", date_from="2027-03-16"))
        )

    def test_days_that_make_no_sense(self):
        for action, days, words in (
            ("pause", ("", ""), "Choose the first day"),
            ("pause", ("soon", ""), "is not a date"),
            ("pause", ("2027-03-10", "soon"), "is not a date"),
            ("pause", ("2027-03-10", "2027-03-09"), "must end after it begins"),
            ("pause", ("2028-03-10", ""), "This series has no session in that period"),
            ("end", ("", ""), "Choose the first day"),
            ("end", ("99999-03-10", ""), "is not a date"),
            (
                "resume",
                ("2027-03-10", ""),
                "This series has no paused sessions from that day",
            ),
        ):
            with self.subTest(action=action, days=days):
                tree = self.ask(
                    action, date_from=days[0], date_to=days[1], reason="Rome"
                )
                self.assertIn(words, self.error(tree))
                (field,) = self.find(tree, "//input[@name='date_from']")
                self.assertEqual(field.get("value"), days[0])
                self.assertFalse(self.seen(tree))
        self.assertUntouched()
