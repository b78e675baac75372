from odoo import Command, api, fields, models

KINDS = {
    "absent": "Coach absent",
    "substituted": "Another coach",
}


class CoachingNotification(models.Model):
    """One email a person about all sessions that a coach is not there for (17, 24)."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
    )
    listed_attendance_ids = fields.Many2many(
        comodel_name="coaching.attendance",
        relation="coaching_notification_listed_rel",
        string="Sessions",
        readonly=True,
        help="The sessions in one email.",
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            **{kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS},
        }

    @api.model
    def _queue_listed(self, kind, listed, message=""):
        """Tell each of these people about several sessions in one email.

        :param str kind: one of ``KINDS``
        :param dict listed: ``res.partner`` → list of ``coaching.attendance``
        :param str message: sentence for clients
        """
        me = self.env.user.partner_id
        rows = [
            {
                "attendance_id": attendances[0].id,
                "company_id": attendances[0].company_id.id,
                "partner_id": partner.id,
                "kind": kind,
                "message": message,
                "session_start": attendances[0].start,
                "listed_attendance_ids": [
                    Command.set([attendance.id for attendance in attendances])
                ],
            }
            for partner, attendances in listed.items()
            if attendances and partner.email and partner != me
        ]
        if rows:
            self._queue_rows(rows)

    # === WHAT TEMPLATES SHOW === #

    def _get_listed(self):
        """Return what the email lists: when, what, who, and what becomes of it."""
        self.ensure_one()
        return [
            {
                "when": self._format_moment(attendance.start),
                "what": attendance.booking_type_id.name,
                "coach": attendance.coach_id.name,
                "instead_of": attendance.session_id.original_coach_id.name,
                "client": attendance.partner_id.name,
                "cancelled": not attendance._is_blocking(),
                "times": [
                    self._format_moment(hold.start)
                    for hold in attendance.session_id.proposal_ids.filtered(
                        lambda proposal: proposal.state == "open"
                    ).hold_ids.sorted("start")
                ],
            }
            for attendance in self.listed_attendance_ids.sorted("start")
        ]

    def _is_client_told(self):
        """Return whether the reader is a client of what is listed."""
        self.ensure_one()
        return self.partner_id in self.listed_attendance_ids.partner_id

    def _get_proposals_url(self):
        """Return where the reader chooses among the times offered."""
        self.ensure_one()
        open_ones = self.listed_attendance_ids.session_id.proposal_ids.filtered(
            lambda proposal: proposal.state == "open"
        )
        return open_ones[0]._get_url(self.partner_id) if open_ones else ""
