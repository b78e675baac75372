from urllib.parse import parse_qs, urlsplit

from ..common import PortalCommon

BOOK = "/my/coaching/book"
SLOT = "//a[hasclass('o_coaching_slot')]"
TUESDAY = "2027-03-02"


class BookingCommon(PortalCommon):
    """A client on the way to a booking, with two coaches to choose from."""

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
