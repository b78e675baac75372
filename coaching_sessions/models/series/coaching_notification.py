from odoo import api, fields, models

KINDS = [
    ("series_booked", "Series booked"),
    ("series_changed", "Series changed"),
    ("series_cancelled", "Sessions of a series cancelled"),
]


class CoachingNotification(models.Model):
    """One email a person for whatever is done with a series, with all of its times."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=KINDS,
        ondelete={kind: "cascade" for kind, _label in KINDS},
    )
    series_times = fields.Json(
        string="Series times",
        readonly=True,
        help="The attendances in this email: id, start and, if moved, the old start.",
    )

    # === HOOKS === #

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            **{
                kind: f"coaching_sessions.mail_template_{kind}"
                for kind, _label in KINDS
            },
        }

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            **{kind: "_get_series_attendances" for kind, _label in KINDS},
        }

    @api.model
    def _queue_series(self, kind, attendances, message="", old=None):
        """Note that clients and coach have to be told about sessions of a series.

        :param str kind: one of ``KINDS``
        :param attendances: ``coaching.attendance``
        :param str message: sentence of coach or staff for the clients
        :param dict old: attendance → its start until now, naive UTC
        """
        told = {}
        for attendance in attendances.sorted("start"):
            for partner in attendance._get_recipients(kind):
                told.setdefault(partner, []).append(attendance)
        if told:
            to_string = fields.Datetime.to_string
            self._queue_rows(
                [
                    {
                        "attendance_id": batch[0].id,
                        "company_id": batch[0].company_id.id,
                        "partner_id": partner.id,
                        "kind": kind,
                        "message": message,
                        "session_start": batch[0].start,
                        "series_times": [
                            {
                                "id": attendance.id,
                                "start": to_string(attendance.start),
                                "old": to_string((old or {}).get(attendance)) or False,
                            }
                            for attendance in batch
                        ],
                    }
                    for partner, batch in told.items()
                ]
            )

    # === STILL TRUE? === #

    def _get_series_attendances(self):
        """Return the attendances of which the email is still true."""
        self.ensure_one()
        times = {time["id"]: time["start"] for time in self.series_times or []}
        attendances = self.env["coaching.attendance"].browse(times)
        if self.kind == "series_cancelled":
            return attendances.filtered(lambda one: not one._is_blocking())
        return attendances.filtered(
            lambda one: one.state == "scheduled"
            and fields.Datetime.to_string(one.start) == times[one.id]
        )

    # === WHAT TEMPLATES SHOW === #

    def _get_series_times(self):
        """Return the times as text in the reader's zone and language.

        :return: list of pairs: the time, and the old one where it was moved
        """
        self.ensure_one()
        old = {time["id"]: time["old"] for time in self.series_times or []}
        return [
            (
                self._describe_moment(attendance.start),
                old[attendance.id]
                and self._describe_moment(
                    fields.Datetime.to_datetime(old[attendance.id])
                ),
            )
            for attendance in self._get_series_attendances()
        ]

    def _describe_moment(self, moment):
        """Return a moment as text; the email says once which zone it is in."""
        return self._format_moment(moment, name_zone=False)

    # === CALENDAR === #

    @api.model
    def _get_kinds_with_entry(self):
        return super()._get_kinds_with_entry() | {kind for kind, _label in KINDS}

    @api.model
    def _get_kinds_of_change(self):
        return super()._get_kinds_of_change() - {"series_booked"}

    def _get_entry_attendances(self):
        if self.kind in dict(KINDS):
            return self._get_series_attendances()
        return super()._get_entry_attendances()
