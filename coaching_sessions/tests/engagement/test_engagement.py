from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestEngagement(CoachingCommon):
    """Client and coach work together, from the first booking until somebody ends it."""

    def _engagement(self, client=None, coach=None):
        return self.env["coaching.engagement"].search(
            [
                ("partner_id", "=", (client or self.client).id),
                ("coach_id", "=", (coach or self.coach).id),
            ]
        )

    def test_first_booking_begins_it(self):
        self.assertFalse(self._engagement())
        session = self.book(days=2)
        engagement = self._engagement()
        self.assertRecordValues(
            engagement,
            [
                {
                    "state": "active",
                    "company_id": self.company.id,
                    "start_date": session.start.date(),
                    "last_booked_at": self.now,
                    "create_uid": self.env.uid,
                }
            ],
        )
        self.assertEqual(session.attendance_ids.engagement_id, engagement)
        self.travel(self.now + timedelta(hours=1))
        self.book(days=3)
        self.assertEqual(self._engagement(), engagement, "one, however many bookings")
        self.assertEqual(engagement.last_booked_at, self.now + timedelta(hours=1))

    def test_a_group_engages_everybody_at_once(self):
        """One statement for all clients of a booking."""
        partners = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(4)]
        )
        self.group_type.max_participants = 5
        self.group_type.package_required = False
        self.book(booking_type_id=self.group_type.id, partner_ids=partners.ids)
        engagements = self.env["coaching.engagement"].search(
            [("partner_id", "in", partners.ids)]
        )
        self.assertEqual(engagements.partner_id, partners)
        attendances = engagements.attendance_ids
        self.env["coaching.engagement"]._ensure_for(attendances)
        with self.assertQueryCount(1):
            self.env["coaching.engagement"]._ensure_for(attendances)

    @mute_logger("odoo.sql_db")
    def test_one_in_the_database(self):
        """Of two first bookings at once, the index lets one engagement come to be."""
        self.book()
        engagement = self._engagement()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            engagement.copy()
            self.env.flush_all()

    def test_counts(self):
        # R76
        first = self.book(days=1)
        self.close(first, "completed")
        self.travel(self.now)
        second = self.book(days=2)
        self.close(second, "no_show")
        self.travel(self.now)
        third, fourth = self.book(days=3), self.book(days=4)
        self.travel(second.stop + timedelta(minutes=5))
        self._sell(self.client)
        engagement = self._engagement().with_user(self.coach_user)
        self.assertRecordValues(
            engagement,
            [
                {
                    "session_count": 1,
                    "missed_count": 1,
                    "upcoming_count": 2,
                    "last_session": first.start,
                    "next_session": third.start,
                    "remaining": 6,
                }
            ],
        )
        self.assertEqual(
            engagement.attendance_ids,
            (fourth | third | second | first).attendance_ids,
        )
        self.assertRecordValues(
            third.with_user(self.coach_user),
            [{"client_session_count": 1, "client_last_session": first.start}],
        )
        booked = self.env["coaching.engagement"].search([("next_session", "!=", False)])
        self.assertIn(engagement, booked)
        idle = self.env["coaching.engagement"].search([("next_session", "=", False)])
        self.assertNotIn(engagement, idle)
        third.action_cancel()
        fourth.action_cancel()
        idle = self.env["coaching.engagement"].search([("next_session", "=", False)])
        self.assertIn(engagement, idle)

    def test_minutes_are_not_sessions(self):
        """What is left in minutes is told beside the sessions, not added to them."""
        self.book()
        self.env["coaching.package"]._grant(
            {"partner_id": self.client.id, "unit": "minutes"}, 300
        )
        engagement = self._engagement().with_user(self.coach_user)
        self.assertEqual((engagement.remaining, engagement.remaining_minutes), (4, 300))

    def test_a_list_costs_the_same(self):
        """Fifty clients in a list cost as many queries as five."""
        fields = [
            *("display_name", "session_count", "missed_count", "upcoming_count"),
            *("last_session", "next_session", "remaining"),
        ]
        partners = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(50)]
        )
        engagements = self.env["coaching.engagement"].create(
            [
                {
                    "partner_id": partner.id,
                    "coach_id": self.coach.id,
                    "company_id": self.company.id,
                    "start_date": self.now.date(),
                }
                for partner in partners
            ]
        )
        counts = []
        for some in (engagements[:5], engagements[:5], engagements):
            some = some.with_user(self.coach_user)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === WISHES === #

    def test_wishes(self):
        # R34 R35
        session = self.book()
        attendance = self.close(session, "completed").with_user(self.coach_user)
        self._engagement().with_user(self.coach_user).sudo()._record_wishes(
            attendance.sudo(), "yes", "different", note="Mornings"
        )
        self.assertRecordValues(
            self._engagement(),
            [
                {
                    "continue_wish": "yes",
                    "slot_wish": "different",
                    "wish_note": "Mornings",
                    "wished_at": session.stop + timedelta(minutes=5),
                    "wished_by_id": self.coach_user.id,
                }
            ],
        )
        log = session.log_ids.filtered(lambda line: line.action == "wishes")
        self.assertEqual(
            log.description,
            "Wants to continue. Prefers a different time. Mornings",
        )
        self.assertEqual(log.user_id, self.coach_user)
        for wishes in (("maybe", None), ("yes", "whenever")):
            with self.assertRaisesRegex(UserError, "Unknown wish “"):
                self._engagement()._record_wishes(attendance, *wishes)

    # R60 R61
    def test_no_rebooking_locks_nobody_out(self):
        attendance = self.close(self.book(), "completed")
        engagement = self._engagement()
        engagement._record_wishes(attendance, "no")
        engagement.with_user(self.coach_user).action_end("Not for now")
        session = self.book(days=8, user=self.client_user)
        self.assertEqual(session.attendance_ids.partner_id, self.client)
        self.assertEqual(engagement.state, "active", "and it goes on")
        self.assertFalse(engagement.continue_wish, "they changed their mind")
        self.assertIn("Booked again", engagement.message_ids[0].body)
        self.assertIn("Not for now", "".join(engagement.message_ids.mapped("body")))

    # === THE END === #

    def test_end_and_reopen(self):
        # R66
        session = self.book()
        self.close(session, "completed")
        engagement = self._engagement().with_user(self.coach_user)
        engagement.action_end("Moved abroad")
        self.assertRecordValues(
            engagement,
            [
                {
                    "state": "ended",
                    "end_reason": "Moved abroad",
                    "ended_by_id": self.coach_user.id,
                    "ended_at": session.stop + timedelta(minutes=5),
                    "session_count": 1,
                }
            ],
        )
        engagement.action_end("Again")
        self.assertEqual(engagement.end_reason, "Moved abroad")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_engagement_action"
        )
        self.assertIn("search_default_active", action["context"])
        engagement.action_reopen()
        self.assertRecordValues(
            engagement, [{"state": "active", "ended_at": False, "end_reason": False}]
        )
        bodies = "".join(engagement.message_ids.mapped("body"))
        self.assertIn("Moved abroad", bodies, "history is kept")

    def test_not_ended_while_booked(self):
        """The sentence says which sessions are in the way."""
        self.book(days=1)
        self.book(days=8, hour=14)
        engagement = self._engagement().with_user(self.coach_user)
        with self.assertRaisesRegex(
            UserError, r"still has sessions booked: Tue 03/02/2027.*; Tue 03/09/2027"
        ):
            engagement.action_end()
        self.assertEqual(engagement.state, "active")

    def test_nothing_is_deleted(self):
        self.book()
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            self._engagement().unlink()
        self.env.cr.execute("SAVEPOINT attempt")
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "can.t"):
            self.env.cr.execute("DELETE FROM coaching_engagement")
        self.env.cr.execute("ROLLBACK TO SAVEPOINT attempt")

    # === RIGHTS === #

    def test_who_may_what(self):
        self.close(self.book(), "completed")
        engagement = self._engagement()
        for user in (self.portal_coach_user, self.client_user):
            theirs = engagement.with_user(user)
            self.assertFalse(theirs._filtered_access("read"))
            self.assertFalse(theirs.search([]))
            for method in (theirs.action_end, theirs.action_reserve_slot):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    method()
        for user in (self.coach_user, self.manager):
            self.assertTrue(engagement.with_user(user)._filtered_access("read"))
            self.assertFalse(engagement.with_user(user)._filtered_access("write"))

    def test_reading_is_not_acting(self):
        """Where coaches may read each other's clients, they still end only theirs."""
        self.close(self.book(), "completed")
        other = new_test_user(
            self.env, "other", "coaching_sessions.group_coaching_coach", tz="UTC"
        )
        self.env.ref(
            "coaching_sessions.coaching_engagement_rule_coach"
        ).domain_force = "[(1, '=', 1)]"
        engagement = self._engagement().with_user(other)
        self.assertTrue(engagement.has_access("read"))
        with self.assertRaisesRegex(
            AccessError, "Only the client's coach or a manager can do this"
        ):
            engagement.action_end()

    def test_a_coach_with_a_portal_login(self):
        """A portal coach sees clients by name, and ends coaching, in the portal."""
        self.individual.coach_ids = [Command.clear()]
        self.close(self.book(coach_id=self.other_coach.id), "completed")
        engagement = self._engagement(coach=self.other_coach)
        theirs = engagement.with_user(self.portal_coach_user)
        theirs.invalidate_recordset()
        self.assertIn(self.client.name, theirs.display_name)
        self.assertEqual(theirs.session_count, 1)
        theirs.action_end()
        self.assertEqual(engagement.state, "ended")

    def test_backfill(self):
        """What was booked before there were engagements gets its own, once."""
        self.book()
        found = self._engagement()
        self.env["coaching.engagement"]._backfill()
        self.assertEqual(self._engagement(), found)
