from datetime import timedelta

from odoo.tests import tagged

from .common import COACH, SESSIONS, PortalCommon

WEEK = timedelta(weeks=1)
ACTIONS = ("move", "cancel", "skip", "pause", "resume", "end")


@tagged("post_install", "-at_install")
class TestPortalCoachSeries(PortalCommon):
    """A coach changes a series on his telephone: he reads what follows, then decides.

    Four Wednesdays at ten, from 3 March 2027 on.
    """

    def setUp(self):
        super().setUp()
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.portal_coach.id,
                "partner_ids": self.client.ids,
                "start": (self.now + timedelta(days=2)).replace(hour=10),
                "count": 4,
            }
        )
        self.series = self.env["coaching.series"].browse(result["series_id"])
        sessions = self.env["coaching.session"].browse(result["session_ids"])
        self.sessions = sessions.sorted("start")
        self.starts = self.sessions.mapped("start")
        self.login(self.portal_coach_user)

    # === HELPERS === #

    def url(self, action, session=None):
        return f"{COACH}/{(session or self.sessions[0]).id}/series/{action}"

    def ask(self, action, session=None, **data):
        """Send a form that was not seen; return the page with what it leads to."""
        response = self.post(self.url(action, session), **data)
        self.assertEqual(response.status_code, 200)
        return self.parse(response.text)

    def seen(self, tree):
        """Return the key of what the page shows; empty where nothing can be done."""
        return "".join(
            node.get("value") for node in self.find(tree, "//button[@name='seen']")
        )

    def confirm(self, action, session=None, **data):
        """See what it leads to and do it; return the page that follows."""
        session = session or self.sessions[0]
        seen = self.seen(self.ask(action, session, **data))
        self.assertTrue(seen)
        response = self.post(self.url(action, session), seen=seen, **data)
        self.assertSentHome(response, f"{COACH}/{session.id}")
        return self.open(f"{COACH}/{session.id}")

    def plan(self, tree):
        return self.text(tree, "//*[hasclass('o_coaching_plan')]")

    def flash(self, tree):
        return self.text(tree, "//*[hasclass('o_coaching_flash')]")

    def error(self, tree):
        return self.text(tree, "//*[hasclass('alert-danger')][@role='alert']")

    def links(self, session):
        tree = self.open(f"{COACH}/{session.id}", self.portal_coach_user)
        links = self.find(tree, "//*[hasclass('o_coaching_series_actions')]//a")
        return [link.get("href").rsplit("/", 1)[1] for link in links]

    def assertUntouched(self):
        self.assertEqual(set(self.sessions.mapped("state")), {"scheduled"})
        self.assertEqual(self.sessions.mapped("start"), self.starts)
        self.assertEqual(self.series.state, "active")
        self.assertFalse(self.series.gap_ids)

    # === THE CARD === #

    # R109
    def test_what_is_offered(self):
        """Only what can be done at this moment."""
        self.assertEqual(
            self.links(self.sessions[0]), ["move", "cancel", "skip", "pause", "end"]
        )
        for action in self.links(self.sessions[0]):
            self.open(self.url(action))
        self.travel(self.sessions[0].stop)
        self.assertEqual(self.links(self.sessions[0]), ["cancel", "pause", "end"])
        self.series.with_user(self.portal_coach_user).action_end("2027-03-04")
        self.assertEqual(self.links(self.sessions[0]), [])
        self.assertSentHome(self.url_open(self.url("end"), allow_redirects=False))

    # R109
    def test_times_that_were_not_booked(self):
        """Listed where they would have been, with the reason; and the state."""
        series = self.series.with_user(self.portal_coach_user)
        self.sessions[1].with_user(self.portal_coach_user).action_skip("Conference")
        series.action_pause("2027-03-15", reason="In Rome")
        self.env["coaching.series.gap"].create(
            {
                "series_id": series.id,
                "number": 9,
                "start": self.starts[3] + WEEK,
                "stop": self.starts[3] + WEEK + timedelta(hours=1),
                "kind": "conflict",
                "reason": "The room is taken",
            }
        )
        tree = self.open(f"{COACH}/{self.sessions[0].id}")
        card = self.text(tree, "//*[hasclass('o_coaching_series')]")
        for words in (
            "Conference",
            "Skipped",
            "In Rome",
            "Paused",
            "The room is taken",
        ):
            self.assertIn(words, card)
        self.assertEqual(card.count("Paused"), 3, "the series, and two of its times")
        self.assertIn("Not booked", card)
        self.assertIn("Wednesday, March 31, 2027", card)

    def test_who_stands_in(self):
        """He decides about his session, not about the series, and reads no reasons."""
        series = self.series.with_user(self.portal_coach_user)
        series.action_pause("2027-03-15", reason="In Rome")
        self.sessions[0].coach_id = self.coach
        self.login(self.coach_user)
        tree = self.open(f"{COACH}/{self.sessions[0].id}")
        links = self.find(tree, "//*[hasclass('o_coaching_series_actions')]//a")
        self.assertEqual(
            [link.get("href").rsplit("/", 1)[1] for link in links],
            ["move", "cancel", "skip"],
        )
        self.assertNotIn("In Rome", self.text(tree))
        tree = self.open(self.url("cancel"))
        values = [n.get("value") for n in self.find(tree, "//input[@name='scope']")]
        self.assertEqual(values, ["one"])
        for scope in ("following", "all"):
            self.assertSentHome(self.post(self.url("cancel"), scope=scope))
        for action in ("pause", "resume", "end"):
            self.assertSentHome(self.url_open(self.url(action), allow_redirects=False))
            self.assertSentHome(self.post(self.url(action), date_from="2027-03-01"))
        self.assertEqual(self.sessions[1].state, "scheduled")

    # === MOVING === #

    # R111
    def test_move_following(self):
        tree = self.open(self.url("move", self.sessions[1]))
        (field,) = self.find(tree, "//input[@name='start']")
        self.assertEqual(field.get("value"), "2027-03-10T10:00")
        data = {"scope": "following", "start": "2027-03-11T14:00"}
        plan = self.plan(self.ask("move", self.sessions[1], **data))
        self.assertIn("Thursday, March 11, 2027", plan)
        self.assertIn("instead of Mar 10, 2027", plan)
        self.assertUntouched()
        tree = self.confirm(
            "move", self.sessions[1], reason="Choir", message="See you", **data
        )
        self.assertIn("You moved 3 sessions.", self.flash(tree))
        moved = [start + timedelta(days=1, hours=4) for start in self.starts[1:]]
        self.assertEqual(self.sessions.mapped("start"), [self.starts[0], *moved])
        lines = self.sessions[1].log_ids.filtered(lambda line: line.action == "moved")
        self.assertIn("Choir", lines.description)
        mail = self.env["coaching.notification"].search(
            [("kind", "=", "series_changed"), ("partner_id", "=", self.client.id)]
        )
        self.assertEqual(mail.mapped("message"), ["See you"])
        again = self.open(f"{COACH}/{self.sessions[1].id}")
        self.assertFalse(self.find(again, "//*[hasclass('o_coaching_flash')]"), "once")

    # R110
    def test_move_one_and_all(self):
        self.confirm("move", scope="one", start="2027-03-03T15:00")
        self.assertEqual(self.sessions[0].start, self.starts[0] + timedelta(hours=5))
        self.assertEqual(self.sessions[1:].mapped("start"), self.starts[1:])
        tree = self.confirm(
            "move", self.sessions[2], scope="all", start="2027-03-17T11:00"
        )
        self.assertIn("You moved 3 sessions.", self.flash(tree))
        self.assertEqual(
            self.sessions[1:].mapped("start"),
            [start + timedelta(hours=1) for start in self.starts[1:]],
        )

    # R111
    def test_move_with_conflicts(self):
        """What is in the way is listed first; the others move, and it is said."""
        taken = self.starts[2] + timedelta(hours=4)
        self.book(
            start=taken,
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        data = {"scope": "all", "start": "2027-03-03T14:00"}
        tree = self.ask("move", **data)
        self.assertIn("3 of 4 sessions can be moved", self.plan(tree))
        rows = self.find(
            tree, "//*[hasclass('o_coaching_plan')]//li[hasclass('list-group-item')]"
        )
        self.assertIn("March 17", rows[0].text_content())
        self.assertIn("Not possible", rows[0].text_content())
        tree = self.confirm("move", **data)
        self.assertIn("You moved 3 sessions.", self.flash(tree))
        self.assertIn("could not be done", self.flash(tree))
        self.assertEqual(self.sessions[2].start, self.starts[2])
        self.assertEqual(self.sessions[3].start, self.starts[3] + timedelta(hours=4))

    def test_none_can_be_moved(self):
        data = {"scope": "one", "start": "2027-03-07T10:00", "reason": "<b>Choir"}
        tree = self.ask("move", **data)
        self.assertIn("None of these sessions", self.plan(tree))
        self.assertFalse(self.seen(tree))
        tree = self.ask("move", scope="one", start="2027-02-03T10:00")
        self.assertIn("in the past", self.plan(tree))
        self.assertFalse(self.seen(tree))
        self.assertUntouched()

    def test_move_is_refused(self):
        """The sentence is on the page, and what was typed as well."""
        for start, words in (
            ("", "Choose the day"),
            ("soon", "Choose the day"),
            ("2027-03-03T10:00", "already"),
        ):
            with self.subTest(start):
                tree = self.ask(
                    "move", scope="all", start=start, reason="<b>Choir", message="Hi!"
                )
                self.assertIn(words, self.error(tree))
                self.assertEqual(
                    self.text(tree, "//textarea[@name='reason']"), "<b>Choir"
                )
                self.assertEqual(self.text(tree, "//textarea[@name='message']"), "Hi!")
                (field,) = self.find(tree, "//input[@name='start']")
                self.assertEqual(field.get("value"), start)
                (chosen,) = self.find(tree, "//input[@name='scope'][@checked]")
                self.assertEqual(chosen.get("value"), "all")
        for scope in ("", "some"):
            tree = self.ask("move", scope=scope, start="2027-03-04T10:00")
            self.assertIn("one session, the following", self.error(tree))
        self.assertUntouched()

    # rank 11
    def test_the_coach_s_notice(self):
        """Where he is bound by notice, the page says so before he confirms."""
        self.individual.write({"staff_reschedule": "refuse", "staff_notice_hours": 72})
        tree = self.ask("move", scope="all", start="2027-03-03T11:00")
        self.assertIn("a manager can move it", self.error(tree))
        self.assertFalse(self.seen(tree))

    def test_it_leads_to_something_else_meanwhile(self):
        """Nothing is done that was not seen: it is shown anew."""
        data = {"scope": "all", "start": "2027-03-03T14:00"}
        seen = self.seen(self.ask("move", **data))
        self.book(
            start=self.starts[2] + timedelta(hours=4),
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        tree = self.ask("move", seen=seen, **data)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertIn("3 of 4", self.plan(tree))
        # neither is what was chosen differently after it was shown
        tree = self.ask("move", seen=seen, scope="one", start="2027-03-03T14:00")
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertUntouched()

    # === CANCELLING === #

    # R115
    def test_cancel_one(self):
        tree = self.ask("cancel", scope="one")
        self.assertIn("It is recorded as", self.plan(tree))
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
        self.assertIn("goes back to the client's package", self.plan(tree))
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

    def test_sent_twice(self):
        """Who taps twice reads what the first tap has done; nothing happens again."""
        seen = self.seen(self.ask("cancel", scope="one"))
        for _tap in range(2):
            response = self.post(self.url("cancel"), scope="one", seen=seen)
            self.assertSentHome(response, f"{COACH}/{self.sessions[0].id}")
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
        self.assertIn("the series goes on", self.flash(tree))
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
        self.assertIn("Left out for good", self.plan(tree))
        tree = self.confirm("resume", date_from="2027-03-15")
        self.assertIn("The series goes on: one session booked.", self.flash(tree))
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
            "ended already", self.error(self.ask("end", date_from="2027-03-16"))
        )

    def test_days_that_make_no_sense(self):
        for action, days, words in (
            ("pause", ("", ""), "from which day"),
            ("pause", ("soon", ""), "is not a date"),
            ("pause", ("2027-03-10", "soon"), "is not a date"),
            ("pause", ("2027-03-10", "2027-03-09"), "before it begins"),
            ("pause", ("2028-03-10", ""), "No session of this series"),
            ("end", ("", ""), "from which day"),
            ("end", ("99999-03-10", ""), "is not a date"),
            ("resume", ("2027-03-10", ""), "Nothing of this series is paused"),
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

    # === OTHERS === #

    def test_outsiders(self):
        """Another coach, a client, a manager, a visitor: home, and nothing is done."""
        for user in (self.coach_user, self.client_user, self.other_user, self.manager):
            self.login(user)
            for action in ACTIONS:
                with self.subTest(user=user.login, action=action):
                    self.assertSentHome(
                        self.url_open(self.url(action), allow_redirects=False)
                    )
                    self.assertSentHome(
                        self.post(
                            self.url(action),
                            scope="all",
                            start="2027-03-04T10:00",
                            date_from="2027-03-10",
                        )
                    )
        self.login(None)
        for action in ACTIONS:
            response = self.url_open(self.url(action), allow_redirects=False)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertUntouched()

    def test_no_series(self):
        session = self.book(days=1, hour=15, partner_ids=self.client.ids)
        self.login(self.portal_coach_user)
        for action in ACTIONS:
            url = self.url(action, session)
            self.assertSentHome(self.url_open(url, allow_redirects=False))
            self.assertSentHome(self.post(url, scope="one", date_from="2027-03-01"))
        for bad in ("0", str(10**30)):
            url = f"{COACH}/{bad}/series/cancel"
            self.assertSentHome(self.url_open(url, allow_redirects=False))
            self.assertSentHome(self.post(url, scope="one"))
        response = self.url_open(self.url("sing"), allow_redirects=False)
        self.assertEqual(response.status_code, 404)
        self.assertEqual(session.state, "scheduled")

    def test_days_of_the_series(self):
        """Days begin on the clock of the series, which the page names."""
        self.series.tz = "Pacific/Auckland"
        text = self.text(self.open(self.url("end")))
        self.assertIn("Pacific/Auckland", text)

    # R109
    def test_client_reads_whom_to_ask(self):
        tree = self.open(f"{SESSIONS}/{self.sessions[0].id}", self.client_user)
        hint = self.text(tree, "//*[hasclass('o_coaching_ask')]")
        self.assertIn(f"Ask {self.portal_coach.name}", hint)
        links = self.find(tree, "//*[hasclass('o_coaching_ask')]//a")
        anchors = [link.get("href") for link in links]
        self.assertEqual(anchors, ["#write", "#move", "#cancel"])
        for anchor in anchors:
            self.assertTrue(self.find(tree, f"//*[@id='{anchor[1:]}']"), anchor)
        self.assertNotIn("series/", "".join(str(a) for a in anchors))
