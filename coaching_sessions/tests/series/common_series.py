from datetime import datetime

from ..common import CoachingCommon

FIRST = datetime(2027, 3, 2, 10, 0, 0)  # a Tuesday


class SeriesCommon(CoachingCommon):
    """A series of the client with the coach, Tuesdays at ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Series = cls.env["coaching.series"]

    def vals(self, **vals):
        vals = {
            "booking_type_id": self.individual.id,
            "coach_id": self.coach.id,
            "partner_ids": self.client.ids,
            "start": FIRST,
            **vals,
        }
        if not {"count", "date_to", "until_used"} & set(vals):
            vals["count"] = 4
        return {name: value for name, value in vals.items() if value is not None}

    def book_series(self, user=None, **vals):
        """Return the series and its sessions, the earliest first."""
        result = self.Series.with_user(user or self.manager).book(self.vals(**vals))
        series = self.Series.browse(result["series_id"])
        self.assertEqual(
            sorted(result["session_ids"]), series.session_ids.sorted("id").ids
        )
        return series, series.session_ids.sorted("start")

    def mails(self, kind=None, partner=None):
        """Return the emails since the test began; the coach has an address, too."""
        domain = [("id", ">", self.last_mail)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["coaching.notification"].search(domain)

    def setUp(self):
        super().setUp()
        newest = self.env["coaching.notification"].search([], order="id desc", limit=1)
        self.last_mail = newest.id or 0

    def _count_rows(self):
        return [
            self.env[name].search_count([])
            for name in (
                "coaching.series",
                "coaching.session",
                "coaching.attendance",
                "coaching.package.move",
                "coaching.notification",
                "calendar.event",
            )
        ]
