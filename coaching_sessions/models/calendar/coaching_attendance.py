from odoo import api, fields, models

from ...tools.ics import build_ics, build_invitation
from ..session.lifecycle import BLOCKING_STATES


class CoachingAttendance(models.Model):
    """One client's entry for their own calendar (R102). It names nobody else."""

    _inherit = "coaching.attendance"

    ics_name = fields.Char(
        string="Calendar entry",
        readonly=True,
        copy=False,
        help="What the client's calendar knows the entry by. Empty for what was booked"
        " while all entries of a session had one name.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # kept, not derived: contacts are merged, and the entry has to be found again.
        # A client who takes a place in a group again finds the former entry.
        attendances = super().create(
            [
                {**vals, "ics_name": self._get_ics_name(vals)}
                if vals.get("session_id") and vals.get("partner_id")
                else vals
                for vals in vals_list
            ]
        )
        attendances._get_taken_again().session_id._touch_calendar_entry()
        return attendances

    @api.model
    def _get_ics_name(self, vals):
        """Return what the entry is called: each person of a session has one of theirs.

        :param dict vals: of the new attendance
        """
        return f"coaching-session-{vals['session_id']}-{vals['partner_id']}"

    def _get_taken_again(self):
        """Return those of these whose client was in the session before."""
        shared = self.filtered(lambda attendance: attendance.session_id.seats > 1)
        if not shared:
            return shared
        names = shared.mapped("ics_name")
        before = self.search([("ics_name", "in", names), ("id", "not in", self.ids)])
        known = set(before.mapped("ics_name"))
        return shared.filtered(lambda attendance: attendance.ics_name in known)

    def _get_recipients(self, kind):
        """Add coaches who do it themselves: their calendar has to follow, too."""
        recipients = super()._get_recipients(kind)
        if kind in self.env["coaching.notification"]._get_kinds_of_change():
            recipients |= self.coach_id.partner_id.filtered("email")
        return recipients

    def write(self, vals):
        state = vals.get("state", "scheduled")
        gone = self.browse()
        if self.env.su and state not in BLOCKING_STATES:
            gone = self.filtered(lambda attendance: attendance._is_blocking())
        result = super().write(vals)
        # what cancels the entry has to come after what made it
        gone.session_id._touch_calendar_entry()
        return result

    def _get_ics_description(self):
        """Return the lines of the entry's text; a hook.

        :return: list of str
        """
        self.ensure_one()
        return [
            self.env._("Coach: %(name)s", name=self.coach_id.name),
            self.env._("Client: %(name)s", name=self.partner_id.name),
        ]

    def _get_ics(self, method="REQUEST"):
        """Return the entry for this client's calendar, in the context's language.

        :param str method: ``REQUEST`` (new or changed), ``PUBLISH`` or ``CANCEL``
        """
        self.ensure_one()
        values = self._prepare_ics_entry()
        if method == "REQUEST":
            return build_invitation(values)
        return build_ics(method, values)

    def _prepare_ics_entry(self):
        """Return what this client's entry shows; see ``build_ics``."""
        self.ensure_one()
        session = self.session_id
        values = session._prepare_ics_values()
        values.update(
            uid=session._get_ics_uid(self.ics_name),
            summary=self.env._(
                "%(booking_type)s with %(coach)s",
                booking_type=self.booking_type_id.name,
                coach=self.coach_id.name,
            ),
            description="\n".join(self._get_ics_description()),
            organizer=session._get_ics_organizer(),
            attendee=(self.partner_id.name, self.partner_id.email_normalized),
        )
        return values
