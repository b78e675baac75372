from datetime import timedelta
from unittest.mock import patch

import requests

from odoo.tests import new_test_user, tagged

from odoo.addons.coaching_sessions.tests.video.common_video import VideoCommon
from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService
from odoo.addons.google_calendar.utils.google_event import GoogleEvent


class FakeGoogle:
    """Google's calendar, as far as the service that Odoo talks to it with."""

    def __init__(self):
        self.events = {}
        self.calls = []
        self.count = 0
        self.silent = False  # answers nothing about conferences
        self.down = False

    def _answer(self, call):
        self.calls.append(call)
        if self.down:
            raise requests.ConnectionError("down")

    def _make_conference(self, event, values):
        request = (values.get("conferenceData") or {}).get("createRequest")
        if request and event.get("request") != request["requestId"]:
            self.count += 1
            event["request"] = request["requestId"]
            event["link"] = f"https://meet.google.com/abc-{self.count}"
        elif "conferenceData" in values and not request:
            event.pop("link", None)

    def _tell(self, event_id):
        event = self.events[event_id]
        if not event.get("link"):
            return {"id": event_id}
        return {
            "id": event_id,
            "hangoutLink": event["link"],
            "conferenceData": {
                "entryPoints": [{"entryPointType": "video", "uri": event["link"]}]
            },
        }

    def insert(self, values, token=None, timeout=None, need_video_call=True):
        self._answer("insert")
        event_id = values.get("id") or f"google{len(self.events)}"
        # as the real one: what goes on is read from the values
        values["id"] = event_id
        event = self.events.setdefault(event_id, {})
        if need_video_call:
            self._make_conference(event, values)
        return {"id": event_id} if self.silent else self._tell(event_id)

    def patch(self, event_id, values, token=None, timeout=None):
        self._answer("patch")
        if values.get("status") == "cancelled":
            del self.events[event_id]
            return
        self._make_conference(self.events[event_id], values)

    def get_events(self, sync_token=None, token=None, event_id=None, timeout=None):
        self._answer("get")
        return GoogleEvent([self._tell(event_id)]), None, ()

    def delete(self, event_id, token=None, timeout=None):
        self._answer("delete")
        self.events.pop(event_id, None)


@tagged("post_install", "-at_install")
class TestGoogleMeet(VideoCommon):
    """Sessions with Google Meet, up to the service that Odoo talks to Google with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.individual.video_provider = "google_meet"
        cls.coach_user.res_users_settings_id._set_google_auth_tokens("t", "r", 86400)
        cls.coach_user.res_users_settings_id.google_calendar_token_validity = (
            cls.now + timedelta(days=90)
        )

    def setUp(self):
        super().setUp()
        self.google = FakeGoogle()
        for name in ("insert", "patch", "get_events", "delete"):
            fake = getattr(self.google, name)
            patcher = patch.object(
                GoogleCalendarService,
                name,
                lambda service, *args, _fake=fake, **kwargs: _fake(*args, **kwargs),
            )
            self.startPatcher(patcher)

    def commit(self):
        """Do what is done after the commit."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def run_video(self):
        self.run_cron("coaching.video.meeting", "_cron_run")
        self.commit()

    def test_booked(self):  # R84, R85, R86, R87
        """The link comes back with the event, and goes into email and calendar."""
        session = self.book(user=self.client_user).sudo()
        self.assertFalse(self.google.calls)
        self.send_mails()
        self.assertEqual(
            set(self.mails(session, "booked").mapped("state")), {"pending"}
        )
        self.commit()
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "ready")
        self.assertEqual(meeting.join_url, "https://meet.google.com/abc-1")
        self.assertEqual(session.event_id.videocall_location, meeting.join_url)
        self.assertEqual(self.google.calls, ["insert"])
        self.travel(self.now + timedelta(minutes=6))
        self.send_mails()
        self.assertIn(meeting.join_url, self.body(session, "booked"))
        other = self.book(days=2)
        self.commit()
        self.run_video()
        self.assertEqual(other.join_url, "https://meet.google.com/abc-2")

    def test_an_answer_without_the_link(self):
        """It is fetched then."""
        self.google.silent = True
        session = self.book()
        self.commit()
        self.run_video()
        self.assertEqual(session.join_url, "https://meet.google.com/abc-1")
        self.assertEqual(session.event_id.videocall_location, session.join_url)

    def test_google_is_down(self):
        session = self.book()
        self.google.down = True
        with self.assertLogs("odoo.addons.google_calendar", "ERROR"):
            self.commit()
        with self.assertLogs("odoo.addons.google_calendar", "ERROR"):
            self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "pending")
        self.google.down = False
        self.travel(meeting.next_try)
        self.run_video()
        self.travel(self.meeting(session).next_try or self.now)
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(len(self.google.events), 1)

    def test_not_connected(self):
        """Said at once, with what to do."""
        self.coach_user.res_users_settings_id._set_google_auth_tokens(False, False, 0)
        session = self.book(user=self.manager)
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        self.assertRegex(meeting.error, "Google calendar of .* is not connected")
        self.assertEqual(session.activity_ids.user_id, self.coach_user)

    def test_a_coach_without_a_login(self):
        self.coach.user_id = False
        session = self.book()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "failed")

    def test_moved_and_cancelled(self):
        session = self.book()
        self.commit()
        self.run_video()
        url = session.join_url
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.commit()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(session.join_url, url)
        session.action_cancel()
        self.commit()
        self.assertFalse(self.google.events)

    def test_a_new_link(self):  # R89
        """Another conference of the same event."""
        session = self.book()
        self.commit()
        self.run_video()
        old = session.join_url
        session.action_new_video_link()
        self.commit()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(session.join_url, "https://meet.google.com/abc-2")
        self.assertNotEqual(session.join_url, old)
        self.assertEqual(len(self.google.events), 1)

    def test_another_coach(self):
        """The event goes from one calendar to the other, with another link."""
        stand_in = new_test_user(
            self.env, "stand_in", "coaching_sessions.group_coaching_coach", tz="UTC"
        )
        stand_in.res_users_settings_id._set_google_auth_tokens("t2", "r2", 86400)
        stand_in.res_users_settings_id.google_calendar_token_validity = (
            self.now + timedelta(days=90)
        )
        coach = self.env["coaching.coach"].create(
            {
                "user_id": stand_in.id,
                "resource_calendar_id": self.calendar.id,
                "tz": "UTC",
            }
        )
        session = self.book()
        self.commit()
        self.run_video()
        old = session.join_url
        session.action_substitute(coach.id)
        self.commit()
        for _time in range(3):
            self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertNotEqual(session.join_url, old)
        self.assertEqual(len(self.google.events), 1)
        self.assertEqual(session.state, "scheduled")

    def test_no_conference_for_other_services(self):
        """Odoo would ask for one for every event."""
        for provider in ("none", "zoom", "discuss"):
            self.individual.video_provider = provider
            session = self.book()
            self.commit()
            self.assertEqual(self.google.count, 0, provider)
            session.action_cancel()
            self.travel(self.now)
