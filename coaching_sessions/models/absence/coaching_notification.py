from odoo import Command, api, fields, models

from .coaching_proposal import ABSENT

KINDS = {
    "absent": "Coach absent",
    "absent_coach": "Sessions while you are not there",
    "substituted": "Another coach",
}


class CoachingNotification(models.Model):
    """One email a person about all sessions that a coach is not there for (17, 24)."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
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
            "absent": "_get_true_listed",
            "absent_coach": "_get_true_listed",
            "substituted": "_get_true_listed",
        }

    @api.model
    def _get_kinds_told_once(self):
        return super()._get_kinds_told_once() | {"substituted"}

    @api.model
    def _get_kinds_with_entry(self):
        return super()._get_kinds_with_entry() | set(KINDS)

    def _get_entry_attendances(self):
        if self.kind not in KINDS:
            return super()._get_entry_attendances()
        told = self._get_true_listed()
        if self.kind == "substituted":
            return told
        # what other times are offered for is still there
        return told.filtered(lambda attendance: not attendance._is_blocking())

    @api.model
    def _queue_listed(self, kind, listed, message=""):
        """Tell each of these people about several sessions in one email.

        Also who does it: the entries for their calendar go with it.

        :param str kind: one of ``KINDS``
        :param dict listed: ``res.partner`` → list of ``coaching.attendance``
        :param str message: sentence for clients
        """
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
            if attendances and partner.email
        ]
        if rows:
            self._queue_rows(rows)

    def _get_open_proposals(self, attendances):
        """Return the proposals of other times for what the coach is not there for."""
        return attendances.session_id.proposal_ids.filtered(
            lambda proposal: proposal.state == "open" and proposal.kind == ABSENT
        )

    def _get_true_listed(self):
        """Return the attendances that the mail still is true of, the earliest first."""
        self.ensure_one()
        listed = self.listed_attendance_ids.sorted("start")
        if self.kind == "substituted":
            return listed.filtered(lambda one: one.state == "scheduled")
        offered = self._get_open_proposals(listed).session_id
        return listed.filtered(
            lambda one: not one._is_blocking() or one.session_id in offered
        )

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
                "cancelled": self._describe_absent(attendance),
                "times": [
                    self._format_moment(hold.start)
                    for hold in self._get_open_proposals(attendance).hold_ids.sorted(
                        "start"
                    )
                ],
            }
            for attendance in self._get_true_listed()
        ]

    def _describe_absent(self, attendance):
        """Return what became of a session that can't take place, False of one that can.

        :param attendance: ``coaching.attendance`` that is listed
        """
        if attendance._is_blocking():
            return False
        reader = attendance.with_context(lang=self.partner_id.lang or self.env.lang)
        if reader.uses_session:
            return reader.env._("cancelled")
        outcome = reader.outcome_id
        said = (
            reader.env._("cancelled; you lose nothing")
            if reader._loses_nothing(outcome)
            else reader.env._("cancelled")
        )
        return ". ".join([said, *reader._describe_kept(outcome)])

    def _is_client_told(self):
        """Return whether the reader is a client of what is listed."""
        self.ensure_one()
        return self.partner_id in self.listed_attendance_ids.partner_id

    def _get_proposals_url(self):
        """Return where the reader chooses among the times offered."""
        self.ensure_one()
        open_ones = self._get_open_proposals(self.listed_attendance_ids)
        return open_ones[0]._get_url(self.partner_id) if open_ones else ""
