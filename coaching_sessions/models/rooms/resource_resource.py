from odoo import api, models


class ResourceResource(models.Model):
    """Rooms and devices, which are open whenever the coach is there.

    Odoo gives every resource its company's hours, and the zone of whoever typed it in:
    a room would silently be closed at times. Ours has hours only where some are chosen.
    """

    _inherit = "resource.resource"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self._is_without_hours() and "calendar_id" in values:
            # no hours were asked for; super takes that for nothing said
            values["calendar_id"] = False
        return values

    @api.model
    def _is_without_hours(self):
        """Return whether what is added here has no hours unless some are chosen."""
        return not self.env.context.get("default_calendar_id", True)

    @api.onchange("company_id")
    def _onchange_company_id(self):
        calendar = self.calendar_id
        result = super()._onchange_company_id()
        if self._is_without_hours():
            # hours of another company are none of this one's
            here = calendar.company_id in (
                self.company_id,
                calendar.company_id.browse(),
            )
            self.calendar_id = calendar if here else False
        return result

    @api.onchange("calendar_id")
    def _onchange_calendar_id(self):
        if self._is_without_hours() and self.calendar_id.tz:
            self.tz = self.calendar_id.tz
