from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_append_only


class CoachingTermsAcceptance(models.Model):
    """A client accepted a version of the terms (R48). Append-only.

    Written by ``coaching.terms._accept`` alone, once per client and version.
    """

    _name = "coaching.terms.acceptance"
    _description = "Accepted Terms"
    _order = "accepted_at desc, id desc"
    _rec_name = "terms_id"

    terms_id = fields.Many2one(
        comodel_name="coaching.terms",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="When booking",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    accepted_at = fields.Datetime(string="Accepted at", required=True, readonly=True)
    how = fields.Selection(
        selection=[
            ("client", "By the client"),
            ("staff", "Recorded by coach or office"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )

    _once = models.UniqueIndex(
        "(terms_id, partner_id)", "The client has already accepted this version."
    )

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table)

    def write(self, vals):
        if vals:
            raise UserError(self.env._("Accepted terms can't change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Accepted terms can't be deleted."))
