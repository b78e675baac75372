from odoo import api, fields, models

# what would be of no use without a link, or with one that is about to change
WITH_LINK = ("booked", "moved", "video_link", "reminder", "reminder_coach")


class CoachingNotification(models.Model):
    """Emails carry the video link, and wait until there is one (R86, R89)."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=[
            ("video_link", "Video link"),
            ("video_failed", "No video link"),
        ],
        ondelete={"video_link": "cascade", "video_failed": "cascade"},
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            "video_link": "coaching_sessions.mail_template_video_link",
            "video_failed": "coaching_sessions.mail_template_video_failed",
        }

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "video_link": "_is_video_link_ready",
            "video_failed": "_is_video_link_failed",
        }

    @api.model
    def _get_kinds_with_entry(self):
        return super()._get_kinds_with_entry() | {"video_link"}

    @api.model
    def _get_kinds_with_link(self):
        """Return the kinds of emails that wait for the link; a hook."""
        return WITH_LINK

    def _is_due(self):
        """Wait for a link: it comes, or is given up for good."""
        session = self.session_id or self.attendance_id.session_id
        waiting = (
            self.kind in self._get_kinds_with_link()
            and session._get_video_meeting().state == "pending"
        )
        return not waiting and super()._is_due()

    @api.model
    def _release_waiting(self, session):
        """Send what waited for the link of a session now.

        :param session: ``coaching.session``
        """
        waiting = self.search(
            [
                "|",
                ("session_id", "=", session.id),
                ("attendance_id", "in", session.attendance_ids.ids),
                ("kind", "in", self._get_kinds_with_link()),
                ("state", "=", "pending"),
                ("not_before", "!=", False),
            ]
        )
        waiting.write({"not_before": False})
        self._wake_cron()

    @api.model
    def _queue_video_failed(self, session, sentence):
        """Tell the coach that a session has no link."""
        partner = session.coach_id.partner_id
        if partner.email:
            self._queue_rows(
                [
                    {
                        "session_id": session.id,
                        "company_id": session.company_id.id,
                        "partner_id": partner.id,
                        "kind": "video_failed",
                        "message": sentence,
                        "session_start": session.start,
                    }
                ]
            )

    def _is_video_link_failed(self):
        session = self.session_id
        return (
            session.state == "scheduled"
            and session.stop > session._now()
            and session._get_video_meeting().state == "failed"
        )

    def _is_video_link_ready(self):
        # one that is being made is waited for; one that failed is told about otherwise
        session = self.attendance_id.session_id
        return (
            self.attendance_id.state == "scheduled"
            and session.stop > session._now()
            and session._get_video_meeting().state in ("pending", "ready")
        )

    def _get_video_details(self):
        """Return what an email says about video, nothing without video (R79, R86).

        :return: dict as of ``coaching.video.meeting._get_details``, with ``failed``
            where a link was wanted and could not be made
        """
        self.ensure_one()
        session = self.session_id or self.attendance_id.session_id
        meeting = session._get_video_meeting() if session else None
        if not meeting:
            return {}
        return {
            **meeting._get_details(),
            "failed": not meeting.join_url,
            "coach": session.coach_id.name,
            "email": session.coach_id.email or "",
            "phone": session.coach_id.phone or "",
        }

    def _get_location(self):
        # the link has a place of its own in the email
        location = super()._get_location()
        return "" if location == self._get_video_details().get("url") else location

    def _render_details(self):
        return super()._render_details() + self._render_video_details()

    def _render_video_details(self):
        """Return the part of an email that says how to join, for its reader."""
        self.ensure_one()
        details = self._get_video_details()
        if not details:
            return ""
        return (
            self.env["ir.qweb"]
            .with_context(lang=self.partner_id.lang or self.env.lang)
            ._render("coaching_sessions.mail_video_details", details)
        )
