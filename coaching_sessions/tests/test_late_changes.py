from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestLateChanges(CoachingCommon):
    """What is corrected, cancelled or changed later than everybody thought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._issue_makeups("no_show", "client_late_cancel")

    def _missed(self, **vals):
        return self.close(self.book(**vals), "no_show")

    def test_a_make_up_is_used_after_all(self):
        """It was returned by mistake, and its credit has expired since."""
        missed = self._missed()
        makeup = missed.makeup_id
        session = self.book(days=3, booking_type_id=self.makeup_type.id)
        self.close(session, "client_early_cancel")
        self.assertEqual(makeup.state, "issued")
        self.travel(self.now + timedelta(days=120))
        self.run_cron("coaching.makeup", "_cron_expire")
        self.assertEqual(makeup.state, "expired")
        session.attendance_ids.action_close("completed")
        self.assertEqual(makeup.state, "used")

    def test_a_make_up_of_another_company_is_refused(self):
        missed = self._missed()
        company = self.env["res.company"].create({"name": "Other"})
        coach = self.env["coaching.coach"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Zed"}).id,
                "company_id": company.id,
                "tz": "UTC",
            }
        )
        coach.resource_id.calendar_id = False
        self.client.company_id = False
        with self.assertRaisesRegex(UserError, "another company"):
            self.env["coaching.session"].with_context(
                allowed_company_ids=[self.company.id, company.id]
            ).book(
                {
                    "booking_type_id": self.makeup_type.id,
                    "coach_id": coach.id,
                    "partner_ids": self.client.ids,
                    "start": self.now + timedelta(days=4),
                    "makeup_of_id": missed.id,
                }
            )

    def test_a_make_up_that_cannot_expire_stops_no_other(self):
        one = self._missed(days=1)
        other = self._missed(days=2)
        self.travel(self.now + timedelta(days=120))
        Attendance = self.env.registry["coaching.attendance"]
        post = Attendance._post_consequences

        def fail(records):
            if one in records:
                raise UserError(self.env._("bad"))
            return post(records)

        with (
            patch.object(Attendance, "_post_consequences", fail),
            mute_logger(
                "odoo.addons.coaching_sessions.models.base.coaching_batch_mixin"
            ),
        ):
            self.run_cron("coaching.makeup", "_cron_expire")
        self.assertEqual(
            (one.makeup_id.state, other.makeup_id.state), ("issued", "expired")
        )

    def test_what_is_sent_back_by_hand_is_not_made_up_for(self):
        """Or the client would get two sessions for one."""
        session = self.book(days=1)
        self.travel(session.start - timedelta(hours=2))
        session.with_user(self.manager).action_cancel(
            "client_late_cancel", refund="full"
        )
        self.assertFalse(session.attendance_ids.makeup_id)
        self.assertBalance(self.package, remaining=5)

    def test_an_excuse_is_kept_where_nothing_is_lost(self):
        policy = self.env.ref("coaching_sessions.policy_paid_client_late_cancel")
        policy.write(
            {
                "issues_makeup": False,
                "excused_count": 1,
                "tier_ids": [
                    Command.create({"notice_hours": 12.0, "refund_percent": 100})
                ],
            }
        )
        first = self.book(days=2)
        attendance = first.attendance_ids
        self.travel(first.start - timedelta(hours=20))
        attendance.action_close("client_late_cancel")
        self.assertFalse(attendance.uses_session)
        self.assertFalse(attendance.excused)

    def test_consequences_tell_what_comes_back_after_expiry(self):
        session = self.book()
        self.close(session, "client_early_cancel")
        self.travel(self.now + timedelta(days=300))
        self.run_cron("coaching.package", "_cron_expire")
        attendance = session.attendance_ids
        outcome = self.env.ref("coaching_sessions.outcome_completed")
        text = " ".join(attendance._get_consequences(outcome))
        attendance.action_close("completed")
        self.assertIn(self.package.left_text, text)

    def test_a_notice_is_no_news_for_what_took_place(self):
        session = self.book()
        self.close(session, "completed", notice_at=self.now)
        session.attendance_ids.action_close("completed", notice_at=self.now)
        logs = session.log_ids.filtered(lambda line: line.action == "corrected")
        self.assertFalse(logs)

    def test_actual_times_can_be_corrected_to_the_planned_ones(self):
        session = self.book()
        self.close(
            session, "completed", actual_start=session.start + timedelta(minutes=10)
        )
        wizard = self.env["coaching.session.close"].with_context(
            default_attendance_id=session.attendance_ids.id
        )
        with Form(wizard) as form:
            form.actual_start = session.start
            form.actual_stop = session.stop
        form.save().action_close()
        self.assertEqual(session.actual_start, session.start)

    def test_marking_keeps_the_note_of_what_is_closed(self):
        session = self.book()
        self.close(session, "completed", note="mine")
        session.action_mark("completed", note="all of them")
        self.assertEqual(session.attendance_ids.outcome_note, "mine")

    def test_a_lower_limit_counts_everything_that_is_owed(self):
        """Numbers that were given back leave gaps; a gap is no room."""
        client = self.other_client
        client.coaching_owed_limit = 3
        first, second, third = (
            self.book(days=d, partner_ids=client.ids) for d in (7, 8, 9)
        )
        client.coaching_owed_limit = 2
        first.with_user(self.manager).action_cancel("client_early_cancel")
        with self.assertRaises(UserError):
            self.book(days=10, partner_ids=client.ids)

    def test_another_unit_needs_another_line(self):
        """Else five sessions became three hundred."""
        minutes = self.env["product.product"].create(
            {
                "name": "300 minutes",
                "type": "service",
                "coaching_package": True,
                "coaching_unit": "minutes",
                "coaching_session_count": 300,
            }
        )
        line = self.package.sale_line_id
        with self.assertRaises(UserError):
            line.product_id = minutes

    def test_months_need_another_line(self):
        monthly = self.env["product.product"].create(
            {
                "name": "2 a month",
                "type": "service",
                "coaching_package": True,
                "coaching_session_count": 2,
                "coaching_period": "month",
                "coaching_validity_months": 6,
            }
        )
        line = self.package.sale_line_id
        with self.assertRaises(UserError):
            line.product_id = monthly
