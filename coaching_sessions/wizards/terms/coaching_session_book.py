from odoo import api, fields, models


class CoachingSessionBook(models.TransientModel):
    """What the client has to know before a booking, and to say."""

    _inherit = "coaching.session.book"

    policy_description = fields.Text(related="booking_type_id.policy_description")
    terms_id = fields.Many2one(
        comodel_name="coaching.terms", compute="_compute_terms_id"
    )
    terms_body = fields.Html(related="terms_id.body")
    terms_missing = fields.Boolean(
        string="Terms not accepted", compute="_compute_terms_id"
    )
    terms_accepted = fields.Boolean(string="The client accepted the terms")
    agreement_required = fields.Boolean(related="booking_type_id.agreement_required")
    client_agreed = fields.Boolean(string="The client agreed to this session")
    agreement_note = fields.Char(string="How the client agreed")

    @api.depends("booking_type_id", "coach_id", "partner_ids")
    def _compute_terms_id(self):
        for wizard in self:
            company = wizard.coach_id.company_id or self.env.company
            terms = wizard.terms_id.browse()
            if wizard.booking_type_id:
                # not as superuser: the dialog shows what its user may read
                terms = terms.browse(wizard.booking_type_id._get_terms(company).id)
            wizard.terms_id = terms
            wizard.terms_missing = terms and terms._get_missing(
                wizard.partner_ids._origin
            )

    def _prepare_booking(self):
        return {
            **super()._prepare_booking(),
            # the very text that was on the screen
            "terms_accepted": self.terms_accepted and self.terms_id.id,
            "client_agreed": self.client_agreed and (self.agreement_note or True),
        }
