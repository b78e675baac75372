from datetime import datetime, timedelta

from ..common import CoachingCommon

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class ProposalCommon(CoachingCommon):
    """A session on Thursday, and three times to move it to."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=3)  # Thursday 09:00
        self.old = self.session.start
        self.mine = self.session.with_user(self.client_user)
        self.own = self.session.with_user(self.coach_user)
        self.times = [datetime(2027, 3, 8, hour) for hour in (9, 11, 14)]

    def ask(self, start=None, message="Dentist", hours=3):
        """Ask as the client, some hours before the session begins."""
        self.travel(self.old - timedelta(hours=hours))
        return self.mine.action_ask_reschedule(start or self.times[0], message)

    def offer(self, **kwargs):
        """Offer three times as the coach, return it as the client sees it."""
        proposal = self.own.action_propose(self.times, **kwargs)
        return proposal.with_user(self.client_user)

    def mails(self, kind):
        return self.env["coaching.notification"].search(
            [("kind", "=", kind), ("proposal_id.coach_id", "=", self.coach.id)]
        )

    def render(self, mail):
        template = self.env.ref(mail._get_templates()[mail.kind])
        return " ".join(
            template._render_field(name, mail.ids, compute_lang=True)[mail.id]
            for name in ("subject", "body_html")
        )

    def assertStays(self, proposal=None):
        self.session.invalidate_recordset()
        self.assertEqual(self.session.start, self.old)
        self.assertEqual(self.session.event_id.start, self.old)
        if proposal:
            self.assertNotIn("held", proposal.sudo().hold_ids.mapped("state"))
