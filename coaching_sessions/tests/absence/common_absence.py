from datetime import date, timedelta

from ..common import CoachingCommon

DAY = timedelta(days=1)


class AbsenceCommon(CoachingCommon):
    """Sessions of a coach who is not there on two days."""

    def setUp(self):
        super().setUp()
        self._sell(self.other_client)
        self.first = self.book(days=1)
        self.second = self.book(days=2)
        self.third = self.book(days=2, hour=14, partner_ids=self.other_client.ids)
        self.later = self.book(days=4)
        self.days = (date(2027, 3, 2), date(2027, 3, 3))
        self.me = self.coach.with_user(self.coach_user)

    def mails(self, kind):
        return (
            self.env["coaching.notification"]
            .search([("kind", "=", kind), ("company_id", "=", self.company.id)])
            .filtered(lambda mail: mail.attendance_id.session_id.id >= self.first.id)
        )

    def render(self, mail):
        template = self.env.ref(mail._get_templates()[mail.kind])
        return template._render_field("body_html", mail.ids, compute_lang=True)[mail.id]
