from odoo import Command, api, fields, models

KINDS = {
    "proposal": "Other times offered",
    "proposal_asked": "Client asks to move",
    "proposal_answer": "Proposal answered",
    "proposal_free": "A time is free",
    "absent": "Coach not there",
    "substituted": "Another coach",
}


class CoachingNotification(models.Model):
    """Mails about proposals: to who is asked, and back (R99-R101)."""

    _inherit = "coaching.notification"

    proposal_id = fields.Many2one(
        comodel_name="coaching.proposal",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
    )

    listed_attendance_ids = fields.Many2many(
        comodel_name="coaching.attendance",
        relation="coaching_notification_listed_rel",
        string="Sessions",
        readonly=True,
        help="What one mail tells of all at once.",
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            **{kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS},
        }

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "proposal": "_is_proposal_open",
            "proposal_asked": "_is_proposal_open",
            "proposal_free": "_is_proposal_open",
        }

    def _is_proposal_open(self):
        proposal = self.proposal_id
        now = self.env["coaching.session"]._now()
        return proposal.state == "open" and proposal.deadline > now

    @api.model
    def _queue_proposal(self, proposal, kind, partner):
        """Tell one side about a proposal, unless it is the one who acts.

        :param proposal: ``coaching.proposal``
        :param str kind: one of ``KINDS``
        :param partner: ``res.partner`` to be told
        """
        if not partner.email or partner == self.env.user.partner_id:
            return
        self._queue_rows(
            [
                {
                    "proposal_id": proposal.id,
                    "company_id": proposal.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "session_start": proposal.session_start,
                }
            ]
        )

    @api.model
    def _queue_listed(self, kind, listed, message=""):
        """Tell each of these people about several sessions in one mail.

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
        """Return what the mail lists: when, what, who, and what becomes of it."""
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

    def _get_proposed_times(self):
        """Return the times that are proposed, as the reader writes them."""
        self.ensure_one()
        proposal = self.proposal_id
        starts = proposal.hold_ids.sorted("start").mapped("start")
        if proposal.group_session_id:
            starts = [proposal.group_session_id.start]
        return [self._format_moment(start) for start in starts]

    def _is_for_client(self):
        self.ensure_one()
        return self.partner_id == self.proposal_id.partner_id

    def _get_other_name(self):
        """Return the name of the other side."""
        self.ensure_one()
        proposal = self.proposal_id
        other = proposal.coach_id if self._is_for_client() else proposal.partner_id
        return other.name or ""

    def _get_proposal_url(self):
        """Return where the reader answers, empty where he has no way in."""
        self.ensure_one()
        proposal = self.proposal_id
        return proposal._get_url(self.partner_id) if proposal else ""
