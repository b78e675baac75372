from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...controllers.booking.confirm import CustomerPortal
from ..common import SESSIONS
from .common_booking import BOOK, TUESDAY, BookingCommon


@tagged("post_install", "-at_install")
class TestPortalConfirm(BookingCommon):
    """A client confirms what was chosen, and books it."""

    # R54 R118 R119
    def test_confirm_page(self):
        self.company.coaching_terms_id = self.terms
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        text = self.text(page)
        for part in (
            "9:00",
            "(UTC time)",
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
        """Nobody else is booked in place of the chosen coach without a word."""
        gone = self.portal_coach
        gone.active = False
        for coach in (gone.id, 999999, "x"):
            with self.subTest(coach):
                page = self.open(self._url(coach=coach, start=f"{TUESDAY}T09:00"))
                self.assertIn(
                    "The coach you chose no longer offers this", self.text(page)
                )
                form = self._form(coach=coach, focus="My exam")
                response = self.post(BOOK, **form)
                self.assertIn(
                    "The coach you chose no longer offers this", response.text
                )
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
        self.assertIn("read and accept", response.text)
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

    def test_takes_more_than_is_left(self):
        self.individual.sessions_deducted = 3
        self.book(days=3)
        self.assertIn(
            "takes 3 sessions of a package", self.text(self.open(BOOK)).lower()
        )
        for url in (self._url(), self._url(start=f"{TUESDAY}T09:00")):
            text = self.text(self.open(url))
            self.assertIn("needs 3 sessions", text)
            self.assertIn("has 2 of 5 left", text)
        response = self.post(BOOK, **self._form())
        self.assertIn("has 2 of 5 left", response.text)

    def test_package_chosen(self):
        later = self._sell(self.client)
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        options = self.find(page, "//select[@name='package_id']/option")
        self.assertEqual(len(options), 2)
        self.post(BOOK, **self._form(package_id=later.id))
        self.assertBalance(later, remaining=4, held=1)
        self.assertBalance(self.package, remaining=5)
