from odoo import api, fields, models
from odoo.exceptions import UserError

from ..time.locks import touch

# nobody talks about it here, there are emails of our own
SILENT = {
    "mail_activity_quick_update": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class CoachingProposal(models.Model):
    """Proposing: the times are held, and who was asked has it on the list."""

    _inherit = "coaching.proposal"

    @api.model
    def _open(self, kind, session, starts, message="", deadline=None, **values):
        """Propose other times for a session of one client; all of them are held.

        :param str kind: see the field
        :param session: ``coaching.session`` of one client, to come
        :param list starts: naive UTC, of sessions as long as this one
        :param datetime deadline: naive UTC; what the booking type says by default,
            never later than the session and each of the times
        :param values: fields that are written with it
        :return: the proposal
        :raise UserError: when one of the times can't be had
        """
        attendance = session._get_scheduled_attendances()
        now = session._now()
        latest = self._get_deadline(session, starts, deadline)
        # whoever moves, closes or reassigns the session at this moment has to look
        # again: else they would not see what to withdraw
        session._take_turns(session.coach_id, attendance.partner_id)
        session.flush_recordset()
        touch(session)
        with session._readable_conflicts():
            proposal = self.with_context(**SILENT).create(
                {
                    "kind": kind,
                    "session_id": session.id,
                    "session_start": session.start,
                    "partner_id": attendance.partner_id.id,
                    "coach_id": session.coach_id.id,
                    "booking_type_id": session.booking_type_id.id,
                    "company_id": session.company_id.id,
                    "message": message or False,
                    "deadline": latest,
                    "asked_at": now,
                    **values,
                }
            )
            proposal.flush_recordset()
        self.env["coaching.hold"]._hold(
            session.booking_type_id,
            session.coach_id,
            starts,
            latest,
            attendance.partner_id,
            length=session.stop - session.start,
            proposal_id=proposal.id,
        )
        return self.browse(proposal.id)

    @api.model
    def _get_deadline(self, session, starts, deadline=None):
        """Return until when an answer is awaited: see ``_open``."""
        hours = session.booking_type_id.ask_hours
        now = session._now()
        wanted = deadline or fields.Datetime.add(now, hours=hours)
        if wanted <= now:
            raise UserError(
                self.env._(
                    "The deadline for the answer has already passed. Choose a later"
                    " one."
                )
            )
        return min(wanted, session.start, *starts)

    def _plan_activity(self):
        """Put it on the list of an internal coach; others have the email."""
        self.ensure_one()
        user = self.coach_id.user_id
        if user and user._is_internal():
            # the coach gets our email, in their language and with the times; not Odoo's
            # as well
            self.with_context(**SILENT).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.deadline.date(),
                summary=self.env._("Answer the client who asks for another time"),
                user_id=user.id,
            )

    def _get_next_kind(self, kind):
        """Return the kind of what takes the place of this, if there is any; a hook.

        :param str kind: what it would be by itself
        """
        return kind

    def _take_back(self):
        """Withdraw these, since something else takes their place."""
        for proposal in self:
            proposal._answer("withdrawn")
