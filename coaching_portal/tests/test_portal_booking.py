from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.booking import CustomerPortal
from .common import SESSIONS, PortalCommon

BOOK = "/my/coaching/book"
SLOT = "//a[hasclass('o_coaching_slot')]"
TUESDAY = "2027-03-02"


@tagged("post_install", "-at_install")
class TestPortalBooking(PortalCommon):
    """A client books for himself; every page works without script."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consultation.client_once = True
        # two coaches, whatever else is in the database
        cls.env["coaching.coach"].search(
            [("id", "not in", (cls.coach | cls.portal_coach).ids)]
        ).active = False
        cls.terms = cls.env["coaching.terms"].create(
            {"name": "House rules", "body": "<p>Come in socks.</p>"}
        )

    def setUp(self):
        super().setUp()
        self.login(self.client_user)

    def _url(self, **query):
        query = {"type": self.individual.id, "coach": self.portal_coach.id, **query}
        return f"{BOOK}?" + "&".join(f"{k}={v}" for k, v in query.items() if v)

    def _form(self, **data):
        return {
            "type": self.individual.id,
            "coach": self.portal_coach.id,
            "start": f"{TUESDAY}T09:00",
            **data,
        }

    def _sessions(self, client=None):
        return self.env["coaching.session"].search(
            [("attendance_ids.partner_id", "=", (client or self.client).id)]
        )

    def _values(self, page, xpath=SLOT):
        """Return the values of the times that are offered."""
        return [
            parse_qs(urlsplit(node.get("href")).query)["start"][0]
            for node in self.find(page, xpath)
        ]

    # === CHOOSING === #

    # R61 R130
    def test_types(self):
        """What clients book themselves is offered, nothing else."""
        self.group_type.client_can_book = False
        page = self.open(BOOK)
        text = self.text(page)
        self.assertIn(self.individual.name, text)
        self.assertIn(self.consultation.name, text)
        self.assertNotIn(self.group_type.name, text)
        # no make-up to use
        self.assertNotIn(self.makeup_type.name, text)

    # R135
    def test_makeup_offered(self):
        self._issue_makeups("client_early_cancel")
        self.book(days=3).action_cancel("Holiday")
        self.travel(self.now)
        page = self.open(BOOK)
        self.assertIn(self.makeup_type.name, self.text(page))

    # R147
    def test_times_are_those_of_get_slots(self):
        page = self.open(self._url())
        slots = (
            self.env["coaching.booking.type"]
            .with_user(self.client_user)
            .get_slots(
                self.individual.id,
                "2027-03-01",
                "2027-03-07",
                coach_ids=self.portal_coach.ids,
                tz="UTC",
            )
        )
        self.assertTrue(slots)
        self.assertEqual(
            self._values(page),
            [slot["start"].replace(" ", "T")[:16] for slot in slots],
        )

    # R135
    def test_group(self):
        """A group that has begun to fill is offered once, with the seats it has."""
        self._sell(self.other_client)
        group = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=self.other_client.ids,
            coach_id=self.coach.id,
        )
        page = self.open(self._url(type=self.group_type.id, coach=""))
        values = self._values(page)
        self.assertEqual(len(values), len(set(values)))
        (slot,) = self.find(page, "//a[contains(@href, '2027-03-02T09%3A00')]")
        seats = self.group_type.max_participants
        self.assertIn(f"{seats - 1} seats", " ".join(slot.text_content().split()))
        self.post(BOOK, **self._form(type=self.group_type.id, coach=""))
        self.assertEqual(self._sessions(), group)
        self.assertEqual(group.seats_taken, 2)

    # R83
    def test_zone(self):
        """Times are shown in the client's zone, which is named and can be changed."""
        response = self.post(
            "/my/coaching/timezone", tz="Asia/Tokyo", next=self._url(day=TUESDAY)
        )
        self.assertSentHome(response, self._url(day=TUESDAY))
        self.assertEqual(self.client_user.tz, "Asia/Tokyo")
        page = self.open(self._url())
        self.assertIn("Asia/Tokyo", self.text(page))
        # the coach works from 08:00 UTC
        slot = self.find(page, SLOT)[0]
        self.assertIn(
            "T08:00", slot.get("href").replace("%3A", ":").replace("30", "00")
        )
        self.assertTrue(slot.text_content().strip().startswith(("5:", "17:")))
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        self.assertIn("Asia/Tokyo", self.text(page))
        self.assertIn("6:00", self.text(page).replace("18:00", "6:00"))

    def test_zone_of_another_site(self):
        response = self.post(
            "/my/coaching/timezone", tz="Nowhere/Land", next="https://evil.example"
        )
        self.assertSentHome(response)
        self.assertEqual(self.client_user.tz, "UTC")

    def test_zone_with_a_broken_address(self):
        for url in ("/my/\r\nX: y", "/my/\nx", "/my/\x00"):
            response = self.post("/my/coaching/timezone", tz="Asia/Tokyo", next=url)
            self.assertSentHome(response)

    def test_nobody_free(self):
        """An empty week says so and leads to the next free time."""
        self.portal_coach.resource_calendar_id = self.calendar.copy()
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.portal_coach.resource_id.id,
                "date_from": "2027-03-01 00:00:00",
                "date_to": "2027-03-10 00:00:00",
            }
        )
        page = self.open(self._url())
        self.assertIn("no free time", self.text(page))
        (link,) = self.find(page, "//a[hasclass('o_coaching_next_time')]")
        self.assertIn("day=2027-03-10", link.get("href"))
        self.assertTrue(self._values(self.open(link.get("href"))))

    def test_wait_for_a_time(self):
        """Who finds no time goes on to the waiting list with what he looked for."""
        page = self.open(self._url())
        (link,) = self.find(page, "//a[hasclass('o_coaching_wait')]")
        page = self.open(link.get("href"))
        chosen = [node.get("value") for node in self.find(page, "//option[@selected]")]
        self.assertEqual(chosen, [str(self.individual.id), str(self.portal_coach.id)])

    def test_strange_addresses(self):
        for query in (
            "type=x",
            "type=999999999999",
            f"type={self.individual.id}&coach=abc&day=nonsense&start=later",
            f"type={self.individual.id}&day=9999-12-31",
            f"type={self.individual.id}&day=0001-01-01",
            f"type={self.individual.id}&start=2027-03-02T09:00%2B01:00",
            f"type={self.individual.id}&start=99999-03-02",
        ):
            self.open(f"{BOOK}?{query}")

    # === CONFIRMING === #

    # R54 R118 R119
    def test_confirm_page(self):
        self.company.coaching_terms_id = self.terms
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        text = self.text(page)
        for part in (
            "9:00",
            "(UTC)",
            self.individual.name,
            self.portal_coach.name,
            "Five sessions",
            "5 of 5 left",
            "Cancel more than 24 hours",
            "Come in socks",
            "I have read and accept",
            "What do you want to focus on?",
        ):
            self.assertIn(part, text)

    # R54 R61 R80
    def test_book(self):
        self.company.coaching_terms_id = self.terms
        response = self.post(
            BOOK,
            **self._form(
                focus="Speaking up",
                questions="How?",
                terms_id=self.terms.id,
                terms_accepted="1",
            ),
        )
        session = self._sessions()
        self.assertSentHome(response, f"{SESSIONS}/{session.id}?done=booked")
        self.assertEqual(str(session.start), f"{TUESDAY} 09:00:00")
        self.assertEqual(session.coach_id, self.portal_coach)
        self.assertIn("Speaking up", session.note)
        self.assertIn("Questions for your coach\nHow?", session.note)
        self.assertFalse(self.terms._get_missing(self.client))
        self.assertBalance(self.package, remaining=4, held=1)
        page = self.open(f"{SESSIONS}/{session.id}?done=booked")
        self.assertIn("is booked", self.text(page))

    def test_any_coach(self):
        response = self.post(BOOK, **self._form(coach=""))
        session = self._sessions()
        self.assertIn(session.coach_id, self.coach | self.portal_coach)
        self.assertSentHome(response, f"{SESSIONS}/{session.id}?done=booked")

    def test_chosen_coach_is_gone(self):
        """Nobody else is booked in his place without a word."""
        gone = self.portal_coach
        gone.active = False
        for coach in (gone.id, 999999, "x"):
            with self.subTest(coach):
                page = self.open(self._url(coach=coach, start=f"{TUESDAY}T09:00"))
                self.assertIn("does not give this any more", self.text(page))
                form = self._form(coach=coach, focus="My exam")
                response = self.post(BOOK, **form)
                self.assertIn("does not give this any more", response.text)
                self.assertIn("My exam", response.text)
                self.assertFalse(self._sessions())
        # with whoever is free, as that page says
        self.post(BOOK, **self._form(coach=""))
        self.assertEqual(self._sessions().coach_id, self.coach)

    def test_terms_not_accepted(self):
        """The terms are asked for, and nothing typed is lost."""
        self.company.coaching_terms_id = self.terms
        response = self.post(BOOK, **self._form(focus="Speaking up"))
        self.assertEqual(response.status_code, 200)
        self.assertIn("Read and accept", response.text)
        self.assertIn("Speaking up", response.text)
        self.assertFalse(self._sessions())

    def test_taken_meanwhile(self):
        """Somebody was faster: said in words, other times are on the same page."""
        self._sell(self.other_client)
        self.book(partner_ids=self.other_client.ids)
        response = self.post(BOOK, **self._form(background="Long story"))
        self.assertEqual(response.status_code, 200)
        self.assertIn("already has a session", response.text)
        self.assertIn("Long story", response.text)
        self.assertIn('type="radio"', response.text)
        self.assertNotIn(f'value="{TUESDAY}T09:00"', response.text)
        self.assertIn(f'value="{TUESDAY}T10:00"', response.text)
        self.assertFalse(self._sessions())

    def test_twice(self):
        """A second click books nothing more and lands at the same session."""
        for _click in range(2):
            response = self.post(BOOK, **self._form())
            session = self._sessions()
            self.assertEqual(len(session), 1)
            self.assertSentHome(response, f"{SESSIONS}/{session.id}?done=booked")
        self.assertBalance(self.package, remaining=4, held=1)

    def test_two_clicks_at_once(self):
        """Who can't see the other click's session yet looks again, and finds it."""
        self.post(BOOK, **self._form())
        session = self._sessions()
        seen = []
        find = CustomerPortal._find_coaching_booked

        def find_late(controller, choice):
            # at first, as in a snapshot from before the other click
            found = find(controller, choice)
            seen.append(found)
            return found if len(seen) > 1 else found.browse()

        sessions = self.env.registry["coaching.session"]
        with (
            patch.object(CustomerPortal, "_find_coaching_booked", find_late),
            # only the constraint is left to judge
            patch.object(
                sessions, "_check_free", lambda self, requests, exclude=None: requests
            ),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            response = self.post(BOOK, **self._form())
        self.assertSentHome(response, f"{SESSIONS}/{session.id}?done=booked")
        self.assertEqual(len(seen), 2)
        self.assertEqual(self._sessions(), session)
        self.assertBalance(self.package, remaining=4, held=1)

    def test_no_package(self):
        self.login(self.other_user)
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        self.assertIn("You have no package", self.text(page))
        response = self.post(BOOK, **self._form())
        self.assertIn("You have no package", response.text)
        self.assertFalse(self._sessions(self.other_user.partner_id))

    def test_nothing_left_said_before_choosing(self):
        self.assertFalse(self.find(self.open(self._url()), "//*[@role='alert']"))
        page = self.open(self._url(), self.other_user)
        (alert,) = self.find(page, "//*[hasclass('o_coaching_lack')]")
        self.assertIn("You have no package with a session left", self.text(alert, "/."))
        self.assertTrue(self.find(alert, "//a[@href='/my/coaching/packages']"))
        # what needs none has nothing to say
        page = self.open(self._url(type=self.consultation.id))
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_lack')]"))

    def test_takes_more_than_is_left(self):
        self.individual.sessions_deducted = 3
        self.book(days=3)
        self.assertIn(
            "takes 3 sessions of a package", self.text(self.open(BOOK)).lower()
        )
        for url in (self._url(), self._url(start=f"{TUESDAY}T09:00")):
            text = self.text(self.open(url))
            self.assertIn("takes 3 sessions of one package", text)
            self.assertIn("has 2 of 5 left", text)
        response = self.post(BOOK, **self._form())
        self.assertIn("has 2 of 5 left", response.text)

    def test_groups_that_are_there_stand_out(self):
        self.group_type.package_required = False
        group = self.book(
            hour=9,
            booking_type_id=self.group_type.id,
            partner_ids=self.other_client.ids,
        )
        url = self._url(type=self.group_type.id, day=TUESDAY)
        page = self.open(url)
        (joins,) = self.find(page, "//*[hasclass('o_coaching_slot_joins')]")
        self.assertIn("7 seats left", self.text(joins, "/."))
        self.assertGreater(len(self.find(page, SLOT)), 1)
        self.group_type.client_join_only = True
        self.assertEqual(self._values(self.open(url)), [f"{TUESDAY}T09:00"])
        form = self._form(type=self.group_type.id)
        response = self.post(BOOK, **{**form, "start": f"{TUESDAY}T13:00"})
        self.assertIn("to join", response.text)
        self.post(BOOK, **form)
        self.assertIn(self.client, group.attendance_ids.partner_id)

    def test_package_chosen(self):
        later = self._sell(self.client)
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        options = self.find(page, "//select[@name='package_id']/option")
        self.assertEqual(len(options), 2)
        self.post(BOOK, **self._form(package_id=later.id))
        self.assertBalance(later, remaining=4, held=1)
        self.assertBalance(self.package, remaining=5)

    # === RIGHTS === #

    def test_for_somebody_else(self):
        """Whatever a form says, it is booked for the user himself."""
        self.post(
            BOOK,
            **self._form(
                partner_ids=self.other_client.id, partner_id=self.other_client.id
            ),
        )
        self.assertFalse(self._sessions(self.other_client))
        self.assertEqual(self._sessions().attendance_ids.partner_id, self.client)

    def test_package_of_somebody_else(self):
        package = self._sell(self.other_client)
        response = self.post(BOOK, **self._form(package_id=package.id))
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._sessions())
        self.assertBalance(package, remaining=5)

    def test_not_open_to_clients(self):
        self.individual.client_can_book = False
        self.assertSentHome(self.post(BOOK, **self._form()), BOOK)
        with self.assertRaisesRegex(UserError, "not booked online"):
            self.book(user=self.client_user)
        self.assertTrue(self.book(user=self.manager))

    def test_moving_what_is_not_open(self):
        """What staff booked can still be moved by the client."""
        session = self.book(days=4)
        self.individual.client_can_book = False
        session.with_user(self.client_user).action_reschedule("2027-03-05 10:00:00")
        self.assertEqual(str(session.start), "2027-03-05 10:00:00")

    # R28
    def test_once(self):
        """A free consultation once; what was cancelled does not count."""
        form = self._form(type=self.consultation.id)
        self.post(BOOK, **form)
        session = self._sessions()
        self.assertTrue(session)
        self.assertNotIn(self.consultation.name, self.text(self.open(BOOK)))
        with self.assertRaisesRegex(UserError, "can be booked once"):
            self.book(
                days=3,
                user=self.client_user,
                booking_type_id=self.consultation.id,
            )
        session.with_user(self.client_user).action_cancel("Ill")
        self.assertIn(self.consultation.name, self.text(self.open(BOOK)))
        self.assertTrue(
            self.book(
                days=3, user=self.client_user, booking_type_id=self.consultation.id
            )
        )
        # staff books another
        self.assertTrue(
            self.book(days=4, user=self.manager, booking_type_id=self.consultation.id)
        )

    def test_csrf(self):
        response = self.post(BOOK, csrf=False, **self._form())
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._sessions())

    def test_visitor(self):
        self.login(None)
        response = self.url_open(BOOK, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere_client",
            "base.group_portal",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.login(user)
        page = self.open(f"{BOOK}?type={self.individual.id}")
        self.assertFalse(self._values(page))
        self.assertNotIn(self.portal_coach.name, self.text(page))

    # === THE NEXT ONE === #

    # R61 R149
    def test_next_one(self):
        session = self.book()
        page = self.open(f"{SESSIONS}/{session.id}")
        self.assertFalse(self.find(page, "//a[hasclass('o_coaching_again')]"))
        self.close(session, "completed")
        page = self.open(f"{SESSIONS}/{session.id}")
        (link,) = self.find(page, "//a[hasclass('o_coaching_again')]")
        page = self.open(link.get("href"))
        self.assertIn(self.portal_coach.name, self.text(page))
        self.assertIn("2027-03-09T09:00", self._values(page))

    def test_buttons(self):
        self.assertTrue(
            self.find(self.open(SESSIONS), "//a[hasclass('o_coaching_book')]")
        )
        self.assertTrue(self.find(self.open("/my"), "//a[@title='Book a session']"))
        self.env["coaching.booking.type"].search([]).client_can_book = False
        self.assertFalse(
            self.find(self.open(SESSIONS), "//a[hasclass('o_coaching_book')]")
        )
