from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_booking import BOOK, BookingCommon


@tagged("post_install", "-at_install")
class TestPortalBookingRights(BookingCommon):
    """Whom a client books for, and what."""

    def test_for_somebody_else(self):
        """Whatever a form says, it is booked for the user only."""
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
        with self.assertRaisesRegex(UserError, "” can't be booked online"):
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
        with self.assertRaisesRegex(UserError, "can only be booked once"):
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
