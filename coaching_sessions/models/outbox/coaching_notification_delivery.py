from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools.arguments import check_there
from ..base.groups import MANAGER_GROUP

# How long after an email that could not be delivered the next attempt is made.
RETRY_AFTER = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
# What no second attempt changes: the address has to be corrected.
PERMANENT = ("mail_email_invalid", "mail_email_missing", "mail_bl", "mail_optout")


class CoachingNotification(models.Model):
    """What became of an email once it was handed over to Odoo's queue.

    One that the server did not take is made anew some times, looking again whether it
    still is true. What failed for good is in the list, to be sent again by hand.
    """

    _inherit = "coaching.notification"

    state = fields.Selection(
        selection_add=[("bounced", "Came back"), ("failed",)],
        ondelete={"bounced": "cascade"},
    )
    attempts = fields.Integer(
        readonly=True, help="How often the email server did not take it."
    )
    mail_state = fields.Selection(
        related="mail_id.state",
        string="Email server",
        help="Whether the email left, or waits in the queue of outgoing emails.",
    )

    def action_retry(self):
        """Send again what failed, for instance after correcting an address.

        :raise AccessError: unless the user is a manager
        """
        self.check_access("read")
        check_there(self)
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can resend emails."))
        # sudo: the right was checked; nobody writes these rows by hand
        failed = self.sudo().filtered(lambda mail: mail.state in ("failed", "bounced"))
        failed._drop_mail()
        failed.write(
            {"state": "pending", "error": False, "not_before": False, "attempts": 0}
        )
        if failed:
            self._wake_cron()

    def _drop_mail(self):
        """Keep the email that was not taken from leaving after all, beside the next."""
        stuck = self.mail_id.filtered(lambda mail: mail.state == "exception")
        stuck.write({"state": "cancel"})

    # === WHAT BECAME OF IT === #

    def _on_mail_sent(self):
        """Note that the email server took it."""
        self.ensure_one()
        if self.attempts or self.state != "sent":
            self.write({"state": "sent", "attempts": 0, "error": False})

    def _on_mail_failed(self, reason, failure_type):
        """Try again later what the email server did not take, or give up.

        :param str reason: what went wrong
        :param str failure_type: Odoo's word for it
        """
        self.ensure_one()
        labels = dict(
            self.env["mail.mail"]
            ._fields["failure_type"]
            ._description_selection(self.env)
        )
        vals = {
            "state": "failed",
            "error": reason or labels.get(failure_type) or self.env._("Not delivered."),
            "attempts": self.attempts + 1,
        }
        if failure_type not in PERMANENT and self.attempts < len(RETRY_AFTER):
            later = self.env["coaching.session"]._now() + RETRY_AFTER[self.attempts]
            vals.update(state="pending", not_before=later)
            self._drop_mail()
            self._wake_cron(later)
        self.write(vals)

    def _on_mail_bounced(self, address):
        """Note that the email came back: the address takes none.

        :param str address: which one
        """
        for notification in self:
            notification.write(
                {
                    "state": "bounced",
                    "error": self.env._(
                        "The email to %(address)s came back undelivered.",
                        address=address or notification.partner_id.email,
                    ),
                }
            )
