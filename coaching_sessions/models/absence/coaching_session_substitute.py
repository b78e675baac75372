from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import frozendict

from ...tools.arguments import (
    check_there,
    parse_integer,
    parse_text,
    without_defaults,
)
from ..base.groups import MANAGER_GROUP


class CoachingSession(models.Model):
    """Another coach gives the session; client, package and time stay (rank 17)."""

    _inherit = "coaching.session"

    original_coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        string="Instead of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The coach it was booked with, before somebody stood in.",
    )

    def action_substitute(self, coach_id, reason="", message=""):
        """Let another coach give these sessions (rank 17).

        He is paid for it, at his own rate. Clients and both coaches are told.

        :param int coach_id: who stands in
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, put into the mail
        :return: True
        :raise UserError: when he is not free, does not work then or does not give it,
            and for sessions that are closed
        :raise AccessError: unless the user is a manager
        """
        self.check_access("read")
        self._check_may_substitute()
        check_there(self)
        coach = self._parse_substitute(coach_id)
        reason, message = parse_text(self.env, reason), parse_text(self.env, message)
        # sudo: the right was checked; nobody writes the coach of a session by hand
        sessions = without_defaults(self.sudo())
        with self.env.cr.savepoint():
            former = {session: session.coach_id for session in sessions}
            sessions._substitute(coach.sudo(), reason)
            sessions._tell_substitution(former, message)
        return True

    def _check_may_substitute(self):
        """Raise unless the user is a manager: it is about whose work and pay it is."""
        if not (self.env.su or self.env.user.has_group(MANAGER_GROUP)):
            raise AccessError(
                self.env._("Only a manager can let another coach give a session.")
            )

    def _parse_substitute(self, coach_id):
        """Return the coach with an id, whom the user may read."""
        coach = self.env["coaching.coach"].browse(parse_integer(self.env, coach_id))
        if not coach.exists():
            raise UserError(self.env._("Say who gives the session."))
        coach.check_access("read")
        return coach

    def _substitute(self, coach, reason=""):
        """Let another coach give these sessions; tells nobody.

        :param coach: ``coaching.coach``
        """
        sessions = self.sorted("start")
        former = {session: session.coach_id for session in sessions}
        for session in sessions:
            session._check_substitute(coach)
        requests = [
            {**session._prepare_move_request(session.start), "coach": coach}
            for session in sessions
        ]
        self._check_free(requests, exclude=self)
        scheduled = self.attendance_ids.filtered(lambda a: a.state == "scheduled")
        self._take_turns(coach | self.coach_id, scheduled.partner_id)
        self.env["coaching.proposal"]._withdraw_for(self)
        with self._readable_conflicts(requests[0] if len(requests) == 1 else None):
            self.env["coaching.hold"]._make_room(requests)
            keys = self._prepare_limit_keys(requests, exclude=self)
            alike = defaultdict(self.browse)
            for session, values in zip(sessions, keys, strict=True):
                original = session.original_coach_id or former[session]
                # who gives it himself after all stands in for nobody
                values["original_coach_id"] = original != coach and original.id
                alike[frozendict(values)] |= session
            for values, batch in alike.items():
                batch.write({"coach_id": coach.id, **values})
            self.flush_recordset()
            self.attendance_ids.flush_recordset()
            # a day of another coach may be another day
            scheduled._keep_entitlement()
        # also of who is no longer in a group: all that happens is the new coach's
        self.env["coaching.engagement"]._ensure_for(self.attendance_ids)
        self._project()
        self._log_substitution(former, coach, reason)

    def _log_substitution(self, former, coach, reason):
        """Keep who stands in for whom, and why.

        :param dict former: session → ``coaching.coach`` until now
        """
        lines = {}
        for session in self:
            text = self.env._(
                "%(new)s for %(old)s.", new=coach.name, old=former[session].name
            )
            lines[session] = " ".join(filter(None, [text, reason]))
        self.env["coaching.session.log"]._add("substituted", lines)

    def _check_substitute(self, coach):
        """Raise unless the session is open and the other coach may give it."""
        self.ensure_one()
        if self.state != "scheduled":
            raise UserError(
                self.env._(
                    "%(session)s is closed already. Correct its outcome instead.",
                    session=self.display_name,
                )
            )
        if coach == self.coach_id:
            raise UserError(
                self.env._(
                    "%(coach)s gives %(session)s already. Choose somebody else.",
                    coach=coach.name,
                    session=self.display_name,
                )
            )
        request = {**self._prepare_move_request(self.start), "coach": coach}
        if coach.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Coach, client and booking type belong to different companies."
                )
            )
        self._check_gives(request)

    def _check_gives(self, request):
        """Raise unless a coach gives a booking type, and still works here."""
        booking_type, coach = request["booking_type"], request["coach"]
        if not (coach.active and coach.resource_id.active):
            raise UserError(
                self.env._("This booking type or coach is no longer available.")
            )
        if booking_type.coach_ids and coach not in booking_type.coach_ids:
            raise UserError(
                self.env._(
                    "%(coach)s does not give “%(booking_type)s”. Choose another coach.",
                    coach=coach.name,
                    booking_type=booking_type.name,
                )
            )

    def _tell_substitution(self, former, message=""):
        """Tell clients and both coaches, each in one mail.

        :param dict former: session → ``coaching.coach`` until now
        """
        scheduled = self.attendance_ids.filtered(lambda a: a.state == "scheduled")
        listed = {}
        for attendance in scheduled.sorted("start"):
            listed.setdefault(attendance.partner_id, []).append(attendance)
        for session in self.sorted("start"):
            own = session.attendance_ids.filtered(lambda a: a.state == "scheduled")
            for coach in session.coach_id | former[session]:
                listed.setdefault(coach.partner_id, []).extend(own[:1])
        self.env["coaching.notification"]._queue_listed("substituted", listed, message)
