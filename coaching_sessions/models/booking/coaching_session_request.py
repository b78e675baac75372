from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import format_datetime, format_time

from ...tools.arguments import parse_text, parse_time, without_defaults
from ..base.groups import MANAGER_GROUP

BOOKING_KEYS = {
    "booking_type_id",
    "coach_id",
    "start",
    "stop",
    "partner_ids",
    "package_id",
    "makeup_of_id",
    "without_package",
    "note",
}
# what is longer was mistyped
MAX_LENGTH = timedelta(days=1)


class CoachingSession(models.Model):
    """What a booking asks for, and who may ask for it."""

    _inherit = "coaching.session"

    @api.model
    def _prepare_booking(self, vals):
        """Return ``vals`` with records and datetimes in place of ids and strings.

        :raise UserError: when something is missing, unknown or makes no sense
        """
        if not isinstance(vals, dict):
            raise UserError(self.env._("A booking is a dictionary of values."))
        unknown = set(vals) - BOOKING_KEYS
        if unknown:
            raise UserError(
                self.env._(
                    "A booking knows no “%(name)s”. It takes: %(names)s.",
                    name=min(map(str, unknown)),
                    names=", ".join(sorted(BOOKING_KEYS)),
                )
            )
        self._check_ids(vals)
        # sudo: the rights to book are checked on these records right after
        env = without_defaults(self.sudo()).env
        booking_type = env["coaching.booking.type"].browse(vals.get("booking_type_id"))
        coach = env["coaching.coach"].browse(vals.get("coach_id"))
        partners = env["res.partner"].browse(self._parse_partner_ids(vals))
        # client and coach are read in one go, both are needed
        if not (
            partners
            and self._is_there(booking_type)
            and (self._is_there(coach) or not vals.get("coach_id"))
            and self._is_there(partners | coach.partner_id)
        ):
            raise UserError(
                self.env._("Say what to book, with which coach and for which client.")
            )
        start = self._parse_time(vals.get("start"))
        stop = self._parse_time(vals.get("stop"), required=False)
        stop = stop or start + timedelta(minutes=booking_type.duration_minutes)
        if stop <= start:
            raise UserError(
                self.env._(
                    "The session would end before it starts. Choose an end after"
                    " %(start)s.",
                    start=self._format_time(start),
                )
            )
        self._check_length(booking_type, start, stop)
        package = env["coaching.package"].browse(vals.get("package_id") or ())
        missed = env["coaching.attendance"].browse(vals.get("makeup_of_id") or ())
        if (package and not self._is_there(package)) or (
            missed and not self._is_there(missed)
        ):
            raise UserError(
                self.env._("The package or the missed session does not exist.")
            )
        if len(partners) > 1 and (package or missed):
            raise UserError(
                self.env._(
                    "A package or a missed session belongs to one client. Book the"
                    " clients one by one."
                )
            )
        return {
            "booking_type": booking_type,
            "coach": coach,
            "partners": partners,
            "start": start,
            "stop": stop,
            "package": package,
            "missed": missed,
            "without_package": bool(vals.get("without_package")),
            "note": parse_text(self.env, vals.get("note")),
        }

    @api.model
    def _check_length(self, booking_type, start, stop):
        """Raise for a session that is longer than a day, and than its booking type."""
        usual = timedelta(minutes=booking_type.duration_minutes)
        if stop - start > max(MAX_LENGTH, usual):
            raise UserError(
                self.env._(
                    "A session lasts a day at the longest. Choose an end sooner after"
                    " %(start)s.",
                    start=self._format_time(start),
                )
            )

    @api.model
    def _check_ids(self, vals):
        """Raise unless what should name a record is a number that can be one."""
        ids = [vals.get(name) for name in BOOKING_KEYS if name.endswith("_id")]
        partner_ids = vals.get("partner_ids") or []
        if not isinstance(partner_ids, list | tuple):
            partner_ids = [partner_ids]
        # unhashable ones too, so before they are looked at together
        for record_id in [*filter(None, ids), *partner_ids]:
            if not (
                isinstance(record_id, int)
                and not isinstance(record_id, bool)
                and 0 < record_id < 2**31
            ):
                raise UserError(
                    self.env._(
                        "“%(value)s” is not the id of a record.", value=record_id
                    )
                )

    @api.model
    def _parse_partner_ids(self, vals):
        """Return the clients' ids; who is named twice comes once."""
        partner_ids = vals.get("partner_ids") or []
        if not isinstance(partner_ids, list | tuple):
            partner_ids = [partner_ids]
        return list(dict.fromkeys(partner_ids))

    @api.model
    def _is_there(self, records):
        """Return whether there are records, all of them in the database.

        Reads what is needed anyway, where ``exists`` would ask only for this.
        """
        try:
            return bool(records and records.mapped("display_name"))
        except MissingError:
            return False

    @api.model
    def _parse_time(self, value, required=True):
        """Return a naive UTC datetime from what a caller gave.

        :raise UserError: when it is none, or carries a time zone
        """
        moment = parse_time(self.env, value)
        if required and not moment:
            raise UserError(
                self.env._("Say when. Write it in UTC, like 2027-01-04 09:00:00.")
            )
        return moment

    @api.model
    def _format_time(self, moment, tz=None):
        """Return a naive UTC datetime as the user reads it.

        :param str tz: zone to tell it in, the user's by default
        """
        tz = tz or self.env.context.get("tz") or self.env.user.tz or "UTC"
        day = format_datetime(self.env, moment, tz=tz, dt_format="EEE d MMM y")
        return f"{day}, {format_time(self.env, moment, tz=tz, time_format='short')}"

    @api.model
    def _check_booking_rights(self, request):
        """Raise unless the user may book this.

        Managers book anything of their companies, coaches their own time, clients for
        themselves.
        """
        user = self.env.user
        if self.env.su:
            return
        coach = request["coach"]
        company = (
            coach.company_id or request["booking_type"].company_id or self.env.company
        )
        if user.has_group(MANAGER_GROUP):
            if company in self.env.companies:
                return
        elif not self._has_usual_length(request):
            pass  # how long a session is, and what an hour pays, a manager says
        elif coach and coach.user_id == user:
            self._check_known_clients(request)
            return
        elif request["partners"] == user.partner_id and company == user.company_id:
            if not request["package"] or request["package"]._is_for(user.partner_id):
                return
        raise AccessError(
            self.env._(
                "You can't book this: clients book for themselves, coaches their own"
                " sessions, and managers everything in their company."
            )
        )

    @api.model
    def _check_known_clients(self, request):
        """Raise when a coach without access to contacts books for somebody new.

        Else a coach in the portal could try which contacts there are, and use up what
        other coaches' clients have paid for.
        """
        if not self.env.user.share:
            return
        # sudo: reading whom the user has coached before
        known = (
            self.env["coaching.attendance"]
            .sudo()
            .search([("coach_id", "=", request["coach"].id)])
            .partner_id
        )
        if request["partners"] - known:
            raise AccessError(
                self.env._(
                    "You can book for clients you have had a session with. Ask the"
                    " office to book the first one."
                )
            )

    @api.model
    def _has_usual_length(self, request):
        """Return whether a session is as long as its booking type says."""
        minutes = timedelta(minutes=request["booking_type"].duration_minutes)
        return request["stop"] - request["start"] == minutes
