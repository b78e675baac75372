from odoo import models


class CoachingAttendance(models.Model):
    """What an attendance draws on, and what the client gets for a missed one."""

    _inherit = "coaching.attendance"

    def _prepare_portal_row(self, tz):
        return {
            **super()._prepare_portal_row(tz),
            **self._prepare_portal_entitlement(tz),
            "used": self.state != "scheduled" and self.uses_session,
            "kept": self.state != "scheduled"
            and " ".join(self._describe_kept(self.outcome_id)),
        }

    def _prepare_portal_coach_row(self, outcomes, tz):
        return {
            **super()._prepare_portal_coach_row(outcomes, tz),
            **self._prepare_portal_entitlement(tz),
        }

    def _prepare_portal_entitlement(self, tz):
        """Return package and make-up in short (R118, R119); of a missed one its day."""
        self.ensure_one()
        missed = self.makeup_of_id
        return {
            "package": self.package_id._prepare_portal_badge(),
            "makeup": self.makeup_id._prepare_portal_badge(),
            "makes_up_for": missed
            and self.session_id._describe_time(missed.start, missed.stop, tz)[
                "short_date"
            ],
        }
