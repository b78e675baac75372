import re

from odoo import models


class MailMail(models.Model):
    """Email programs act on an entry for the calendar only when its type says so."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Name the method in the MIME type of our entries (RFC 6047).

        Not kept on the attachment, where types are in lower case.
        """
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.model == "coaching.notification":
            for result in results:
                result["attachments"] = [
                    (name, content, self._get_calendar_type(content, mimetype))
                    for name, content, mimetype in result["attachments"]
                ]
        return results

    def _get_calendar_type(self, content, mimetype):
        """Return the MIME type of an attachment, of a calendar with its method."""
        method = re.search(rb"^METHOD:(\w+)", content, re.MULTILINE)
        if mimetype != "text/calendar" or not method:
            return mimetype
        return f"{mimetype}; charset=utf-8; method={method[1].decode()}"
