from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.local_time import to_local

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CoachingSeriesBook(models.TransientModel):
    """Dialog that books a series; it shows every time before anything is booked."""

    _name = "coaching.series.book"
    _description = "Book a Series"
    _inherit = ["coaching.dialog.mixin"]

    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        domain="[('is_makeup', '=', False)]",
    )
    coach_id = fields.Many2one(comodel_name="coaching.coach", required=True)
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Clients", required=True
    )
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        domain="[('partner_id', 'in', partner_ids), ('cancelled', '=', False)]",
        help="Empty: the one that expires first.",
    )
    start = fields.Datetime(string="First session", required=True)
    tz = fields.Selection(related="coach_id.tz", string="Time zone")
    monday = fields.Boolean()
    tuesday = fields.Boolean()
    wednesday = fields.Boolean()
    thursday = fields.Boolean()
    friday = fields.Boolean()
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    interval_weeks = fields.Integer(string="Every", required=True, default=1)
    ends = fields.Selection(
        selection=[
            ("count", "After a number of sessions"),
            ("date", "On a day"),
            ("package", "When the package is used up"),
        ],
        required=True,
        default="count",
    )
    count = fields.Integer(string="Times", default=10)
    date_to = fields.Date(string="Last day")
    on_conflict = fields.Selection(
        selection=[
            ("refuse", "Book nothing"),
            ("skip", "Book the others and list the rest"),
        ],
        string="If a time can't be booked",
        required=True,
        default="skip",
    )
    note = fields.Text(string="Reason or subject")
    client_agreed = fields.Boolean(string="The client agreed to this series")
    agreement_note = fields.Char(string="How the client agreed")
    preview = fields.Html(compute="_compute_preview", sanitize=False, readonly=True)

    @api.onchange("start", "coach_id")
    def _onchange_start(self):
        """Begin with the weekday of the first session."""
        if self.start:
            weekday = to_local(self.start, self.coach_id.tz).weekday()
            for number, name in enumerate(DAYS):
                self[name] = number == weekday

    @api.depends(
        "booking_type_id",
        "coach_id",
        "partner_ids",
        "package_id",
        "start",
        "interval_weeks",
        "ends",
        "count",
        "date_to",
        *DAYS,
    )
    def _compute_preview(self):
        for dialog in self:
            dialog.preview = dialog._get_preview()

    def _get_preview(self):
        """Return the times with what is in their way."""
        self.ensure_one()
        if not (self.booking_type_id and self.coach_id and self.partner_ids):
            return False
        try:
            plan = self.env["coaching.series"].plan(self._prepare_series_values())
        except (AccessError, UserError) as error:
            return self._render_problem(str(error))
        free = [one for one in plan if not one["conflict"]]
        title = (
            self.env._("All %(count)s times can be booked.", count=len(plan))
            if len(free) == len(plan)
            else self.env._(
                "%(free)s of %(count)s times can be booked.",
                free=len(free),
                count=len(plan),
            )
        )
        rows = [
            (one["start"], *self._get_badge(one), one["conflict"] or "") for one in plan
        ]
        return self._render_times(title, rows)

    @api.model
    def _get_badge(self, one):
        """Return colour and words for a time of the plan."""
        if one["conflict"]:
            return "danger", self.env._("Can't be booked")
        if one["covered"]:
            return "success", self.env._("Package")
        return "info", self.env._("Free")

    @api.model
    def _render_problem(self, message):
        return (
            Markup("<div class='alert alert-warning mb-0' role='alert'>%s</div>")
            % message
        )

    def _render_times(self, title, rows):
        """Return a list of times as HTML, in the coach's time zone.

        :param list rows: start, colour, badge and sentence
        """
        format_time = self.env["coaching.session"]._format_time
        tz = self.tz or "UTC"
        lines = Markup().join(
            Markup(
                "<li class='list-group-item d-flex flex-wrap gap-2 px-2 py-1'>"
                "<span class='text-muted'>%s.</span><span>%s</span>"
                "<span class='badge text-bg-%s ms-auto align-self-start'>%s</span>%s"
                "</li>"
            )
            % (
                number,
                format_time(start, tz),
                colour,
                badge,
                sentence
                and Markup("<span class='w-100 small text-muted'>%s</span>") % sentence,
            )
            for number, (start, colour, badge, sentence) in enumerate(rows, 1)
        )
        return Markup(
            "<p class='fw-bold mb-1'>%s</p><p class='small text-muted mb-1'>%s</p>"
            "<ol class='list-group list-unstyled overflow-auto'"
            " style='max-height: 24rem'>%s</ol>"
        ) % (
            title,
            self.env._(
                "Times in %(zone)s", zone=self.env["coaching.session"]._format_zone(tz)
            ),
            lines,
        )

    def _prepare_series_values(self):
        """Return what ``coaching.series.book`` takes."""
        self.ensure_one()
        ends = {
            "count": {"count": self.count},
            "date": {"date_to": self.date_to},
            "package": {"until_used": True},
        }
        return {
            "booking_type_id": self.booking_type_id.id,
            "coach_id": self.coach_id.id,
            "partner_ids": self.partner_ids._origin.ids,
            "package_id": self.package_id.id,
            "start": self.start,
            "weekdays": [number for number, name in enumerate(DAYS) if self[name]],
            "interval_weeks": self.interval_weeks,
            "on_conflict": self.on_conflict,
            "note": self.note,
            "client_agreed": self.client_agreed and (self.agreement_note or True),
            **ends.get(self.ends, {}),
        }

    def action_book(self):
        """Book, and open the series."""
        self.ensure_one()
        result = self.env["coaching.series"].book(self._prepare_series_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.series",
            "res_id": result["series_id"],
            "view_mode": "form",
        }
