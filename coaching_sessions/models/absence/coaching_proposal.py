from odoo import fields, models

# kind of what is proposed since the coach is not there, for whatever reason
ABSENT = "ill"


class CoachingProposal(models.Model):
    """Other times instead of a session whose coach is not there (rank 24)."""

    _inherit = "coaching.proposal"

    kind = fields.Selection(
        selection_add=[("offer",), (ABSENT, "The coach is absent")],
        ondelete={ABSENT: "cascade"},
    )

    def _get_next_kind(self, kind):
        if self.kind == ABSENT and kind == "offer":
            # the coach is still not there: without an answer it is cancelled
            return ABSENT
        return super()._get_next_kind(kind)

    def _on_none_chosen(self):
        if self.kind != ABSENT:
            return super()._on_none_chosen()
        return self._cancel_after_absence()

    def _cancel_after_absence(self):
        """Cancel what can't take place and nobody chose another time for.

        It counts as cancelled by the coach: the client loses nothing. That email tells
        both. Also what has begun: an answer may be awaited until that very moment.
        """
        self.ensure_one()
        session = self.session_id
        if session.state != "scheduled":
            return
        if (session.start, session.coach_id) != (self.session_start, self.coach_id):
            # it was moved or taken over: it takes place
            return
        attendances = session._get_scheduled_attendances()
        note = self.env._("No other time was found.")
        attendances._close("coach_emergency", note=note, uses_session=None)
        if session.start <= session._now():
            # closing tells only of what was to come
            self.env["coaching.notification"]._queue(attendances, "cancelled")
