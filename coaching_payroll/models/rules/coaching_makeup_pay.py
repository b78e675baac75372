from odoo import api, fields, models
from odoo.tools import ormcache


class CoachingMakeupPay(models.Model):
    """Whether a missed session is paid when its make-up is issued or used (rank 3).

    From one day on, for one coach or for all. Without a row it is paid when the
    make-up is issued, that is with the missed session.
    """

    _name = "coaching.makeup.pay"
    _description = "Pay for Make-ups"
    _inherit = ["coaching.cached.mixin"]
    _order = "company_id, coach_id, date_from desc"
    _check_company_auto = True
    _rec_name = "mode"

    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: for every coach without a line of their own.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    mode = fields.Selection(
        selection=[
            ("issued", "With the missed session"),
            ("used", "When the make-up is used"),
        ],
        string="Paid",
        required=True,
        default="issued",
        help="When it is used: the make-up session is paid instead of the missed one."
        " If"
        " the make-up expires unused, the missed session is paid.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="For sessions missed from this day.",
    )

    _row_unique = models.UniqueIndex(
        "(company_id, COALESCE(coach_id, 0), date_from)",
        "There is already a line from that day. Change that line.",
    )

    @api.model
    def _find_mode(self, coach, company, day):
        """Return how a session missed on a day is paid.

        A row of the coach beats one for all, then the latest that has begun.

        :param coach: ``coaching.coach`` of the missed session
        :param company: ``res.company``
        :param date day: day of the missed session
        :return: ``issued`` or ``used``
        """
        for coach_id, date_from, mode in self._get_rows(company.id):
            if coach_id in (coach.id, False) and date_from <= day:
                return mode
        return "issued"

    @api.model
    @ormcache("company_id")
    def _get_rows(self, company_id):
        """Return (coach id or False, first day, mode), what counts most first."""
        # sudo: the answer is cached for everybody, so it must not depend on who asks
        rows = self.sudo().search([("company_id", "=", company_id)])
        ordered = rows.sorted(lambda row: row.date_from, reverse=True)
        return tuple(
            (row.coach_id.id, row.date_from, row.mode)
            for row in ordered.sorted(lambda row: not row.coach_id)
        )
