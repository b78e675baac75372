from odoo import fields, models
from odoo.fields import Domain


class CoachingMakeup(models.Model):
    _inherit = "coaching.makeup"

    def _get_portal_domain(self):
        """Return which credits a client can still use, also before the cron ran."""
        today = fields.Date.context_today(self)
        return Domain("state", "=", "issued") & (
            Domain("expiry_date", "=", False) | Domain("expiry_date", ">=", today)
        )

    def _prepare_portal_badge(self):
        """Return the credit of a missed session if it can be used, in short."""
        usable = self.filtered_domain(self._get_portal_domain())
        if not usable:
            return {}
        return {"expiry": self.env["coaching.session"]._format_day(usable.expiry_date)}

    def _prepare_portal_rows(self, tz):
        """Return the make-ups a client has to use (R134)."""
        rows = []
        # sudo: found by the client's own rules; of the missed session its time, type
        # and coach's name leave
        for makeup in self.sudo():
            missed = makeup.attendance_id
            rows.append(
                {
                    **makeup._prepare_portal_badge(),
                    "booking_type": missed.booking_type_id.name,
                    "coach": missed.coach_id.name,
                    "time": missed.session_id._describe_time(
                        missed.start, missed.stop, tz
                    ),
                    "url": f"/my/coaching/sessions/{missed.session_id.id}",
                }
            )
        return rows
