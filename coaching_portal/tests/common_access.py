from datetime import timedelta

from .common import COACH, PACKAGES, SESSIONS, PortalCommon


class AccessCommon(PortalCommon):
    """Every page and every form, with what is sent to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = None

    def setUp(self):
        super().setUp()
        self.booked = self.book()
        self.over = self.book(days=0, hour=14)
        self.series = self._book_series()
        self.travel(self.over.stop)

    def _book_series(self):
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.portal_coach.id,
                "partner_ids": self.client.ids,
                "start": (self.now + timedelta(days=3)).replace(hour=10),
                "count": 2,
            }
        )
        return self.env["coaching.session"].browse(result["session_ids"])

    def _client_pages(self):
        return [
            SESSIONS,
            PACKAGES,
            f"{SESSIONS}/{self.booked.id}",
            f"{PACKAGES}/{self.package.id}",
        ]

    def _coach_pages(self):
        return [COACH, f"{COACH}/{self.over.id}", *self._forms()]

    def _forms(self):
        """Return the coach's pages that are sent to the same address ."""
        series = f"{COACH}/{self.series[0].id}/series"
        return {
            f"{series}/move": {"scope": "all", "start": "2027-03-05T10:00"},
            f"{series}/cancel": {"scope": "all"},
            f"{series}/skip": {},
            f"{series}/pause": {"date_from": "2027-03-01"},
            f"{series}/end": {"date_from": "2027-03-01"},
            f"{COACH}/absence": {"date_from": "2027-03-01", "mode": "cancel"},
        }

    def _actions(self):
        """Return each route that changes something with what is sent to it."""
        return {
            f"{SESSIONS}/{self.booked.id}/cancel": {
                "outcome_code": "client_late_cancel",
            },
            f"{COACH}/absence/back": {
                "coach_id": self.portal_coach.id,
                "date_from": "2027-03-01",
            },
            f"{COACH}/{self.over.id}/close": {
                "attendance_id": self.over.attendance_ids.id,
                "outcome_code": "no_show",
            },
            f"{COACH}/{self.over.id}/complete": {},
            f"{COACH}/{self.over.id}/message": {
                "attendance_id": self.over.attendance_ids.id,
                "body": "Hello",
            },
            f"{SESSIONS}/{self.booked.id}/move": {"start": "2027-03-10T10:00"},
            f"{SESSIONS}/{self.booked.id}/message": {"body": "Hello"},
            f"{SESSIONS}/{self.over.id}/dispute": {"claim": "I was there"},
            f"{SESSIONS}/{self.over.id}/report": {"note": "Nobody came"},
            f"{SESSIONS}/{self.over.id}/withdraw": {},
        }

    def assertUntouched(self):
        sessions = self.booked | self.over | self.series
        self.assertEqual(set(sessions.mapped("state")), {"scheduled"})
        self.assertEqual(set(sessions.log_ids.mapped("action")), {"booked"})
        self.assertFalse(sessions.dispute_ids)
