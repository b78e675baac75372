from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.zoom import ZoomClient
from .common_video import ZoomCommon

RUN = "odoo.addons.coaching_sessions.models.video.coaching_video_meeting_run"


@tagged("post_install", "-at_install")
class TestVideoZoomRun(ZoomCommon):
    """One run of the cron: a transaction a meeting."""

    @mute_logger(RUN)
    def test_one_failure_stops_no_other(self):
        first, second = self.book(), self.book(days=2)
        create = ZoomClient.create_meeting

        def fail(client, user, values):
            if first.name in values["topic"]:
                raise ValueError("boom")
            return create(client, user, values)

        with patch.object(ZoomClient, "create_meeting", fail):
            self.run_video()
        self.assertEqual(self.meeting(first).state, "pending")
        self.assertEqual(self.meeting(second).state, "ready")
        self.assertNotIn("boom", self.meeting(first).error)

    @mute_logger(RUN)
    def test_an_answer_that_can_not_be_kept_stops_no_other(self):
        first, second = self.book(), self.book(days=2)
        Meeting = self.env.registry["coaching.video.meeting"]
        settle = Meeting._settle_made

        def fail(meeting, values):
            if meeting.session_id == first:
                raise ValueError("boom")
            return settle(meeting, values)

        with (
            patch.object(Meeting, "_settle_made", fail),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self.run_video()
        rollback.assert_called_once()
        meeting = self.meeting(first)
        self.assertEqual(meeting.state, "pending")
        self.assertIn("unexpected", meeting.error)
        self.assertEqual(self.meeting(second).state, "ready")
        # what was made is found again
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "ready")
        self.assertEqual(len(self.zoom.ours), 2)

    @mute_logger(RUN)
    def test_an_error_that_can_not_be_kept_stops_no_other(self):
        self.zoom.fail(500, path="/meetings")
        first, second = self.book(), self.book(days=2)
        Meeting = self.env.registry["coaching.video.meeting"]
        with (
            patch.object(Meeting, "_settle_error", side_effect=ValueError("boom")),
            patch.object(self.env.cr, "rollback"),
        ):
            self.run_video()
        self.assertEqual(self.meeting(first).state, "pending")
        self.assertGreater(self.meeting(first).next_try, self.now)
        self.assertEqual(self.meeting(second).state, "ready")

    def test_a_service_that_was_uninstalled(self):
        first, second = self.book(), self.book(days=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE coaching_video_meeting SET provider = 'gone' WHERE id = %s",
            [self.meeting(first).id],
        )
        self.env.invalidate_all()
        self.run_video()
        meeting = self.meeting(first)
        self.assertEqual(meeting.state, "failed")
        self.assertIn("no longer installed", meeting.error)
        self.assertEqual(self.meeting(second).state, "ready")

    def test_none_is_taken_without_time_to_ask(self):
        meetings = [self.meeting(self.book(days=days)) for days in (1, 2)]
        cron = self.env.registry["ir.cron"]

        def commit(self, processed=0, **kwargs):
            return 0.0 if processed else 60.0

        with patch.object(cron, "_commit_progress", commit):
            self.env["coaching.video.meeting"]._cron_run()
        self.assertEqual([meeting.state for meeting in meetings], ["ready", "pending"])
        self.assertEqual(meetings[1].attempts, 0)

    def test_no_link_for_what_is_over(self):
        """Closing a session does not ask for the link that it never had."""
        self.coach.zoom_user = "nobody@example.com"
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        before = len(self.zoom.requests)
        self.travel(session.stop + timedelta(minutes=5))
        self.env["coaching.video.meeting"]._plan(session)
        self.close(session, "completed")
        self.run_video()
        self.assertEqual(meeting.state, "failed")
        self.assertEqual(len(self.zoom.requests), before)

    def test_one_transaction_a_meeting(self):
        """What is done is kept, whatever happens to the next one."""
        sessions = [self.book(days=days) for days in (1, 2, 3)]
        meetings = [self.meeting(session) for session in sessions]
        commits = []
        cron = self.env.registry["ir.cron"]

        def commit(self, processed=0, **kwargs):
            states = [meeting.state for meeting in meetings]
            commits.append((processed, states.count("ready")))
            return 60.0

        with patch.object(cron, "_commit_progress", commit):
            self.env["coaching.video.meeting"]._cron_run()
        self.assertEqual([count for done, count in commits if done], [1, 2, 3])

    def test_one_at_a_time(self):
        """Whatever way the database finds it: a second one would lose its turn."""
        for days in (1, 2, 3):
            self.book(days=days)
        Meeting = self.env["coaching.video.meeting"]
        self.env.flush_all()
        self.env.cr.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
        )
        taken = [Meeting._take_next()[0] for _number in range(4)]
        self.assertEqual(len(set(taken)), 4)
        self.assertFalse(taken[3])
        meetings = Meeting.search([("state", "=", "pending")])
        meetings.invalidate_recordset()
        self.assertEqual(meetings.mapped("attempts"), [1, 1, 1])

    def test_the_cron_comes_back(self):
        cron = self.env.ref("coaching_sessions.ir_cron_video")
        self.zoom.fail(503, path="/v2/")
        self.env["ir.cron.trigger"].search([]).unlink()
        session = self.book()
        self.run_video()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.meeting(session).next_try, triggers.mapped("call_at"))
