import base64
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...models.base.groups import MANAGER_GROUP
from ...tools.spreadsheet import Sheet, make_workbook


class CoachingClientFile(models.TransientModel):
    """Dialog that puts all that is known about a client into one file (R10, R72).

    With the rights of the user, so of the companies they can access; private notes are
    never part of it. Addons add sheets by extending ``_get_client_file_sheets``.
    """

    _name = "coaching.client.file"
    _description = "File of a Client"
    _inherit = ["coaching.dialog.mixin"]

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Client", required=True, readonly=True
    )
    date_from = fields.Date(string="From", help="Empty: from the first session.")
    date_to = fields.Date(string="Until", help="Empty: until the last session.")
    content = fields.Binary(readonly=True)

    def action_export(self):
        """Make the file and download it."""
        self.ensure_one()
        self._check_rights()
        if self.date_from and self.date_to and self.date_to < self.date_from:
            raise UserError(
                self.env._("The period must end after it begins. Correct the days.")
            )
        sheets = self._get_client_file_sheets(self._get_attendances())
        self.content = base64.b64encode(make_workbook(sheets))
        self._leave_trace()
        name = self.env["ir.http"]._slugify(self.partner_id.name or "") or "client"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{name}.xlsx"
            "?download=true",
            "target": "new",
            "close": True,
        }

    def _check_rights(self):
        """Raise unless the user manages coaching and may read this contact."""
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a coaching manager can export a client file.")
            )
        self.partner_id.check_access("read")

    def _leave_trace(self):
        """Keep on the contact that the file was taken, and by whom."""
        # sudo: who may export need not be allowed to edit contacts
        self.partner_id.sudo()._message_log(
            body=self.env._(
                "The coaching file was exported (%(period)s).",
                period=self._get_period(),
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _get_period(self):
        """Return the period as text."""
        if not self.date_from and not self.date_to:
            return self.env._("all sessions")
        return self.env._(
            "sessions from %(start)s until %(stop)s",
            start=self.date_from or "…",
            stop=self.date_to or "…",
        )

    # === SHEETS === #

    def _get_client_file_sheets(self, attendances):
        """Return what the file consists of; a hook, in the order of the sheets.

        :param attendances: ``coaching.attendance`` of the period
        :return: list of ``tools.spreadsheet.Sheet``
        """
        return [
            self._get_about_sheet(),
            self._get_session_sheet(attendances),
            self._get_log_sheet(attendances),
        ]

    def _get_attendances(self):
        """Return the client's attendances of the period, by the days of the coach."""
        domain = Domain("partner_id", "=", self.partner_id.id)
        # a day more on either side, since a day begins at another time everywhere
        day = timedelta(days=1)
        if self.date_from:
            domain &= Domain("start", ">=", self.date_from - day)
        if self.date_to:
            domain &= Domain("start", "<", self.date_to + 2 * day)
        attendances = self.env["coaching.attendance"].search(domain, order="start, id")
        if not self.date_from and not self.date_to:
            return attendances
        return attendances.filtered(
            lambda attendance: (
                (self.date_from or attendance._get_local_date())
                <= attendance._get_local_date()
                <= (self.date_to or attendance._get_local_date())
            )
        )

    def _get_about_sheet(self):
        env = self.env
        companies = env.companies.mapped("name")
        rows = [
            [env._("Client"), self.partner_id.name],
            [env._("Email"), self.partner_id.email or None],
            [env._("Contents"), self._get_period()],
            [
                env._("Goals, next steps, packages and make-ups"),
                env._("Always included, whatever the period."),
            ],
            [env._("Companies"), ", ".join(companies)],
            [env._("Exported by"), env.user.name],
            [
                env._("Exported on (%(zone)s)", zone=self._get_zone()),
                self._to_zone(env["coaching.session"]._now()),
            ],
        ]
        return Sheet(env._("About"), ["", ""], rows)

    def _get_session_sheet(self, attendances):
        env = self.env
        columns = [
            env._("Number"),
            env._("Begin"),
            env._("End"),
            env._("Time zone"),
            env._("Booking type"),
            env._("Coach"),
            env._("Status"),
            env._("Outcome"),
            env._("What happened"),
            env._("Closed by"),
            env._("Closed on (%(zone)s)", zone=self._get_zone()),
            env._("Subject"),
            env._("Session used"),
            env._("Package"),
            env._("Makes up for"),
        ]
        rows = [
            [
                attendance.session_id.name,
                self._to_zone(attendance.start, attendance.coach_id.tz),
                self._to_zone(attendance.stop, attendance.coach_id.tz),
                attendance.coach_id.tz,
                attendance.booking_type_id.name,
                attendance.coach_id.name,
                self._get_label(attendance, "state"),
                attendance.outcome_id.name,
                attendance.outcome_note,
                attendance.closed_by_id.name,
                self._to_zone(attendance.closed_at),
                attendance.note or attendance.session_id.note,
                self._get_yes_no(attendance.uses_session, attendance.outcome_id),
                attendance.package_id.name,
                attendance.makeup_of_id.session_id.name,
            ]
            for attendance in attendances
        ]
        return self._make_sheet(env._("Sessions"), columns, rows)

    def _get_log_sheet(self, attendances):
        env = self.env
        lines = env["coaching.session.log"].search(
            [
                ("session_id", "in", attendances.session_id.ids),
                # what concerns all clients of a group, not what concerns another
                ("attendance_id", "in", [*attendances.ids, False]),
            ],
            order="id",
        )
        columns = [
            env._("When (%(zone)s)", zone=self._get_zone()),
            env._("Session"),
            env._("Who"),
            env._("What"),
            env._("Outcome"),
            env._("Description"),
        ]
        rows = [
            [
                self._to_zone(line.date),
                line.session_id.name,
                line.user_id.name,
                self._get_label(line, "action"),
                line.outcome_id.name,
                line.description,
            ]
            for line in lines
        ]
        return self._make_sheet(env._("Log"), columns, rows)

    # === HELPERS === #

    def _search_own(self, model):
        """Return the client's records of a model, oldest first."""
        return self.env[model].search(
            [("partner_id", "=", self.partner_id.id)], order="id"
        )

    def _make_sheet(self, name, columns, rows):
        """Return a sheet; what the ORM says for “none” is an empty cell."""
        return Sheet(
            name,
            columns,
            [[None if value is False else value for value in row] for row in rows],
        )

    def _get_label(self, record, name):
        """Return a selection's value in the user's language."""
        field = record._fields[name]
        return dict(field._description_selection(self.env)).get(record[name])

    def _get_yes_no(self, value, known=True):
        """Return a truth in words, nothing where there is none yet."""
        if not known:
            return None
        return self.env._("Yes") if value else self.env._("No")

    def _get_zone(self):
        """Return the zone that moments without a coach are told in."""
        return self.env.user.tz or "UTC"

    def _to_zone(self, moment, zone=None):
        """Return a naive UTC moment in a zone, naive for a cell."""
        if not moment:
            return None
        record = self.with_context(tz=zone or self._get_zone())
        local = fields.Datetime.context_timestamp(record, moment)
        return local.replace(tzinfo=None, microsecond=0)
