from odoo import api, models

from .lifecycle import BLOCKING_STATES


class CoachingSumsCheck(models.AbstractModel):
    """Whether as many seats are taken as clients come."""

    _inherit = "coaching.sums.check"

    @api.model
    def _find_errors(self):
        self.env.cr.execute(
            """
            SELECT session.id FROM coaching_session session
              LEFT JOIN coaching_attendance attendance
                     ON attendance.session_id = session.id
                    AND attendance.state = ANY(%s)
             GROUP BY session.id HAVING session.seats_taken <> count(attendance.id)
             ORDER BY session.id
            """,
            [list(BLOCKING_STATES)],
        )
        sessions = self.env["coaching.session"].browse(
            [session_id for (session_id,) in self.env.cr.fetchall()]
        )
        return [
            *super()._find_errors(),
            *(
                (
                    session,
                    self.env._(
                        "The seats taken are not the clients who come. Ask whoever"
                        " changed the database."
                    ),
                )
                for session in sessions
            ),
        ]
