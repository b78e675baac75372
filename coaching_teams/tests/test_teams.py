from datetime import timedelta
from unittest.mock import patch

import requests

from odoo.tests import new_test_user, tagged

from odoo.addons.coaching_sessions.tests.video.common_video import VideoCommon
from odoo.addons.microsoft_calendar.utils.microsoft_calendar import (
    MicrosoftCalendarService,
)


class FakeOutlook:
    """Outlook's calendar, as far as the service that Odoo talks to it with."""

    def __init__(self):
        self.events = {}
        self.calls = []
        self.count = 0
        self.down = False

    def _answer(self, call):
        self.calls.append(call)
        if self.down:
            raise requests.ConnectionError("down")

    def insert(self, values, token=None, timeout=None):
        self._answer("insert")
        self.count += 1
        event = {"id": f"ms{self.count}", "iCalUId": f"uid{self.count}"}
        if values.get("isOnlineMeeting"):
            url = f"https://teams.microsoft.com/l/meetup-join/{self.count}"
            event["onlineMeeting"] = {"joinUrl": url}
        self.events[event["id"]] = event
        return event["id"], event["iCalUId"]

    def patch(self, event_id, values, token=None, timeout=None):
        self._answer("patch")
        return event_id in self.events

    def _get_single_event(self, uid, token=None, timeout=None):
        self._answer("get")
        return True, {"value": [e for e in self.events.values() if e["iCalUId"] == uid]}

    def delete(self, event_id, token=None, timeout=None):
        self._answer("delete")
        return bool(self.events.pop(event_id, None))


@tagged("post_install", "-at_install")
class TestTeams(VideoCommon):
    """Sessions with Teams, up to the service that Odoo talks to Microsoft with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.individual.video_provider = "teams"
        cls.coach_user.write(
            {
                "microsoft_calendar_rtoken": "r",
                "microsoft_calendar_token": "t",
                "microsoft_calendar_token_validity": cls.now + timedelta(days=90),
            }
        )

    def setUp(self):
        super().setUp()
        self.outlook = FakeOutlook()
        for name in ("insert", "patch", "_get_single_event", "delete"):
            fake = getattr(self.outlook, name)
            patcher = patch.object(
                MicrosoftCalendarService,
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

    def test_booked(self):  # R84, R85, R86, R87, R90
        """The client books; the coach's Outlook makes event and link."""
        session = self.book(user=self.client_user).sudo()
        self.assertFalse(self.outlook.calls)
        self.commit()
        self.run_video()
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "ready")
        url = "https://teams.microsoft.com/l/meetup-join/1"
        self.assertEqual(meeting.join_url, url)
        self.assertEqual(session.event_id.videocall_location, url)
        self.assertEqual(self.outlook.calls.count("insert"), 1)
        self.send_mails()
        self.assertIn(url, self.body(session, "booked"))

    def test_booked_by_the_coach_himself(self):
        session = self.book(user=self.coach_user)
        self.commit()
        self.run_video()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(len(self.outlook.events), 1)

    def test_outlook_is_down(self):
        session = self.book()
        self.outlook.down = True
        with self.assertLogs("odoo.addons.microsoft_calendar", "ERROR"):
            self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "pending")
        self.outlook.down = False
        for _attempt in range(2):
            self.travel(self.meeting(session).next_try)
            self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(len(self.outlook.events), 1)

    def test_not_connected(self):
        self.coach_user.microsoft_calendar_rtoken = False
        session = self.book(user=self.manager)
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        self.assertRegex(meeting.error, "Outlook calendar of .* is not connected")

    def test_somebody_without_an_address(self):
        """Outlook takes no such event: who it is is said."""
        self.client.email = False
        self.coach.partner_id.email = False
        session = self.book()
        self.run_video()
        self.assertIn(self.coach.name, self.meeting(session).error)
        # who is coached is not among those whom Outlook is told
        self.assertNotIn(self.client.name, self.meeting(session).error)

    def test_moved(self):
        session = self.book()
        for _time in range(2):
            self.run_video()
        url = session.join_url
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.commit()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(session.join_url, url)

    def test_a_new_link(self):  # R89
        """A Teams link belongs to an event for good: there is another event."""
        session = self.book()
        for _time in range(2):
            self.run_video()
        session.action_new_video_link()
        self.commit()
        for _time in range(3):
            self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(
            session.join_url, "https://teams.microsoft.com/l/meetup-join/2"
        )
        self.assertEqual(list(self.outlook.events), ["ms2"])
        self.assertEqual(session.state, "scheduled")

    def test_another_coach(self):
        """The event goes from one calendar to the other, with another link."""
        stand_in = new_test_user(
            self.env, "stand_in", "coaching_sessions.group_coaching_coach", tz="UTC"
        )
        stand_in.write(
            {
                "microsoft_calendar_rtoken": "r2",
                "microsoft_calendar_token": "t2",
                "microsoft_calendar_token_validity": self.now + timedelta(days=90),
            }
        )
        coach = self.env["coaching.coach"].create(
            {
                "user_id": stand_in.id,
                "resource_calendar_id": self.calendar.id,
                "tz": "UTC",
            }
        )
        session = self.book()
        for _time in range(2):
            self.run_video()
        session.action_substitute(coach.id)
        self.commit()
        for _time in range(3):
            self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(list(self.outlook.events), ["ms2"])
        self.assertEqual(session.state, "scheduled")

    def test_no_meeting_for_other_services(self):
        """Odoo would ask for one for every event."""
        for provider in ("none", "zoom", "discuss"):
            self.individual.video_provider = provider
            session = self.book(user=self.coach_user)
            self.commit()
            self.assertTrue(self.outlook.events)
            for event in self.outlook.events.values():
                self.assertNotIn("onlineMeeting", event, provider)
            session.action_cancel()
            self.travel(self.now)
