from odoo import api, fields, models
from odoo.exceptions import UserError

SCOPES = [
    ("one", "This session only"),
    ("following", "This and the following sessions"),
    ("all", "All sessions of the series"),
]


class CoachingSession(models.Model):
    """A session that is one of a series (R109)."""

    _inherit = "coaching.session"

    series_id = fields.Many2one(
        comodel_name="coaching.series",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    series_number = fields.Integer(
        string="Number in the series", readonly=True, copy=False, aggregator=None
    )
    series_start = fields.Datetime(
        string="Usual time",
        readonly=True,
        copy=False,
        help="The usual time in the series; it differs from the start if this"
        " session was moved alone.",
    )
    series_position = fields.Char(
        string="Position in the series",
        compute="_compute_series_position",
        help="Number of the session in its series.",
    )

    _series_once = models.UniqueIndex(
        "(series_id, series_number) WHERE series_id IS NOT NULL"
        " AND state IN ('scheduled', 'completed', 'no_show')",
        "This time of the series is already booked.",
    )
    _check_series = models.Constraint(
        "CHECK (series_id IS NULL OR (series_number > 0 AND series_start IS NOT NULL))",
        "A session of a series needs its number.",
    )

    @api.depends("series_id", "series_number")
    def _compute_series_position(self):
        for session in self:
            # sudo: whose session it is may know how many there are
            series = session.series_id.sudo()
            session.series_position = bool(series) and self.env._(
                "%(number)s of %(count)s",
                number=session.series_number,
                count=series.occurrence_count,
            )

    @api.model
    def _prepare_session_values(self, request):
        values = super()._prepare_session_values(request)
        if "series" in request.extra:
            values.update(
                series_id=request.extra["series"].id,
                series_number=request.extra["series_number"],
                series_start=request.extra["series_start"],
            )
        return values

    # === WHICH ONES === #

    def _get_series_scope(self, scope):
        """Return the sessions of a series that something is about.

        :param str scope: one of ``SCOPES``
        :raise UserError: for anything else, and what is not part of a series
        """
        self.ensure_one()
        if scope not in [code for code, _name in SCOPES]:
            raise UserError(
                self.env._(
                    "Choose: only this session, this and following ones, or all."
                )
            )
        if scope == "one":
            return self
        if not self.series_id:
            raise UserError(
                self.env._(
                    "%(session)s is not part of a series.", session=self.display_name
                )
            )
        sessions = self.series_id.session_ids.sorted("start")
        if scope == "all":
            return sessions
        return sessions.filtered(lambda session: session.start >= self.start)

    def _check_series_staff(self, scope):
        """Raise unless the user may act on so much of the series.

        Who takes over for one session does not decide about the others.
        """
        self._check_staff()
        if scope != "one" and self.series_id:
            # sudo: whose series it is, to be checked as the user
            self.sudo().series_id.with_env(self.env)._check_staff()

    def action_view_series(self):
        """Open the series of this session, with all of its sessions (R109)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.series",
            "res_id": self.series_id.id,
            "view_mode": "form",
        }
