from odoo import models


class CoachingNotification(models.Model):
    """What templates show: times in the reader's zone, and hooks for upper floors."""

    _inherit = "coaching.notification"

    def _get_reader_tz(self):
        """Return the time zone in which the reader is told times."""
        self.ensure_one()
        if self.partner_id.tz:
            return self.partner_id.tz
        subject = self._get_subject()
        coach = subject.coach_id if "coach_id" in subject._fields else None
        return (coach and coach.tz) or "UTC"

    def _get_reader_zone(self):
        """Return the name of that time zone for people."""
        return self.env["coaching.session"]._format_zone(self._get_reader_tz())

    def _format_moment(self, moment, name_zone=True):
        """Return a moment as text in the reader's zone and language; empty for none.

        :param datetime moment: naive UTC
        :param bool name_zone: whether the zone is named after it
        """
        self.ensure_one()
        if not moment:
            return ""
        tz = self._get_reader_tz()
        text = self.env["coaching.session"]._format_time(moment, tz)
        if not name_zone:
            return text
        return self.env._(
            "%(time)s (%(zone)s time)", time=text, zone=self._get_reader_zone()
        )

    def _get_local_start(self):
        """Return the start of the session as text in the reader's zone and language.

        Empty for an email about anything else: the template editor renders a template
        for the first row there is, whatever that is about.
        """
        self.ensure_one()
        return self._format_moment((self.session_id or self.attendance_id).start)

    def _get_client_names(self):
        """Return whom it is about, as text: several for the coach of a group."""
        self.ensure_one()
        names = self._get_true_attendances().partner_id.mapped("name")
        return (
            ", ".join(filter(None, names)) or self.attendance_id.partner_id.name or ""
        )

    def _render_details(self):
        """Return the part of an email that says how to take part; a hook.

        :return: markup in the reader's language, empty where there is nothing to say
        """
        self.ensure_one()
        return ""

    def _get_small_print(self):
        """Return what a client is told at the end of an email; a hook.

        :return: list of sentences
        """
        self.ensure_one()
        return []
