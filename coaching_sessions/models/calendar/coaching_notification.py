from odoo import api, models

from ...tools.ics import build_ics, build_invitation


class CoachingNotification(models.Model):
    """The entries for the reader's calendar, which later emails change and take back.

    R102. Not the calendar event's own file: that one names every client of a group.
    """

    _inherit = "coaching.notification"

    @api.model
    def _get_kinds_with_entry(self):
        """Return the kinds that change what is in the reader's calendar; a hook.

        :return: set of kinds
        """
        return {"booked", "moved", "cancelled"}

    @api.model
    def _get_kinds_of_change(self):
        """Return those of the kinds with an entry that change what is there; a hook.

        A coach is told of these also as who does it: their calendar has to follow.

        :return: set of kinds
        """
        return self._get_kinds_with_entry() - {"booked"}

    def _get_entry_attendances(self):
        """Return the attendances that this email has entries of; a hook."""
        self.ensure_one()
        return self._get_attendances()

    def _get_location(self):
        """Return where the session is, empty where nobody needs to be told; a hook."""
        self.ensure_one()
        session = self.session_id or self.attendance_id.session_id
        return session._get_ics_location() if session else ""

    def _create_attachments(self):
        """Add the entries for the reader's calendar."""
        ids = super()._create_attachments()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"session-{number}.ics" if number > 1 else "session.ics",
                    "mimetype": "text/calendar",
                    "raw": content.encode(),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for number, content in enumerate(self._get_calendar_files(), 1)
            ]
        )
        return [*ids, *attachments.ids]

    def _get_calendar_files(self):
        """Return the files with the entries, none where the email changes no calendar.

        What takes place is in one file. What is gone has a file each: a cancellation
        is of one entry (RFC 5546), and a calendar drops nothing for less.

        :return: list of str
        """
        self.ensure_one()
        if self.kind not in self._get_kinds_with_entry():
            return []
        entries = self._prepare_calendar_entries()
        files = [build_ics("CANCEL", entry) for entry in entries if entry["cancelled"]]
        there = [entry for entry in entries if not entry["cancelled"]]
        if len(there) == 1:
            files.append(build_invitation(there[0]))
        elif there:
            files.append(build_ics("PUBLISH", *there))
        return files

    def _prepare_calendar_entries(self):
        """Return an entry of each session, as it is now for the reader.

        :return: list of dict, see ``build_ics``
        """
        self.ensure_one()
        # in the reader's language, whoever's cron this is
        attendances = self._get_entry_attendances().with_context(
            lang=self.partner_id.lang or self.env.lang
        )
        entries = {}
        for attendance in attendances:
            record, gone = attendance, not attendance._is_blocking()
            if self.partner_id != attendance.partner_id:
                record = attendance.session_id
                coach = record.coach_id.partner_id
                # the coach holds the session as long as one client comes
                gone = coach != self.partner_id or not record._is_on()
                if coach != self.partner_id and self._has_address_of(coach):
                    # the entry stays in the calendar that both coaches share
                    continue
            entries[record] = {**record._prepare_ics_entry(), "cancelled": gone}
        return list(entries.values())

    def _has_address_of(self, partner):
        """Return whether somebody else has the reader's email address."""
        address = self.partner_id.email_normalized
        return bool(address) and address == partner.email_normalized
