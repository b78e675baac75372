from odoo import models
from odoo.exceptions import AccessError


class MailThread(models.AbstractModel):
    """What is said about our records in the chatter is said among staff.

    Odoo lets portal users follow what they may read, and post where they follow: in a
    group session to all of its clients. Clients and coaches write messages instead.
    """

    _inherit = "mail.thread"

    def _check_coaching_chatter(self, *names):
        """Raise when somebody from outside takes part in the chatter of ours.

        :param names: models that are written to, by default this one
        """
        if self.env.su or not self.env.user.share:
            return
        if any((name or "").startswith("coaching.") for name in names or [self._name]):
            raise AccessError(
                self.env._("Write a message to your coach or client instead.")
            )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._check_coaching_chatter()
        return super().message_subscribe(partner_ids, subtype_ids)

    def message_post(self, **kwargs):
        self._check_coaching_chatter()
        return super().message_post(**kwargs)
