from ..common import COACH, PortalCommon

ABSENCE = f"{COACH}/absence"
DAYS = {"date_from": "2027-03-02", "date_to": "2027-03-03"}


class AbsenceCommon(PortalCommon):
    """The form with which a coach says that they are away, and three sessions."""

    def setUp(self):
        super().setUp()
        self._sell(self.other_client)
        self.first = self.book(days=1, hour=9)
        self.second = self.book(
            days=2, hour=9, partner_ids=self.other_client.ids, package_id=False
        )
        self.later = self.book(days=4, hour=9)
        self.affected = self.first | self.second
        self.login(self.portal_coach_user)

    # === HELPERS === #

    def ask(self, mode="cancel", **data):
        """Send the form; return the page with what will happen."""
        response = self.post(ABSENCE, mode=mode, **{**DAYS, **data})
        self.assertEqual(response.status_code, 200)
        return self.parse(response.text)

    def confirm(self, mode="cancel", **data):
        """See what will happen and do it; return the page that follows."""
        seen = self.seen(self.ask(mode, **data))
        self.assertTrue(seen)
        response = self.post(ABSENCE, mode=mode, seen=seen, **{**DAYS, **data})
        self.assertSentHome(response, COACH)
        return self.open(COACH)

    def mails(self):
        return self.env["coaching.notification"].search([("kind", "=", "absent")])

    def time_off(self):
        return self.env["resource.calendar.leaves"].search(
            [("resource_id", "=", self.portal_coach.resource_id.id)]
        )

    def assertUntouched(self):
        self.assertEqual(
            set((self.affected | self.later).mapped("state")), {"scheduled"}
        )
        self.assertFalse(self.time_off())
        self.assertFalse(self.affected.proposal_ids)
        self.assertFalse(self.mails())
