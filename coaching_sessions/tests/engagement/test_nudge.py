from datetime import timedelta

from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestNudge(CoachingCommon):
    """Nothing is booked: client and coach are reminded, once a gap."""

    def setUp(self):
        super().setUp()
        self.company.coaching_nudge_days = 14
        self.coach.partner_id.email = "coach@example.com"
        self.attendance = self.close(self.book(), "completed")
        self.engagement = self.attendance.engagement_id
        self.due = self.attendance.stop + timedelta(days=14, minutes=1)

    def _nudge(self, at=None):
        self.travel(at or self.due)
        before = self._mails()
        cron = self.env.ref("coaching_sessions.ir_cron_nudge")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        return self._mails() - before

    def _mails(self):
        return self.env["coaching.notification"].search(
            [("kind", "in", ("nudge", "nudge_coach"))], order="id"
        )

    def test_once_a_gap(self):
        self.assertFalse(self._nudge(self.due - timedelta(minutes=2)), "not yet")
        self.assertRecordValues(
            self._nudge(),
            [
                {"kind": "nudge", "partner_id": self.client.id},
                {"kind": "nudge_coach", "partner_id": self.coach.partner_id.id},
            ],
        )
        self.engagement.invalidate_recordset()
        self.assertEqual(self.engagement.nudged_for_id, self.attendance)
        self.assertFalse(self._nudge(self.due + timedelta(days=1)), "once")
        # the next session begins the next gap
        start = (self.due + timedelta(days=3)).replace(hour=9, minute=0)
        session = self.book(start=start)
        self.close(session, "completed")
        self.assertFalse(self._nudge(session.stop + timedelta(days=13)))
        self.assertEqual(len(self._nudge(session.stop + timedelta(days=15))), 2)

    def test_the_mail(self):
        mails = self._nudge()
        for mail in mails:
            mail._send()
        self.assertEqual(mails.mapped("state"), ["sent", "sent"])
        self.assertIn("03/02/2027", mails[0].mail_id.body_html)
        self.assertIn(self.client.name, mails[1].mail_id.subject)

    def test_not_sent_when_booked_meanwhile(self):
        mails = self._nudge()
        self.book(start=(self.due + timedelta(days=3)).replace(hour=9, minute=0))
        for mail in mails:
            mail._send()
        self.assertEqual(mails.mapped("state"), ["skipped", "skipped"])

    def test_not_reminded(self):
        """Each of these reasons keeps the peace."""

        def off():
            self.company.coaching_nudge_days = 0

        def ended():
            self.engagement.action_end()

        def no():
            self.engagement._record_wishes(self.attendance, "no")

        def booked():
            self.book(days=30, hour=10)

        def archived():
            self.client_user.active = False
            self.client.active = False

        def handed_over():
            self.engagement.action_hand_over(self.other_coach.id)

        for reason in (off, ended, no, booked, archived, handed_over):
            with self.subTest(reason.__name__):
                self.env.cr.execute("SAVEPOINT reason")
                reason()
                self.env.flush_all()
                self.travel(self.due)
                self.assertFalse(self.engagement._take_nudges(10))
                self.env.cr.execute("ROLLBACK TO SAVEPOINT reason")
                self.env.invalidate_all()
                self.travel(self.attendance.closed_at)
        self.assertFalse(
            self._nudge(self.due + timedelta(days=40)), "who left long ago"
        )

    def test_reminded_when_unsure(self):
        self.engagement._record_wishes(self.attendance, "unsure")
        self.assertTrue(self._nudge())

    def test_without_a_mail_address(self):
        self.client.email = False
        self.assertEqual(self._nudge().mapped("kind"), ["nudge_coach"])

    def test_taken_once(self):
        """Of two runs at once the second finds nothing."""
        self.travel(self.due)
        self.assertEqual(self.engagement._take_nudges(10), self.engagement)
        self.assertFalse(self.engagement._take_nudges(10))

    def test_many_cost_the_same(self):
        """A run costs the same number of queries for one client and for twenty."""
        counts = []
        for number in (1, 1, 20):
            partners = self.env["res.partner"].create(
                [{"name": "N", "email": "n@example.com"} for _index in range(number)]
            )
            for index, partner in enumerate(partners):
                self.travel(self.now)
                coach = self.coach.copy(
                    {
                        "partner_id": partner.copy().id,
                        "user_id": False,
                    }
                )
                session = self.book(
                    booking_type_id=self.consultation.id,
                    coach_id=coach.id,
                    partner_ids=partner.ids,
                    days=1 + index % 3,
                )
                self.close(session, "completed")
            self.travel(self.due + timedelta(days=4))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            nudged = self.engagement._take_nudges(50)
            self.env["coaching.notification"]._queue_nudges(nudged)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(len(nudged), number)
        self.assertLessEqual(counts[2], counts[1] + 2)
