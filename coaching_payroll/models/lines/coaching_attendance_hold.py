from odoo import models
from odoo.tools import SQL

from odoo.addons.coaching_sessions.models.time.locks import FOR_UPDATE, touch


class CoachingAttendance(models.Model):
    """Pay waits while a client disputes what it is for (section 2 rank 13)."""

    _inherit = "coaching.attendance"

    def _set_disputed(self, disputed):
        """Hold the pay of everything that is paid together with this session.

        Every attendance of the group is touched, not only this one: a transaction
        that closes another of them at this moment, or settles a dispute about it,
        does not see our change, nor we its. Since both change the same rows, one of
        the two has to look again, whatever the isolation level lets through.
        """
        result = super()._set_disputed(disputed)
        group = self._get_remuneration_group()
        touch(group - self)
        group._sync_holds()
        return result

    def _sync_holds(self):
        """Make the lines say whether they wait for a dispute, whatever came before.

        A line that begins to wait leaves the draft payslip it is on; one that is paid
        stays paid, what follows from the dispute is on the next payslip. Written
        to the lines: a payslip that gathers or pays one at this moment changes the
        same row.

        :param self: attendances with all whose pay depends on theirs
        """
        held = self.filtered("is_disputed")._get_remuneration_group()
        # sudo: the lines follow the disputes, nobody writes them by hand
        Line = self.env["coaching.remuneration.line"].sudo()
        Line.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH wanted AS (
                    SELECT id, attendance_id = ANY(%(held)s) AS hold
                      FROM coaching_remuneration_line
                     WHERE attendance_id = ANY(%(group)s)
                       AND state IN ('to_pay', 'on_payslip', 'paid')
                     ORDER BY id %(lock)s)
                UPDATE coaching_remuneration_line AS line
                   SET on_hold = wanted.hold,
                       state = CASE WHEN wanted.hold AND line.state = 'on_payslip'
                                    THEN 'to_pay' ELSE line.state END,
                       payslip_id = CASE WHEN wanted.hold AND line.state = 'on_payslip'
                                         THEN NULL ELSE line.payslip_id END
                  FROM wanted
                 WHERE wanted.id = line.id
                   AND COALESCE(line.on_hold, FALSE) <> wanted.hold
                """,
                lock=FOR_UPDATE,
                held=held.ids,
                group=self.ids,
            )
        )
        if self.env.cr.rowcount:
            Line._invalidate_holds()
