from odoo.tests import tagged

from ..common import SESSIONS
from .common_booking import BOOK, SLOT, TUESDAY, BookingCommon


@tagged("post_install", "-at_install")
class TestPortalBooking(BookingCommon):
    """What a client can choose; every page works without script."""

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
        self.assertIn("Local times in Tokyo", self.text(page))
        (chosen,) = self.find(page, "//optgroup[@label='Asia']/option[@selected]")
        self.assertEqual((chosen.get("value"), chosen.text), ("Asia/Tokyo", "Tokyo"))
        # the coach works from 08:00 UTC
        slot = self.find(page, SLOT)[0]
        self.assertIn(
            "T08:00", slot.get("href").replace("%3A", ":").replace("30", "00")
        )
        self.assertTrue(slot.text_content().strip().startswith(("05:", "17:")))
        page = self.open(self._url(start=f"{TUESDAY}T09:00"))
        self.assertIn("(Tokyo time)", self.text(page))
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
        """A client who finds no time goes on to the waiting list with their choice."""
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

    def test_nothing_left_said_before_choosing(self):
        self.assertFalse(self.find(self.open(self._url()), "//*[@role='alert']"))
        page = self.open(self._url(), self.other_user)
        (alert,) = self.find(page, "//*[hasclass('o_coaching_lack')]")
        self.assertIn("You have no package with a session left", self.text(alert, "/."))
        self.assertTrue(self.find(alert, "//a[@href='/my/coaching/packages']"))
        # what needs none has nothing to say
        page = self.open(self._url(type=self.consultation.id))
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_lack')]"))

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
