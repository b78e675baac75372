from odoo import fields, models

TEMPLATES = {
    "reminder": "coaching_sms.sms_template_reminder",
    "reminder_coach": "coaching_sms.sms_template_reminder_coach",
}


class CoachingNotification(models.Model):
    """Messages that go out by SMS, or by email where that can't be."""

    _inherit = "coaching.notification"

    channel = fields.Selection(
        selection_add=[("sms", "Text message")], ondelete={"sms": "set default"}
    )
    # the SMS itself is deleted once it was sent
    sms_uuid = fields.Char(readonly=True, copy=False, index="btree_not_null")

    def _get_sms_templates(self):
        """Return the text of each kind; a hook.

        :return: dict of kind → XML id of a ``sms.template``
        """
        return TEMPLATES

    def _deliver_sms(self):
        """Render the text and hand it over to Odoo's SMS queue."""
        self.ensure_one()
        number = self._get_sms_number()
        if not number:
            self._fall_back_to_mail(self._describe_missing_number())
            return
        template = self.env.ref(self._get_sms_templates()[self.kind])
        body = template._render_field("body", self.ids, compute_lang=True)[self.id]
        sms = self.env["sms.sms"].create(
            {"number": number, "body": body, "partner_id": self.partner_id.id}
        )
        self.write({"state": "sent", "sms_uuid": sms.uuid})

    def _get_sms_number(self):
        """Return the number in international form, empty for none that is valid.

        Not of who opted out of text messages.
        """
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return "" if partner.phone_blacklisted else partner._get_text_number()

    def _describe_missing_number(self):
        """Return why no text message can be sent."""
        self.ensure_one()
        names = {"name": self.partner_id.name, "number": self.partner_id.phone}
        if self.partner_id.phone_blacklisted:
            return self.env._("%(name)s has opted out of text messages.", **names)
        if self.partner_id.phone:
            return self.env._(
                "%(number)s of %(name)s is not a valid phone number.", **names
            )
        return self.env._("%(name)s has no phone number.", **names)

    def _describe_delivery(self):
        if self.channel != "sms":
            return super()._describe_delivery()
        return self.env._("Text message to %(number)s.", number=self._get_sms_number())
