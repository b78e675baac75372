from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_there


class CoachingAttendance(models.Model):
    """When a client was reminded, and that they will come (rank 26)."""

    _inherit = "coaching.attendance"

    # a reminder that was due before then would only repeat what was just told
    scheduled_at = fields.Datetime(
        string="Time set at",
        readonly=True,
        copy=False,
        default=lambda self: self.env["coaching.session"]._now(),
        help="When the session was booked or moved to its time.",
    )
    reconfirmed_at = fields.Datetime(
        string="Confirmed by the client",
        readonly=True,
        copy=False,
        help="When the client confirmed attendance after a reminder.",
    )

    def write(self, vals):
        # who may not change the time is told so by super
        if "start" in vals and self.env.su:
            # another time is another question
            vals = {
                **vals,
                "scheduled_at": self.env["coaching.session"]._now(),
                "reconfirmed_at": False,
            }
        return super().write(vals)

    def action_reconfirm(self):
        """Say that the client will come (rank 26).

        Saying it again changes nothing.

        :return: True
        :raise UserError: when the session has begun or is closed
        :raise AccessError: unless the user is the client, the coach or a manager
        """
        self.check_access("read")
        check_there(self)
        if any(
            attendance.partner_id != self.env.user.partner_id for attendance in self
        ):
            self.session_id._check_staff()
        # sudo: the right was checked; nobody writes attendances by hand
        self.sudo()._reconfirm()
        return True

    def _reconfirm(self):
        """Note that these clients will come."""
        now = self.env["coaching.session"]._now()
        for attendance in self:
            if attendance.state != "scheduled" or attendance.start <= now:
                raise UserError(
                    self.env._(
                        "%(session)s has begun or is closed, so there is nothing to"
                        " confirm.",
                        session=attendance.session_id.display_name,
                    )
                )
        news = self.filtered(lambda attendance: not attendance.reconfirmed_at)
        if news:
            news.write({"reconfirmed_at": now})
            self.env["coaching.session.log"]._add(
                "reconfirmed", dict.fromkeys(news, "")
            )

    def _get_reconfirm_url(self):
        """Return where the client confirms, empty without a page.

        A hook: the portal has one.
        """
        self.ensure_one()
        return ""

    def _get_manage_url(self):
        """Return where the client moves or cancels the session; a hook."""
        self.ensure_one()
        return ""
