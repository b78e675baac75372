from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_ids, is_there, parse_text, without_defaults
from ...tools.booking_request import BookingRequest
from ..base.groups import MANAGER_GROUP

# what a booking needs of contacts, of their hundred fields
CONTACT_FIELDS = ("name", "email", "company_id", "commercial_partner_id")
# what is longer was mistyped
MAX_LENGTH = timedelta(days=1)


class CoachingSession(models.Model):
    """What a booking asks for, and who may ask for it."""

    _inherit = "coaching.session"

    @api.model
    def _get_booking_keys(self):
        """Return what ``book`` takes; a hook.

        What an upper floor or an addon adds, it parses in ``_prepare_booking_extra``.
        """
        return {
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

    @api.model
    def _prepare_booking_extra(self, vals):
        """Return what upper floors add to a booking, parsed; a hook.

        :param dict vals: as for ``book``
        :return: dict, by names of their own: ``extra`` of the request
        :raise UserError: when a value makes no sense
        """
        return {}

    @api.model
    def _prepare_booking(self, vals):
        """Return what is asked for, with records and datetimes for ids and strings.

        :param dict vals: as for ``book``
        :return: ``BookingRequest``
        :raise UserError: when something is missing, unknown or makes no sense
        """
        if not isinstance(vals, dict):
            raise UserError(self.env._("A booking must be a dictionary of values."))
        known = self._get_booking_keys()
        unknown = set(vals) - known
        if unknown:
            raise UserError(
                self.env._(
                    "Unknown value “%(name)s”. Allowed: %(names)s.",
                    name=min(map(str, unknown)),
                    names=", ".join(sorted(known)),
                )
            )
        ids = ("booking_type_id", "coach_id", "package_id", "makeup_of_id")
        check_ids(self.env, *map(vals.get, ids), several=vals.get("partner_ids"))
        # sudo: the rights to book are checked on these records right after
        env = without_defaults(self.sudo()).env
        booking_type = env["coaching.booking.type"].browse(vals.get("booking_type_id"))
        coach = env["coaching.coach"].browse(vals.get("coach_id"))
        partners = env["res.partner"].browse(self._parse_partner_ids(vals))
        # client and coach are read in one go, both are needed
        if not (
            partners
            and is_there(booking_type)
            and (is_there(coach) or not vals.get("coach_id"))
            and is_there(partners | coach.partner_id, CONTACT_FIELDS)
        ):
            raise UserError(
                self.env._("Enter the booking type, the coach and the client.")
            )
        coach.company_id._fetch_coaching()
        start = self._parse_time(vals.get("start"))
        stop = self._parse_time(vals.get("stop"), required=False)
        stop = stop or start + timedelta(minutes=booking_type.duration_minutes)
        if stop <= start:
            raise UserError(
                self.env._(
                    "The session must end after it starts. Choose an end after"
                    " %(start)s.",
                    start=self._format_time(start),
                )
            )
        self._check_length(booking_type, start, stop)
        package = env["coaching.package"].browse(vals.get("package_id") or ())
        missed = env["coaching.attendance"].browse(vals.get("makeup_of_id") or ())
        if (package and not is_there(package)) or (missed and not is_there(missed)):
            raise UserError(
                self.env._("The package or the missed session does not exist.")
            )
        if len(partners) > 1 and (package or missed):
            raise UserError(
                self.env._(
                    "A package or missed session belongs to one client. Book the"
                    " clients one by one."
                )
            )
        return BookingRequest(
            booking_type=booking_type,
            coach=coach,
            partners=partners,
            start=start,
            stop=stop,
            package=package,
            missed=missed,
            without_package=bool(vals.get("without_package")),
            note=parse_text(self.env, vals.get("note")),
            extra=self._prepare_booking_extra(vals),
        )

    @api.model
    def _check_length(self, booking_type, start, stop):
        """Raise for a session that is longer than a day, and than its booking type."""
        usual = timedelta(minutes=booking_type.duration_minutes)
        if stop - start > max(MAX_LENGTH, usual):
            raise UserError(
                self.env._(
                    "A session can last one day at most. Choose an earlier end,"
                    " within a day after %(start)s.",
                    start=self._format_time(start),
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
    def _check_booking_rights(self, request):
        """Raise unless the user may book this, and say by which rules it is booked.

        Managers book anything of their companies, coaches their own time, clients for
        themselves.

        :param BookingRequest request: what is asked for
        :return: the request, ``by_client`` where it is a client's own
        """
        user = self.env.user
        if self.env.su:
            return request
        coach = request.coach
        company = (
            coach.company_id or request.booking_type.company_id or self.env.company
        )
        if user.has_group(MANAGER_GROUP):
            if company in self.env.companies:
                return request
        elif not self._has_usual_length(request):
            pass  # how long a session is, and what an hour pays, a manager says
        elif coach and coach.user_id == user:
            self._check_known_clients(request)
            return request
        elif request.partners == user.partner_id and company == user.company_id:
            if not request.package or request.package._is_for(user.partner_id):
                return request.but(by_client=True)
        raise AccessError(
            self.env._(
                "You can't book this. Clients can book for themselves, coaches their"
                " own sessions, and managers everything in their company."
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
            .search([("coach_id", "=", request.coach.id)])
            .partner_id
        )
        if request.partners - known:
            raise AccessError(
                self.env._(
                    "You can only book for clients you have already had a session"
                    " with. Ask the office to book the first session."
                )
            )

    @api.model
    def _has_usual_length(self, request):
        """Return whether a session is as long as its booking type says."""
        return request.length == timedelta(
            minutes=request.booking_type.duration_minutes
        )
