from datetime import timedelta

from odoo.tests import tagged

from ..common import COACH, SESSIONS
from .common_series import ACTIONS, SeriesCommon

WEEK = timedelta(weeks=1)


@tagged("post_install", "-at_install")
class TestPortalCoachSeries(SeriesCommon):
    """What a coach can do with a series, and moving it (R109-R111)."""

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

    # R112
    def test_paused_times_move_along(self):
        """The card says when they would be booked again."""
        series = self.series.with_user(self.portal_coach_user)
        series.action_pause("2027-03-15")
        self.confirm("move", scope="all", start="2027-03-04T15:00")
        tree = self.open(f"{COACH}/{self.sessions[0].id}")
        rows = self.find(tree, "//*[hasclass('o_coaching_series')]//li")
        days = [row.text_content().split("March ")[1][:2] for row in rows]
        self.assertEqual(days, ["4,", "11", "18", "25"])
        self.assertIn("Paused", rows[2].text_content())
        self.assertIn("3:00", rows[2].text_content())

    def test_who_stands_in(self):
        """A substitute decides about one session, not the series; reads no reasons."""
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
        self.assertIn("instead of 03/10/2027, 10:00", plan)
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
        self.assertIn("These could not be changed:", self.flash(tree))
        self.assertEqual(self.sessions[2].start, self.starts[2])
        self.assertEqual(self.sessions[3].start, self.starts[3] + timedelta(hours=4))

    def test_none_can_be_moved(self):
        tree = self.ask("move", scope="one", start="2027-03-07T10:00")
        self.assertFalse(
            self.find(tree, "//textarea"), "There is nothing left to confirm"
        )
        self.assertIn("None of these sessions", self.plan(tree))
        self.assertFalse(self.seen(tree))
        tree = self.ask("move", scope="one", start="2027-02-03T10:00")
        self.assertIn("in the past", self.plan(tree))
        self.assertFalse(self.seen(tree))
        self.assertUntouched()

    def test_move_is_refused(self):
        """The sentence is on the page, and what was typed as well."""
        for start, words in (
            ("", "Choose the new day and time"),
            ("soon", "Choose the new day and time"),
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
            self.assertIn(
                "only this session, this and following ones, or all", self.error(tree)
            )
        self.assertUntouched()

    # rank 11
    def test_the_coach_s_notice(self):
        """A coach bound by notice reads so on the page before confirming."""
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
        self.assertIn("(Auckland time)", text)

    # R109
    def test_client_reads_whom_to_ask(self):
        tree = self.open(f"{SESSIONS}/{self.sessions[0].id}", self.client_user)
        hint = self.text(tree, "//*[hasclass('o_coaching_ask')]")
        self.assertIn(f"ask {self.portal_coach.name}", hint)
        links = self.find(tree, "//*[hasclass('o_coaching_ask')]//a")
        anchors = [link.get("href") for link in links]
        self.assertEqual(anchors, ["#write", "#move", "#cancel"])
        for anchor in anchors:
            self.assertTrue(self.find(tree, f"//*[@id='{anchor[1:]}']"), anchor)
        self.assertNotIn("series/", "".join(str(a) for a in anchors))
