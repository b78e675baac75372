from odoo import models


class SmsSms(models.Model):
    """What the provider refuses goes out by email."""

    _inherit = "sms.sms"

    def _handle_call_result_hook(self, results):
        super()._handle_call_result_hook(results)
        failed = self.filtered(lambda sms: sms.state == "error")
        if not failed:
            return
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        reasons = {sms.uuid: labels.get(sms.failure_type) for sms in failed}
        # sudo: nobody writes these rows by hand
        notifications = (
            self.env["coaching.notification"]
            .sudo()
            .search([("sms_uuid", "in", list(reasons)), ("state", "=", "sent")])
        )
        for notification in notifications:
            reason = self.env._(
                "The text message was not accepted: %(reason)s.",
                reason=reasons[notification.sms_uuid],
            )
            # the cron looks again whether it still is true
            notification.write(
                {"state": "pending", "channel": "email", "error": reason}
                if notification.partner_id.email
                else {"state": "failed", "error": reason}
            )
        if notifications:
            notifications._wake_cron()
