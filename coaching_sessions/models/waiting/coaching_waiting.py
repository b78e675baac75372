from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse, get_lang

from ...tools.arguments import check_there, without_defaults
from ...tools.database import make_undeletable


class CoachingWaiting(models.Model):
    """A client who waits for a time, or for a seat in a group (rank 20).

    What becomes free is offered in the order in which people came: held for one of them
    until they answer, then for the next (``coaching_waiting_offer.py``).
    """

    _name = "coaching.waiting"
    _description = "Waiting List"
    _order = "id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: any coach who offers it.",
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Seat in",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="A full group session. Empty: waits for a free time.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="Until", required=True, readonly=True)
    weekdays = fields.Char(
        readonly=True, help="Digits of the suitable days, 0 for Monday. Empty: any."
    )
    hour_from = fields.Float(string="Not before", readonly=True, aggregator=None)
    hour_to = fields.Float(
        string="Ends by", readonly=True, default=24.0, aggregator=None
    )
    wish = fields.Char(string="Days and hours", compute="_compute_wish")
    tz = fields.Char(
        string="Time zone",
        required=True,
        readonly=True,
        help="The client's time zone, in which these days and hours are meant.",
    )
    note = fields.Char(readonly=True)
    state = fields.Selection(
        string="Status",
        selection=[
            ("waiting", "Waiting"),
            ("offered", "Has an offer"),
            ("booked", "Booked"),
            ("expired", "Expired"),
            ("cancelled", "Left the list"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    proposal_ids = fields.One2many(
        comodel_name="coaching.proposal",
        inverse_name="waiting_id",
        string="Offers",
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(partner_id, booking_type_id, COALESCE(coach_id, 0), COALESCE(session_id, 0),"
        " date_from, date_to, COALESCE(weekdays, ''), hour_from, hour_to)"
        " WHERE state IN ('waiting', 'offered')",
        "The client is already on the waiting list for this.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day can't be before the first day."
    )
    _check_hours = models.Constraint(
        "CHECK (0 <= hour_from AND hour_from < hour_to AND hour_to <= 24)",
        "Enter hours from 0 to 24, the earlier one first.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.depends("weekdays", "hour_from", "hour_to")
    @api.depends_context("lang")
    def _compute_wish(self):
        locale = babel_locale_parse(get_lang(self.env).code)
        names = get_day_names("abbreviated", locale=locale)
        format_clock = self.env["coaching.session"]._format_clock
        for entry in self:
            days = ", ".join(names[int(digit)] for digit in entry.weekdays or "")
            hours = ""
            if (entry.hour_from, entry.hour_to) != (0, 24):
                hours = "–".join(
                    format_clock(round(hour * 60))
                    for hour in (entry.hour_from, entry.hour_to)
                )
            entry.wish = " ".join(filter(None, (days, hours))) or self.env._("Any")

    @api.depends("partner_id", "booking_type_id")
    def _compute_display_name(self):
        for entry in self:
            # sudo: who reads the entry knows whose it is and what for
            known = entry.sudo()
            names = (known.partner_id.name, known.booking_type_id.name)
            entry.display_name = " · ".join(filter(None, names))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Waiting list entries can't be deleted. Leave the list instead.")
        )

    # === LEAVING === #

    def action_leave(self):
        """Take entries off the list, with what is offered for them.

        :return: True
        :raise UserError: for one that is booked or over
        :raise AccessError: unless it is the user's own, their client's, or the user is
            a manager
        """
        self.check_access("read")
        check_there(self)
        # sudo: who may read an entry may take it off; nobody writes it by hand
        for entry in without_defaults(self.sudo()):
            entry._leave()
        return True

    def _leave(self):
        self.ensure_one()
        if self.state not in ("waiting", "offered"):
            raise UserError(self.env._("This is no longer on the waiting list."))
        self.state = "cancelled"
        self.flush_recordset()
        for proposal in self.proposal_ids.filtered(lambda p: p.state == "open"):
            proposal._answer("withdrawn")
