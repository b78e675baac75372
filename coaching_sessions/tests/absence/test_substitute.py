from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_absence import DAY, AbsenceCommon


@tagged("post_install", "-at_install")
class TestSubstitute(AbsenceCommon):
    """Somebody takes over (rank 17)."""

    def test_a_day_of_another_zone(self):
        """Who takes over gives nothing on a day on which the package is over (R121)."""
        self.other_coach.resource_id.calendar_id = False
        self.other_coach.tz = "Pacific/Auckland"
        package = self.third.attendance_ids.package_id
        package.expiry_date = self.third.start.date()
        third = self.third.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "which is before the session"):
            third.action_substitute(self.other_coach.id)
        self.assertEqual(self.third.coach_id, self.coach)
        package.expiry_date += DAY
        third.action_substitute(self.other_coach.id)
        self.assertEqual(self.third.coach_id, self.other_coach)

    def test_substitute(self):
        """Client, package and time stay; the coach, their time and calendar change."""
        self.other_coach.partner_id.email = "petra@example.com"
        session = self.first.with_user(self.manager)
        session.action_substitute(self.other_coach.id, "Flu", "Petra is great")
        session = self.first
        self.assertEqual(session.coach_id, self.other_coach)
        self.assertEqual(session.original_coach_id, self.coach)
        attendance = session.attendance_ids
        self.assertEqual(attendance.coach_id, self.other_coach)
        self.assertEqual(attendance.package_id, self.package)
        self.assertEqual(attendance.engagement_id.coach_id, self.other_coach)
        self.assertEqual(session.event_id.user_id, self.portal_coach_user)
        self.assertNotIn(self.coach.partner_id, session.event_id.partner_ids)
        # who gives it has agreed
        attendee = session.event_id.attendee_ids.filtered(
            lambda one: one.partner_id == self.other_coach.partner_id
        )
        self.assertEqual(attendee.state, "accepted")
        line = session.log_ids[0]
        self.assertEqual(line.action, "substituted")
        self.assertIn("Flu", line.description)
        mails = self.mails("substituted")
        self.assertEqual(
            mails.partner_id,
            self.client | self.coach.partner_id | self.other_coach.partner_id,
        )
        text = self.render(mails.filtered(lambda m: m.partner_id == self.client))
        self.assertIn("Petra is great", text)
        self.assertNotIn("Flu", text)
        other = self.other_client.ids
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.book(days=1, coach_id=self.other_coach.id, partner_ids=other)
        self.book(days=1, partner_ids=other)

    def test_back_again(self):
        self.first.action_substitute(self.other_coach.id)
        self.book(days=1, partner_ids=self.other_client.ids)
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.first.action_substitute(self.coach.id)
        self.second.action_substitute(self.other_coach.id)
        self.second.action_substitute(self.coach.id)
        self.assertFalse(self.second.original_coach_id)

    def test_who_can_not_stand_in(self):
        self.book(
            days=1, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.first.action_substitute(self.other_coach.id)
        with self.assertRaisesRegex(UserError, "is already the coach of"):
            self.first.action_substitute(self.coach.id)
        with self.assertRaisesRegex(UserError, "Choose the new coach of the session"):
            self.first.action_substitute(0)
        self.individual.company_id = self.company
        self.individual.coach_ids = self.coach
        with self.assertRaisesRegex(UserError, "does not offer"):
            self.second.action_substitute(self.other_coach.id)
        self.individual.coach_ids = False
        self.other_coach.action_absent("2027-03-03", "2027-03-03")
        with self.assertRaisesRegex(UserError, "does not work"):
            self.second.action_substitute(self.other_coach.id)
        self.close(self.second, "completed")
        with self.assertRaisesRegex(UserError, "is already closed"):
            self.second.action_substitute(self.other_coach.id)

    def test_several_all_or_none(self):
        self.book(
            days=2, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        with self.assertRaises(UserError):
            (self.first | self.second).action_substitute(self.other_coach.id)
        self.assertEqual(self.first.coach_id, self.coach)

    def test_for_a_period(self):
        """One email a client, and what fails is named."""
        self.book(
            days=2, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        result = self.coach.with_user(self.manager).action_substitute(
            self.other_coach.id, *self.days
        )
        self.assertEqual(result["done"], (self.first | self.third).ids)
        self.assertIn("already has a session", result["failed"][self.second.id])
        self.assertEqual(self.first.coach_id, self.other_coach)
        self.assertEqual(self.second.coach_id, self.coach)
        mails = self.mails("substituted")
        self.assertEqual(
            sorted(mails.mapped("partner_id.id")),
            sorted(
                (self.client | self.other_client | self.coach.partner_id).ids
                + self.other_coach.partner_id.filtered("email").ids
            ),
        )
        own = mails.filtered(lambda mail: mail.partner_id == self.coach.partner_id)
        self.assertEqual(len(own.listed_attendance_ids), 2)

    def test_proposals_go(self):
        proposal = self.first.action_propose([self.later.stop])
        self.first.action_substitute(self.other_coach.id)
        self.assertEqual(proposal.state, "withdrawn")
