from odoo import fields, models

# what the entries in people's calendars show
CALENDAR_FIELDS = {"start", "stop", "coach_id"}


class CoachingSession(models.Model):
    """The session in the calendars of client and coach, outside of Odoo (R102)."""

    _inherit = "coaching.session"

    ics_sequence = fields.Integer(
        string="Changes",
        readonly=True,
        copy=False,
        default=0,
        help="Number of changes of time, coach or clients. A calendar entry is replaced"
        " by one with a higher number.",
    )

    def write(self, vals):
        # who may not change these is told so by super
        if not CALENDAR_FIELDS & set(vals) or not self.env.su:
            return super().write(vals)
        for sequence, sessions in self.grouped("ics_sequence").items():
            super(CoachingSession, sessions).write(
                {**vals, "ics_sequence": sequence + 1}
            )
        return True

    def _touch_calendar_entry(self):
        """Have the next email replace the entries in people's calendars.

        To be called by whatever changes what they show.
        """
        for session in self:
            session.ics_sequence += 1

    def _is_on(self):
        """Return whether at least one client of the session comes, or came."""
        self.ensure_one()
        return any(attendance._is_blocking() for attendance in self.attendance_ids)

    # === HOOKS === #

    def _get_ics_location(self):
        """Return where the session takes place, for calendars; a hook.

        A room, an address or a link.
        """
        self.ensure_one()
        return ""

    def _get_ics_url(self):
        """Return a link that belongs to the session, for calendars; a hook."""
        self.ensure_one()
        return ""

    def _get_ics_organizer(self):
        """Return name and address of who invites: the business, else the coach."""
        self.ensure_one()
        office, coach = self.company_id.partner_id, self.coach_id
        if office.email_normalized:
            return office.name, office.email_normalized
        return coach.name, coach.partner_id.email_normalized

    # === ENTRY === #

    def _prepare_ics_entry(self):
        """Return what the coach's entry shows; see ``build_ics``."""
        self.ensure_one()
        return {
            **self._prepare_ics_values(),
            "summary": self._get_calendar_title(),
            "organizer": self._get_ics_organizer(),
        }

    def _get_ics_uid(self, name=""):
        """Return the UID of an entry of this session.

        :param str name: of a client's entry; the coach's by default, which follows
            the session from one coach to another
        """
        self.ensure_one()
        # sudo: the database's public name, to make the entry's name unique
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{name or f'coaching-session-{self.id}'}@{uuid}"

    def _prepare_ics_values(self):
        """Return what everybody's entry of this session shows; see ``build_ics``."""
        self.ensure_one()
        return {
            "uid": self._get_ics_uid(),
            "sequence": self.ics_sequence,
            "stamp": self._now(),
            "start": self.start,
            "stop": self.stop,
            "location": self._get_ics_location(),
            "url": self._get_ics_url(),
        }
