from odoo import models

from ...tools.ics import build_ics
from ..session.lifecycle import BLOCKING_STATES


class CoachingAttendance(models.Model):
    """One client's entry for their own calendar (R102). It names nobody else."""

    _inherit = "coaching.attendance"

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

        :param str method: ``REQUEST`` (new or changed) or ``CANCEL``
        """
        self.ensure_one()
        values = self._prepare_ics_entry()
        organizer, attendee = values["organizer"][1], values["attendee"][1]
        if method == "REQUEST" and (not organizer or not attendee):
            # an invitation needs somebody who invites and somebody who is invited
            method = "PUBLISH"
        return build_ics(method, values)

    def _prepare_ics_entry(self):
        """Return what this client's entry shows; see ``build_ics``."""
        self.ensure_one()
        session = self.session_id
        values = session._prepare_ics_values()
        values.update(
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
