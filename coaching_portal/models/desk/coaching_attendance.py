from odoo import models

from odoo.addons.coaching_sessions.models.engagement.coaching_engagement import (
    CONTINUE_WISHES,
    SLOT_WISHES,
)
from odoo.addons.coaching_sessions.tools.local_time import to_local


class CoachingAttendance(models.Model):
    """What a coach is asked after a session, beside what happened (R30, R33-R36)."""

    _inherit = "coaching.attendance"

    def _prepare_portal_coach_rows(self, tz, chosen):
        rows = super()._prepare_portal_coach_rows(tz, chosen)
        for attendance, row in zip(self, rows, strict=True):
            row["questions"] = (
                attendance._prepare_portal_questions(tz) if attendance in chosen else {}
            )
        return rows

    def _prepare_portal_questions(self, tz):
        """Return what the close-out form asks about this client, as plain values.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: attendance of the coach's own session; what is listed here leaves
        attendance = self.sudo()
        session, engagement = attendance.session_id, attendance.engagement_id
        over = attendance.start <= session._now()
        following = over and engagement and attendance._propose_next_start()
        return {
            "over": over,
            "goes_on": bool(over and engagement),
            "continue_wishes": self._translate_wishes(engagement, "continue_wish"),
            "slot_wishes": self._translate_wishes(engagement, "slot_wish"),
            "continue_wish": bool(attendance.outcome_id) and engagement.continue_wish,
            "slot_wish": bool(attendance.outcome_id) and engagement.slot_wish,
            "next": following
            and {
                "value": following.isoformat(sep=" "),
                "label": session._prepare_portal_moment(following, tz),
            },
            "goals": [
                {
                    "id": goal.id,
                    "name": goal.name,
                    "checked": goal in attendance.goal_ids,
                }
                for goal in self._get_portal_goals()
            ],
            "notice": attendance.notice_at
            and to_local(attendance.notice_at, tz).isoformat(timespec="minutes"),
        }

    def _translate_wishes(self, engagement, name):
        """Return the choices of a question in the reader's language."""
        known = {"continue_wish": CONTINUE_WISHES, "slot_wish": SLOT_WISHES}[name]
        labels = dict(engagement._fields[name]._description_selection(self.env))
        return [{"value": value, "label": labels[value]} for value, _text in known]

    def _get_portal_goals(self):
        """Return the goals of the client that the user may read and link."""
        # the user's own rules decide which goals are seen
        return self.env["coaching.goal"].search(
            [("partner_id", "=", self.sudo().partner_id.id), ("state", "=", "open")]
        )
