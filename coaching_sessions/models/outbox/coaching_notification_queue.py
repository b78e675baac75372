from odoo import Command, api, models


class CoachingNotification(models.Model):
    """Noting that people have to be told, one message a person for one act."""

    _inherit = "coaching.notification"

    @api.model
    def _queue(self, attendances, kind, message="", old=None):
        """Note that people have to be told something, and wake the cron up.

        A client of each attendance; a coach once for all clients of a session.

        :param attendances: ``coaching.attendance``
        :param str kind: one of ``_get_templates``
        :param str message: sentence of coach or staff for the client
        :param dict old: session → its start until now, of those that moved
        """
        if not attendances:
            return
        # all that is asked of people who are told, of their hundred fields
        attendances.partner_id.fetch(["email"])
        told = {}
        for attendance in attendances:
            for partner in attendance._get_recipients(kind):
                own = partner == attendance.partner_id
                subject = attendance if own else attendance.session_id
                told.setdefault((partner, subject), []).append(attendance)
        self._queue_rows(
            [
                {
                    "attendance_id": batch[0].id,
                    "company_id": batch[0].company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "message": message,
                    "session_start": batch[0].start,
                    "old_start": (old or {}).get(batch[0].session_id),
                    **self._prepare_listed(batch),
                }
                for (partner, _subject), batch in told.items()
            ]
        )

    @api.model
    def _prepare_listed(self, attendances):
        """Return the values that list attendances, nothing where there is but one."""
        if len(attendances) == 1:
            return {}
        ids = [attendance.id for attendance in attendances]
        return {"listed_attendance_ids": [Command.set(ids)]}

    @api.model
    def _queue_rows(self, vals_list):
        """Note emails that are due, whatever they are about, and wake the cron up.

        :param list vals_list: values with one of ``_get_subject_fields``, the company,
            the recipient and the kind
        """
        self.create(vals_list)
        self._wake_cron()

    @api.model
    def _wake_cron(self, at=None):
        """Have the cron run right after the commit.

        :param datetime at: then instead, naive UTC
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "coaching_sessions.ir_cron_send_notifications", raise_if_not_found=True
        )
        # sudo: the cron sends what is there, whoever wakes it up
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        # all that is asked before it is woken up
        cron.fetch(["active"])
        cron._trigger(at)
