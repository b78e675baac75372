from odoo import api, models

from ...tools.text import to_one_line

HEADERS = ("subject", "email_from", "email_to", "email_cc", "reply_to")


class MailMail(models.Model):
    """Names never break an email's header, and the outbox learns what became of it."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {
                    name: to_one_line(value) if name in HEADERS else value
                    for name, value in vals.items()
                }
                for vals in vals_list
            ]
        )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Write the names of recipients in one line, too: only here they are asked."""
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for result in results:
            for name in HEADERS:
                value = result.get(name)
                result[name] = (
                    [to_one_line(one) for one in value]
                    if isinstance(value, list)
                    else to_one_line(value)
                )
        return results

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # sudo: the outbox is told, whoever sends; afterwards the email may be gone
        notifications = (
            self.env["coaching.notification"]
            .sudo()
            .search([("mail_id", "in", self.ids), ("state", "in", ("sent", "failed"))])
        )
        for notification in notifications:
            mail = notification.mail_id
            if mail.state == "exception":
                notification._on_mail_failed(
                    failure_reason or mail.failure_reason,
                    failure_type or mail.failure_type,
                )
            elif mail.state == "sent":
                notification._on_mail_sent()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
