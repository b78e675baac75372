from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import (
    parse_date,
    parse_ids,
    parse_integer,
    parse_text,
    without_defaults,
)
from ..base.groups import MANAGER_GROUP

KEYS = {
    "partner_id",
    "booking_type_id",
    "coach_id",
    "session_id",
    "date_from",
    "date_to",
    "weekdays",
    "hour_from",
    "hour_to",
    "note",
}
MAX_DAYS = 366


class CoachingWaiting(models.Model):
    """Joining the waiting list: what somebody waits for, checked word by word."""

    _inherit = "coaching.waiting"

    @api.model
    def join(self, vals):
        """Add a client to the waiting list (rank 20).

        :param dict vals: ``booking_type_id``, ``date_from``, ``date_to`` (days on the
            client's calendar); optional ``coach_id`` (else any), ``weekdays`` (list, 0
            for Monday), ``hour_from`` and ``hour_to`` (0 to 24, in the client's time
            zone), ``partner_id`` (else the user), ``note``. Or ``session_id``: a group
            session that is full; then nothing else is needed
        :return: ``coaching.waiting``
        :raise UserError: when something is missing or makes no sense, when the client
            waits already, and for a group session that has a seat left
        :raise AccessError: when the user may not book that for that client
        """
        self.check_access("read")
        if self.env.user._is_public():
            raise AccessError(self.env._("Log in to join the waiting list."))
        if not isinstance(vals, dict) or set(vals) - KEYS:
            raise UserError(
                self.env._("Allowed values: %(names)s.", names=", ".join(sorted(KEYS)))
            )
        values = self._prepare_entry(vals)
        self._check_may_join(values)
        self._check_companies(values)
        if values["session_id"]:
            # sudo: the right was checked; only now is anything told about a session
            session = self.env["coaching.session"].sudo().browse(values["session_id"])
            self._check_full(session)
        # sudo: the right was checked; nobody writes the waiting list by hand
        entries = without_defaults(self.sudo().browse())
        if entries.search_count(
            [
                (name, "=", values[name])
                for name in sorted(set(values) - {"note", "tz", "company_id"})
            ]
            + [("state", "in", ("waiting", "offered"))],
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "You are already on the waiting list for this. We will let you"
                    " know as soon as something is free."
                )
            )
        with self.env["coaching.session"]._readable_conflicts():
            entry = entries.create(values)
            entry.flush_recordset()
        entry._wake()
        return self.browse(entry.id)

    @api.model
    def _prepare_entry(self, vals):
        """Return the values of an entry, checked one by one."""
        ids = {
            name: parse_integer(self.env, vals.get(name))
            for name in ("partner_id", "booking_type_id", "coach_id", "session_id")
        }
        # sudo: the rights to book are checked on these right after
        env = self.sudo().env
        session = env["coaching.session"].browse(ids["session_id"] or ()).exists()
        booking_type = session.booking_type_id or (
            env["coaching.booking.type"].browse(ids["booking_type_id"] or ()).exists()
        )
        coach = session.coach_id or (
            env["coaching.coach"].browse(ids["coach_id"] or ()).exists()
        )
        partner = env["res.partner"].browse(
            ids["partner_id"] or self.env.user.partner_id.id
        )
        if not booking_type or not partner.exists():
            raise UserError(self.env._("Choose what to wait for."))
        tz = partner.tz or self.env.user.tz or coach.tz or "UTC"
        if session:
            day = session.attendance_ids[:1]._get_local_date() or session.start.date()
            days = {"date_from": day, "date_to": day}
        else:
            days = self._parse_days(vals)
        company = coach.company_id or booking_type.company_id or self.env.company
        return {
            "partner_id": partner.id,
            "booking_type_id": booking_type.id,
            "coach_id": coach.id,
            "session_id": session.id,
            "company_id": company.id,
            "tz": tz,
            "note": parse_text(self.env, vals.get("note")) or False,
            **days,
            **self._parse_wishes(vals),
        }

    @api.model
    def _check_full(self, session):
        if session.seats == 1 or session.state != "scheduled":
            raise UserError(
                self.env._(
                    "You can only join the waiting list of an upcoming group session."
                )
            )
        if session.start <= session._now():
            raise UserError(self.env._("This session has begun."))
        if session.seats_taken < session.seats:
            raise UserError(
                self.env._(
                    "There is a seat left on %(start)s. Book it instead.",
                    start=session._format_time(session.start),
                )
            )

    @api.model
    def _parse_days(self, vals):
        first = parse_date(self.env, vals.get("date_from"))
        last = parse_date(self.env, vals.get("date_to"))
        today = self.env["coaching.session"]._now().date()
        if not first or not last or last < max(first, today - timedelta(days=1)):
            raise UserError(
                self.env._("Choose the first and last day, the earlier one first.")
            )
        if (last - first).days > MAX_DAYS:
            raise UserError(self.env._("Choose a period of at most one year."))
        return {"date_from": first, "date_to": last}

    @api.model
    def _parse_wishes(self, vals):
        """Return weekdays and hours that suit."""
        days = parse_ids(self.env, vals.get("weekdays"))
        hours = []
        for name, default in (("hour_from", 0.0), ("hour_to", 24.0)):
            value = vals.get(name)
            value = default if value in (None, False, "") else value
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise UserError(self.env._("Hours must be numbers from 0 to 24."))
            hours.append(float(value))
        if not set(days) <= set(range(7)) or not 0 <= hours[0] < hours[1] <= 24:
            raise UserError(
                self.env._(
                    "Enter days from 0 (Monday) to 6, and hours from 0 to 24, the"
                    " earlier one first."
                )
            )
        return {
            "weekdays": "".join(str(day) for day in sorted(days)) or False,
            "hour_from": hours[0],
            "hour_to": hours[1],
        }

    @api.model
    def _check_may_join(self, values):
        """Raise unless the user could book this for that client."""
        user = self.env.user
        if self.env.su:
            return
        company = self.env["res.company"].browse(values["company_id"])
        # sudo: whose login it is, to compare with the user
        coach = self.env["coaching.coach"].sudo().browse(values["coach_id"] or ())
        by_client = False
        if user.has_group(MANAGER_GROUP):
            allowed = company in self.env.companies
        elif coach and coach.user_id == user:
            allowed = user._is_internal()
        else:
            own = values["partner_id"] == user.partner_id.id
            allowed = by_client = own and company == user.company_id
        if not allowed:
            raise AccessError(
                self.env._(
                    "You can't add this to the waiting list. Clients can add"
                    " themselves; coaches and managers can add their clients."
                )
            )
        if by_client:
            self._check_open_to_client(values["booking_type_id"], company)
        else:
            self._check_client(values["partner_id"])

    @api.model
    def _check_client(self, partner_id):
        """Raise when staff asks for a client whom the user may not read.

        The entry would reveal the name.
        """
        if not self.env["res.partner"].browse(partner_id).has_access("read"):
            raise AccessError(
                self.env._(
                    "You don't have access to this client. Ask a manager of the"
                    " client's company."
                )
            )

    @api.model
    def _check_companies(self, values):
        """Raise for what no session could be booked of, as booking does."""
        # sudo: only whose they are; the sentence names nobody
        env = self.sudo().env
        env["coaching.session"].with_env(self.env)._check_companies(
            env["res.company"].browse(values["company_id"]),
            env["coaching.booking.type"].browse(values["booking_type_id"]),
            env["res.partner"].browse(values["partner_id"]),
        )

    @api.model
    def _check_open_to_client(self, type_id, company):
        """Raise when clients wait for what they couldn't book for themselves."""
        # sudo: whether it can be booked is no secret
        booking_type = self.env["coaching.booking.type"].sudo().browse(type_id)
        types = booking_type._get_for_client(self.env.user.partner_id, company)
        if booking_type not in types:
            raise UserError(
                self.env._(
                    "You can't book this (or not again), so you can't join its"
                    " waiting list. Choose something else, or ask your coach."
                )
            )
