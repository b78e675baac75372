from odoo import api, models


class CoachingNotification(models.Model):
    """The entry for the reader's calendar, which later emails change and take back.

    R102. Not the calendar event's own file: that one names every client of a group.
    """

    _inherit = "coaching.notification"

    @api.model
    def _get_calendar_method(self):
        """Return what the entry of each kind does in a calendar; a hook.

        :return: dict of kind → ``REQUEST`` (new or changed) or ``CANCEL``
        """
        return {"booked": "REQUEST", "moved": "REQUEST", "cancelled": "CANCEL"}

    def _get_location(self):
        """Return where the session is, empty where nobody needs to be told; a hook."""
        self.ensure_one()
        session = self.session_id or self.attendance_id.session_id
        return session._get_ics_location() if session else ""

    def _create_attachments(self):
        """Add the entry for the reader's calendar."""
        ids = super()._create_attachments()
        content = self._get_ics()
        if not content:
            return ids
        attachment = self.env["ir.attachment"].create(
            {
                "name": "session.ics",
                "mimetype": "text/calendar",
                "raw": content.encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return [*ids, *attachment.ids]

    def _get_ics(self):
        """Return the entry as text, nothing where the email has none."""
        self.ensure_one()
        method = self._get_calendar_method().get(self.kind)
        if not method or not self.attendance_id:
            return ""
        # in the reader's language, whoever's cron this is
        attendance = self.attendance_id.with_context(
            lang=self.partner_id.lang or self.env.lang
        )
        if self.partner_id != attendance.partner_id:
            # the coach holds the session as long as one client comes
            if attendance.session_id._is_on():
                method = "REQUEST"
            return attendance.session_id._get_ics(method)
        return attendance._get_ics(method)
