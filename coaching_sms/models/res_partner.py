from odoo import api, fields, models


class ResPartner(models.Model):
    """Whether text messages reach a client, said before one is due."""

    _inherit = "res.partner"

    coaching_phone_invalid = fields.Boolean(
        string="Phone number can't be texted",
        compute="_compute_coaching_phone_invalid",
        compute_sudo=True,
        groups="coaching_sessions.group_coaching_coach",
        help="The phone number is none that exists in the person's country, or in that"
        " of the company. Reminders go out by email instead.",
    )

    @api.depends("phone", "country_id", "company_id")
    @api.depends_context("company")
    def _compute_coaching_phone_invalid(self):
        for partner in self:
            partner.coaching_phone_invalid = bool(
                partner.phone and not partner._get_text_number()
            )

    def _get_text_number(self):
        """Return the number for text messages in international form.

        :return: str, empty where there is none that is valid
        """
        self.ensure_one()
        return self._phone_format() or ""
