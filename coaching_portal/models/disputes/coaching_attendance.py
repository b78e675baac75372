from odoo import models

BADGES = {"open": "warning", "accepted": "success", "rejected": "danger"}


class CoachingAttendance(models.Model):
    """What is recorded, what a client objects to, and what came of it."""

    _inherit = "coaching.attendance"

    def _prepare_portal_contacts(self, tz):
        contacts = super()._prepare_portal_contacts(tz)
        # sudo: attendances of the coach's own session
        for attendance in self.sudo():
            disputes = attendance._prepare_portal_disputes(tz)
            contacts[attendance.id]["disputes"] = disputes
        return contacts

    def _prepare_portal_dispute(self, tz):
        """Return what is recorded, and how the client can object (rank 13, 15).

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: the client's own attendance; only what is listed here leaves
        attendance = self.sudo()
        deadline = attendance._get_dispute_deadline()
        moment = attendance.session_id._prepare_portal_moment
        can_dispute = not self._get_portal_refusal(attendance._check_can_dispute)
        return {
            "url": f"/my/coaching/sessions/{attendance.session_id.id}",
            "outcome": attendance.outcome_id.name,
            "can_dispute": can_dispute,
            "can_report": not self._get_portal_refusal(attendance._check_can_report),
            "deadline": deadline and moment(deadline, tz),
            "choices": [
                {"code": outcome.code, "name": outcome.name}
                for outcome in attendance._get_possible_outcomes()
                if outcome != attendance.outcome_id
            ]
            if can_dispute
            else [],
            "disputes": attendance._prepare_portal_disputes(tz),
        }

    def _prepare_portal_disputes(self, tz):
        """Return what was disputed and what came of it, the latest first."""
        self.ensure_one()
        moment = self.session_id._prepare_portal_moment
        return [
            {
                "id": dispute.id,
                "kind": dispute.kind,
                "claim": dispute.claim,
                "wanted": dispute.wanted_outcome_id.name,
                "open": dispute.state == "open",
                "state": {
                    "label": dispute._get_state_name(),
                    "badge": BADGES.get(dispute.state, "muted"),
                },
                "opened": moment(dispute.opened_at, tz),
                "answer": dispute.resolution or "",
                "settled": dispute.resolved_at and moment(dispute.resolved_at, tz),
            }
            for dispute in self.dispute_ids.sorted("id", reverse=True)
        ]
