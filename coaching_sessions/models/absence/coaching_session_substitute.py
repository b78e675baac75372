from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import (
    check_there,
    parse_integer,
    parse_text,
    without_defaults,
)
from ..base.groups import MANAGER_GROUP


class CoachingSession(models.Model):
    """Another coach takes over the session; client, package and time stay (rank 17)."""

    _inherit = "coaching.session"

    original_coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        string="Instead of",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The coach it was booked with, before a substitute took over.",
    )

    def action_substitute(self, coach_id, reason="", message=""):
        """Let another coach take over these sessions (rank 17).

        The new coach is paid at their own rate. Clients and both coaches are told.

        :param int coach_id: who takes over
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, added to the email
        :return: True
        :raise UserError: when that coach is not free, does not work then or does not
            offer the booking type, and for sessions that are closed
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
            sessions._substitute(coach.sudo(), reason, message)
        return True

    def _check_may_substitute(self):
        """Raise unless the user is a manager: it is about whose work and pay it is."""
        if not (self.env.su or self.env.user.has_group(MANAGER_GROUP)):
            raise AccessError(
                self.env._("Only a manager can assign a session to another coach.")
            )

    def _parse_substitute(self, coach_id):
        """Return the coach with an id, whom the user may read."""
        coach = self.env["coaching.coach"].browse(parse_integer(self.env, coach_id))
        if not coach.exists():
            raise UserError(self.env._("Choose the new coach of the session."))
        coach.check_access("read")
        return coach

    def _substitute(self, coach, reason="", message="", told=True):
        """Let another coach take over these sessions.

        :param coach: ``coaching.coach``
        :param str message: sentence for the clients
        :param bool told: whether people are told now; else by the caller, of more
        :return: list of ``Move``
        """
        moves = [
            session._prepare_move(
                coach=coach,
                kind="substituted",
                reason=reason,
                message=message,
                told=told,
            )
            for session in self.sorted("start")
        ]
        for move in moves:
            move.session._check_substitute(move)
        moves = self._check_free_for(moves)
        self._move(moves)
        return moves

    def _check_substitute(self, move):
        """Raise unless the session is open and the other coach may take it over."""
        self.ensure_one()
        coach = move.coach
        if self.state != "scheduled":
            raise UserError(
                self.env._(
                    "%(session)s is already closed. Correct its outcome instead.",
                    session=self.display_name,
                )
            )
        if not move.changes_coach:
            raise UserError(
                self.env._(
                    "%(coach)s is already the coach of %(session)s. Choose another"
                    " coach.",
                    coach=coach.name,
                    session=self.display_name,
                )
            )
        if coach.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Coach, client and booking type belong to different companies."
                )
            )
        self._check_gives(move.request)

    def _check_gives(self, request):
        """Raise unless a coach offers a booking type, and still works here."""
        booking_type, coach = request.booking_type, request.coach
        if not (coach.active and coach.resource_id.active):
            raise UserError(
                self.env._("This booking type or coach is no longer available.")
            )
        if booking_type.coach_ids and coach not in booking_type.coach_ids:
            raise UserError(
                self.env._(
                    "%(coach)s does not offer “%(booking_type)s”. Choose another"
                    " coach.",
                    coach=coach.name,
                    booking_type=booking_type.name,
                )
            )

    # === HOOKS === #

    def _prepare_move_values(self, move):
        values = super()._prepare_move_values(move)
        if move.changes_coach:
            original = self.original_coach_id or move.old_coach
            # the original coach, back again, replaces nobody
            values["original_coach_id"] = original != move.coach and original.id
        return values

    def _describe_move(self, move):
        if move.kind != "substituted":
            return super()._describe_move(move)
        return "substituted", self.env._(
            "%(new)s for %(old)s.", new=move.coach.name, old=move.old_coach.name
        )

    @api.model
    def _tell_moves(self, moves):
        result = super()._tell_moves(moves)
        # clients and both coaches, each in one email
        moves = [move for move in moves if move.kind == "substituted"]
        listed = {}
        scheduled = self._get_moving(moves)._get_scheduled_attendances()
        for attendance in scheduled.sorted("start"):
            listed.setdefault(attendance.partner_id, []).append(attendance)
        for move in moves:
            own = move.session._get_scheduled_attendances()
            for coach in move.coach | move.old_coach:
                listed.setdefault(coach.partner_id, []).extend(own[:1])
        if listed:
            message = moves[0].message
            self.env["coaching.notification"]._queue_listed(
                "substituted", listed, message
            )
        return result
