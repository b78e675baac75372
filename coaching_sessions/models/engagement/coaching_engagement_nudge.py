from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..session.lifecycle import BLOCKING_STATES

# Clients who have been away for longer than this, beside the days set, get no reminder:
# else turning it on would write to every former client.
NUDGE_SPAN = timedelta(days=30)


class CoachingEngagement(models.Model):
    """Reminding client and coach when nothing is booked, once a gap."""

    _inherit = "coaching.engagement"

    nudged_for_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Reminded after",
        readonly=True,
        ondelete="restrict",
        help="The last session after which client and coach were reminded.",
    )

    @api.model
    def _cron_nudge(self, limit=500):
        """Remind clients and coaches who have nothing booked.

        :param int limit: engagements of one run; the cron comes back for the rest
        """
        nudged = self._take_nudges(limit)
        self.env["coaching.notification"]._queue_nudges(nudged)
        self.env["ir.cron"]._commit_progress(
            len(nudged), remaining=int(len(nudged) == limit)
        )

    @api.model
    def _take_nudges(self, limit):
        """Mark who is due as reminded, and return them.

        One statement: of two runs at the same moment each client belongs to one.
        """
        for model in (self, self.env["coaching.attendance"], self.env["res.company"]):
            model.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE coaching_engagement engagement
                   SET nudged_for_id = due.last_id
                  FROM (%(due)s) AS due
                 WHERE engagement.id = due.id
                   AND engagement.nudged_for_id IS DISTINCT FROM due.last_id
             RETURNING engagement.id
                """,
                due=self._get_nudge_query(limit),
            )
        )
        self.invalidate_model(["nudged_for_id"], flush=False)
        return self.browse(row[0] for row in rows)

    @api.model
    def _get_nudge_query(self, limit):
        """Return the query of engagements that are due, with their last session."""
        return SQL(
            """
            SELECT engagement.id, last.id AS last_id
              FROM coaching_engagement engagement
              JOIN res_company company ON company.id = engagement.company_id
              JOIN coaching_coach coach ON coach.id = engagement.coach_id
              JOIN res_partner partner ON partner.id = engagement.partner_id
             CROSS JOIN LATERAL (
                   SELECT id, stop FROM coaching_attendance attendance
                    WHERE attendance.partner_id = engagement.partner_id
                      AND attendance.coach_id = engagement.coach_id
                      AND attendance.company_id = engagement.company_id
                      AND attendance.state IN %(blocking)s
                    ORDER BY start DESC, id DESC LIMIT 1) AS last
             WHERE engagement.state = 'active'
               AND engagement.continue_wish IS DISTINCT FROM 'no'
               AND engagement.handed_over_to_id IS NULL
               AND engagement.nudged_for_id IS DISTINCT FROM last.id
               AND coach.active AND partner.active
               AND company.coaching_nudge_days > 0
               AND last.stop <= %(now)s - make_interval(
                   days => company.coaching_nudge_days)
               AND last.stop > %(now)s - make_interval(
                   days => company.coaching_nudge_days) - %(span)s
             ORDER BY engagement.id LIMIT %(limit)s
            """,
            blocking=BLOCKING_STATES,
            now=self.env["coaching.session"]._now(),
            span=NUDGE_SPAN,
            limit=limit,
        )

    def _is_nudge_due(self):
        """Return whether what client and coach are reminded of is still so."""
        self.ensure_one()
        return (
            self.state == "active"
            and self.continue_wish != "no"
            and not self.handed_over_to_id
            and not self._get_upcoming()
        )
