from datetime import timedelta

from odoo.tests import tagged

from .common import SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalClient(PortalCommon):
    def _counters(self, user):
        self.login(user)
        names = [
            "coaching_upcoming_count",
            "coaching_session_count",
            "coaching_package_count",
            "coaching_awaiting_count",
            "coaching_coach_count",
        ]
        response = self.url_open(
            "/my/counters", json=self.build_rpc_payload({"counters": names})
        )
        result = response.json()["result"]
        return [result[name] for name in names]

    def test_home(self):
        """Each one finds his own cards on the portal's home page."""
        self.book(days=2)
        self.book(days=3)
        over = self.book(days=1)
        self.travel(over.stop)
        self.assertEqual(self._counters(self.client_user), [2, 1, 1, 0, 0])
        self.assertEqual(self._counters(self.portal_coach_user), [0, 0, 0, 1, 1])
        self.assertEqual(self._counters(self.coach_user), [0, 0, 0, 0, 1])
        self.assertEqual(self._counters(self.manager), [0, 0, 0, 0, 0])
        tree = self.open("/my", self.client_user)
        links = {
            link.get("href")
            for link in self.find(tree, "//*[hasclass('o_portal_docs')]//a")
        }
        self.assertLessEqual({SESSIONS, "/my/coaching/packages"}, links)

    def _ids(self, query=""):
        tree = self.open(f"{SESSIONS}{query}")
        links = self.find(
            tree, "//*[hasclass('o_coaching_card')]//a[hasclass('stretched-link')]"
        )
        return [int(link.get("href").rsplit("/", 1)[1]) for link in links]

    def test_order_and_filters(self):
        """To come next first, then what is over or cancelled, latest first."""
        first = self.book(days=1)
        second = self.book(days=2)
        self.travel(second.stop)
        late, soon = self.book(days=10), self.book(days=4)
        gone = self.book(days=8)
        gone.action_cancel("Holiday")
        first.attendance_ids.action_close("no_show")
        self.login(self.client_user)
        past = [gone.id, second.id, first.id]  # R71: cancelled and missed ones too
        self.assertEqual(self._ids(), [soon.id, late.id, *past])  # R68
        self.assertEqual(self._ids("?filterby=upcoming"), [soon.id, late.id])
        self.assertEqual(self._ids("?filterby=past"), past)
        self.assertEqual(
            self._ids("?sortby=newest"),
            [late.id, gone.id, soon.id, second.id, first.id],
        )

    def test_pages_hold_everything_once(self):
        """A list of two parts goes on over the pages without loss or repetition."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 50
        )
        sessions = self.env["coaching.session"]
        for days in range(0, 14):
            if days % 7 < 5:
                for hour in (10, 11, 14):
                    sessions |= self.book(days=days, hour=hour, package_id=package.id)
        self.travel(self.now + timedelta(days=7))
        self.login(self.client_user)
        seen = self._ids() + self._ids("/page/2")
        self.assertEqual(len(self._ids()), 20)
        self.assertEqual(len(seen), len(sessions))
        self.assertEqual(set(seen), set(sessions.ids))

    def test_row_and_page(self):
        """Type, coach, package with what is left and until when, zone, duration."""
        self.client_user.tz = "America/New_York"
        session = self.book(note="Preparing the talk")
        tree = self.open(SESSIONS, self.client_user)
        row = self.text(tree, "//*[hasclass('o_coaching_card')]")
        page = self.open(f"{SESSIONS}/{session.id}")
        details = self.text(page, "//*[hasclass('o_coaching_page')]")
        for text in (row, details):
            text = text.replace("\u202f", " ")
            self.assertIn("Individual session", text)
            self.assertIn(self.portal_coach.name, text)
            self.assertIn("4:00 AM – 5:00 AM", text)  # R77
            self.assertIn("60 min", text)  # R69
            self.assertIn("Package session", text)  # R118
            self.assertIn("Five sessions", text)
            self.assertIn("4 of 5 left", text)  # R119
            self.assertIn("until Aug 31, 2027", text)
            self.assertIn("Booked", text)
        self.assertIn("Times in America/New York", self.text(tree))
        self.assertIn("(America/New York)", details)
        self.assertIn("Tuesday, March 2, 2027", details)
        self.assertIn("Preparing the talk", details)

    def test_states_in_words(self):
        session = self.book(days=0, hour=10)
        self.login(self.client_user)
        path = f"{SESSIONS}/{session.id}"
        attendance = session.attendance_ids
        self.travel(session.start)
        self.assertEqual(
            self.text(self.open(path), "//*[hasclass('o_coaching_state')]"), "Now"
        )
        self.travel(session.stop)
        words = {
            None: "Waiting for your coach",
            "completed": "Completed",
            "no_show": "Missed",
            "client_late_cancel": "Cancelled late",
            "client_early_cancel": "Cancelled in time",
            "coach_missed": "Cancelled",
        }
        for code, word in words.items():
            if code:
                attendance.action_close(code)
            self.assertEqual(
                self.text(self.open(path), "//*[hasclass('o_coaching_state')]"), word
            )
        self.assertIn("went back to your package", self.text(self.open(path)))
        attendance.action_close("completed")
        self.assertIn("counts as used", self.text(self.open(path)))

    def test_joining(self):  # R69, R88
        """The button is there from 15 minutes before the start until the end."""
        self.individual.video_provider = "discuss"
        session = self.book(days=0, hour=10)
        link = f"//a[@href='{session.join_url}']"
        self.login(self.client_user)
        for moment, expected in (
            (session.start - timedelta(minutes=15, seconds=1), False),
            (session.start - timedelta(minutes=14, seconds=59), True),
            (session.stop - timedelta(seconds=1), True),
            (session.stop, False),
        ):
            self.travel(moment)
            for path in (SESSIONS, f"{SESSIONS}/{session.id}"):
                with self.subTest(moment=moment, path=path):
                    found = self.find(self.open(path), link)
                    self.assertEqual(bool(found), expected)
                    for button in found:
                        self.assertEqual(button.get("target"), "_blank")
                        self.assertIn("noopener", button.get("rel"))

    def test_from_when_on_he_can_join(self):  # R88
        self.individual.video_provider = "discuss"
        session = self.book(days=0, hour=10)
        self.login(self.client_user)
        text = self.text(self.open(f"{SESSIONS}/{session.id}"))
        self.assertIn("takes place on video", text)
        self.assertIn("9:45", text)
        # the link itself is in no page before
        for path in (SESSIONS, f"{SESSIONS}/{session.id}"):
            self.assertNotIn("join_videocall", self.url_open(path).text)

    def test_details_for_joining(self):  # R79
        session = self.book(days=0, hour=10)
        session.action_send_backup_link(
            "https://video.example.com/room", dial_in="+32 2 123 45 67"
        )
        self.travel(session.start)
        self.login(self.client_user)
        tree = self.open(f"{SESSIONS}/{session.id}")
        self.assertTrue(self.find(tree, "//a[@href='https://video.example.com/room']"))
        self.assertIn("+32 2 123 45 67", self.text(tree))

    def test_recording(self):  # R73, R91
        """The client watches what the coach shares."""
        session = self.book(days=0, hour=10)
        self.close(session, "completed")
        session.action_set_recording("https://video.example.com/rec")
        self.login(self.client_user)
        link = "//a[@href='https://video.example.com/rec']"
        path = f"{SESSIONS}/{session.id}"
        self.assertFalse(self.find(self.open(path), link))
        session.action_share_recording()
        self.assertTrue(self.find(self.open(path), link))

    # === CANCELLING === #

    def _cancel(self, session, **data):
        self.login(self.client_user)
        path = f"{SESSIONS}/{session.id}"
        tree = self.open(path)
        form = self.find(tree, f"//form[@action='{path}/cancel']")[0]
        values = {
            field.get("name"): field.get("value")
            for field in self.find(form, "//input[@type='hidden']")
            if field.get("name") != "csrf_token"
        }
        return tree, self.post(f"{path}/cancel", **{**values, **data})

    def test_cancel_in_time(self):
        """The page says what cancelling leads to, and that is what happens (R29)."""
        session = self.book(days=3)
        tree, response = self._cancel(session, reason="  Dentist ")
        text = self.text(tree, "//*[hasclass('o_coaching_cancel')]")
        self.assertIn("You are in time", text)
        self.assertIn("goes back", text)
        self.assertIn("Wednesday, March 3, 2027", text)
        self.assertSentHome(response, f"{SESSIONS}/{session.id}?cancelled=1")
        self.assertEqual(session.state, "early_cancel")
        attendance = session.attendance_ids
        self.assertEqual(attendance.outcome_note, "Dentist")
        self.assertEqual(attendance.closed_by_id, self.client_user)
        self.assertBalance(self.package, remaining=5)
        page = self.open(response.headers["Location"])
        self.assertIn("Your session is cancelled", self.text(page))
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_cancel')]"))

    def test_cancel_late(self):
        session = self.book(days=1)
        self.travel(session.start - timedelta(hours=24))
        tree, response = self._cancel(session)
        self.assertIn(
            "late cancellation", self.text(tree, "//*[hasclass('o_coaching_cancel')]")
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(session.state, "late_cancel")
        self.assertBalance(self.package, remaining=4, used=1)
        page = self.open(response.headers["Location"])
        self.assertIn("It counts as used", self.text(page))

    def test_terms_changed_while_the_page_was_open(self):
        """Nobody pays for a late cancellation who was shown an early one."""
        session = self.book(days=3)
        self.travel(session.start - timedelta(hours=23))
        response = self.post(
            f"{SESSIONS}/{session.id}/cancel",
            self.client_user,
            outcome_code="client_early_cancel",
            reason="Still typing",
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("terms for cancelling changed", response.text)
        self.assertIn("Still typing", response.text)
        self.assertEqual(session.state, "scheduled")

    def test_reason_is_no_outcome(self):
        """A client can't choose what it counts as by writing an outcome's code."""
        session = self.book(days=1)
        self.travel(session.start - timedelta(hours=1))
        self._cancel(session, reason="coach_emergency", refund="full")
        self.assertEqual(session.state, "late_cancel")

    def test_cancel_begun_or_closed(self):
        session = self.book(days=0, hour=10)
        self.travel(session.start)
        path = f"{SESSIONS}/{session.id}"
        self.login(self.client_user)
        self.assertFalse(
            self.find(self.open(path), "//*[hasclass('o_coaching_cancel')]")
        )
        response = self.post(f"{path}/cancel", outcome_code="client_late_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(session.state, "scheduled")

    def test_double_click(self):
        session = self.book(days=3)
        self._cancel(session)
        moves = self.package.move_ids
        path = f"{SESSIONS}/{session.id}"
        response = self.post(f"{path}/cancel", outcome_code="client_early_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(self.package.move_ids, moves)

    def test_group_goes_on_without_the_client(self):
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            days=3,
            partner_ids=(self.client | self.other_client).ids,
        )
        self._cancel(session)
        states = {a.partner_id: a.state for a in session.attendance_ids}
        self.assertEqual(states[self.client], "early_cancel")
        self.assertEqual(states[self.other_client], "scheduled")

    def test_manager_as_client_does_not_cancel_for_all(self):
        """Cancelling as staff is for the back office, on its own terms."""
        partner = self.manager.partner_id
        self._sell(partner)
        session = self.book(
            booking_type_id=self.group_type.id,
            days=3,
            partner_ids=(self.client | partner).ids,
        )
        path = f"{SESSIONS}/{session.id}"
        page = self.open(path, self.manager)
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_cancel')]"))
        response = self.post(f"{path}/cancel", outcome_code="client_early_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(session.state, "scheduled")
        self.assertEqual(session.attendance_ids.mapped("state"), ["scheduled"] * 2)

    # R53 R54
    def test_terms(self):
        """The client reads under which terms he booked, as long as they matter."""
        self.individual.terms_id = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "<p>Be on time.</p>", "company_id": False}
        )
        session = self.book()
        path = f"{SESSIONS}/{session.id}"
        terms = self.text(
            self.open(path, self.client_user), "//*[hasclass('o_coaching_terms')]"
        )
        self.assertIn("Cancel more than 24 hours before the start", terms)
        self.assertIn("House rules", terms)
        self.assertIn("Be on time.", terms)
        self.travel(session.stop)
        self.login(self.client_user)
        page = self.open(path)
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_terms')]"))
