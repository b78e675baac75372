from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_there
from ...tools.database import make_append_only


class CoachingSeriesGap(models.Model):
    """A time of a series that has no session: taken, not paid for, paused, skipped.

    Kept, so that it can be tried again, and nobody wonders where it went.
    """

    _name = "coaching.series.gap"
    _description = "Unbooked Time of a Series"
    _order = "start, id"
    _rec_name = "start"

    series_id = fields.Many2one(
        comodel_name="coaching.series",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="series_id.company_id", store=True, precompute=True, index=True
    )
    coach_id = fields.Many2one(
        related="series_id.coach_id", store=True, precompute=True, index=True
    )
    number = fields.Integer(
        readonly=True, aggregator=None, help="Number in the series."
    )
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    kind = fields.Selection(
        selection=[
            ("conflict", "Could not be booked"),
            ("paused", "Paused"),
            ("skipped", "Skipped"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(string="Why", readonly=True)
    state = fields.Selection(
        string="Status",
        selection=[
            ("open", "Not booked"),
            ("booked", "Booked later"),
            ("ignored", "Left out"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Booked as",
        readonly=True,
        ondelete="restrict",
    )

    _check_times = models.Constraint(
        "CHECK (start < stop)", "A session must end after it starts."
    )
    _open_once = models.UniqueIndex(
        "(series_id, number) WHERE state = 'open'",
        "This time of the series is already listed.",
    )

    def init(self):
        super().init()
        # the time follows the series, the reason is that of the last try
        make_append_only(
            self.env.cr,
            self._table,
            mutable=("state", "session_id", "start", "stop", "reason"),
        )

    def _get_partners(self):
        """Return who is to be booked: not those who had left before it was paused."""
        self.ensure_one()
        partners = self.series_id.partner_ids
        if self.kind != "paused":
            return partners
        session = self.series_id.session_ids.filtered(
            lambda session: session.series_number == self.number
        ).sorted("id")[-1:]
        paused = session.attendance_ids.filtered(
            lambda attendance: attendance.outcome_id.code == "other"
        )
        return (paused.partner_id & partners) or partners

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "Unbooked times of a series can't be deleted. Skip the time instead."
            )
        )

    # === BUSINESS METHODS === #

    def action_retry(self):
        """Book these times now, where there is nothing in the way any more.

        :return: True
        :raise UserError: when none of them can be booked, saying why, and for a series
            that has ended
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        check_there(self)
        self.series_id._check_staff()
        self._check_goes_on()
        # sudo: rights were checked; nobody writes gaps or sessions by hand
        booked, refused = self.sudo()._retry()
        if refused and not booked:
            raise UserError("\n".join(refused.mapped("reason")))
        return True

    def _check_goes_on(self):
        """Raise for times of a series that has ended."""
        ended = self.series_id.filtered(lambda series: series.state == "ended")
        if ended:
            raise UserError(
                self.env._(
                    "%(series)s has ended, so nothing more can be booked for it."
                    " Book a single session or a new series.",
                    series=ended[0].display_name,
                )
            )

    def action_ignore(self):
        """Leave these times out for good.

        :return: True
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        self.series_id._check_staff()
        # sudo: rights were checked; nobody writes gaps by hand
        self.sudo().filtered(lambda gap: gap.state == "open").write(
            {"state": "ignored"}
        )
        return True

    def _retry(self):
        """Book what is open of these, as far as possible, series by series.

        :return: gaps that are booked now, and those that are not
        """
        gaps = self.filtered(lambda gap: gap.state == "open").sorted("start")
        booked = self.browse()
        for series, batch in gaps.grouped("series_id").items():
            occurrences = series._plan_gaps(batch)
            sessions = series._book_occurrences(occurrences)
            for gap, occurrence in zip(batch, occurrences, strict=True):
                session = occurrence.get("session")
                if session:
                    booked |= gap
                    gap.write({"state": "booked", "session_id": session.id})
                else:
                    gap.reason = occurrence["conflict"]
            if sessions:
                self.env["coaching.notification"]._queue_series(
                    "series_booked", sessions.attendance_ids
                )
        return booked, gaps - booked
