from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_there, parse_text, without_defaults

MAX_TIMES = 10


class CoachingSession(models.Model):
    """Asking the coach late, and offering other times (R51, R99-R101, rank 11)."""

    _inherit = "coaching.session"

    proposal_ids = fields.One2many(
        string="Proposals",
        comodel_name="coaching.proposal",
        inverse_name="session_id",
        readonly=True,
    )
    proposal_count = fields.Integer(
        string="Number of proposals", compute="_compute_proposal_count"
    )

    def _compute_proposal_count(self):
        counts = dict(
            self.env["coaching.proposal"]._read_group(
                [("session_id", "in", self.ids)], ["session_id"], ["__count"]
            )
        )
        for session in self:
            session.proposal_count = counts.get(session._origin, 0)

    def action_ask_reschedule(self, start, message=""):
        """Ask the coach for another time, when it is too late to move it oneself.

        The new time is held and the old one kept until the coach answers, at most as
        long as the booking type says (R51).

        :param start: naive UTC
        :param str message: sentence for the coach
        :return: ``coaching.proposal``
        :raise UserError: when clients can still move it themselves, when the booking
            type allows no late moves, and when the time can't be had
        :raise AccessError: unless it is the user's own session
        """
        self.check_access("read")
        check_there(self)
        self.ensure_one()
        attendance = self._get_own_attendance()
        if not attendance:
            raise AccessError(
                self.env._("You can only move sessions that you booked for yourself.")
            )
        start = self._parse_time(start)
        message = parse_text(self.env, message)
        # sudo: it is the user's own session; nobody writes proposals by hand
        proposal = without_defaults(self.sudo())._ask_reschedule(start, message)
        return self.env["coaching.proposal"].browse(proposal.id)

    def _ask_reschedule(self, start, message):
        self.ensure_one()
        self._refuse_what_is_over()
        self._check_single_client()
        booking_type = self.booking_type_id
        if booking_type.late_reschedule == "free" or self._is_reschedule_early():
            raise UserError(
                self.env._(
                    "You can move %(session)s yourself. Choose the new time on its"
                    " page.",
                    session=self.display_name,
                )
            )
        if booking_type.late_reschedule != "ask":
            self._check_late_reschedule()
        self._check_move_limits(start)
        before = self._get_open_proposal()
        if before.kind not in (False, "ask"):
            raise UserError(
                self.env._(
                    "Other times are already proposed for this session. Answer that"
                    " proposal first."
                )
            )
        # the last request counts, and withdraws the earlier one
        before._take_back()
        self._check_proposed(start, by_client=True)
        proposal = self.env["coaching.proposal"]._open("ask", self, [start], message)
        self.env["coaching.session.log"]._add(
            "asked", {self: " ".join([f"{self._format_time(start)}.", message]).strip()}
        )
        proposal._tell_other_side("proposal_asked", client=False)
        proposal._plan_activity()
        return proposal

    def action_propose(self, starts, message="", deadline=None):
        """Offer other times to the client; all are held until one is chosen (R99-R101).

        Answers what the client has asked for, and takes the place of what was offered
        before.

        :param list starts: up to 10 times, naive UTC
        :param str message: sentence for the client
        :param deadline: until when the client has to answer, naive UTC; what the
            booking type says by default, at most until the session or the first of the
            times begins
        :return: ``coaching.proposal``
        :raise UserError: when one of the times can't be had, or nothing can be moved
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        self.ensure_one()
        if not isinstance(starts, list | tuple):
            starts = [starts]
        starts = sorted({self._parse_time(start) for start in starts})
        message = parse_text(self.env, message)
        deadline = self._parse_time(deadline, required=False)
        # sudo: the right was checked; nobody writes proposals by hand
        proposal = without_defaults(self.sudo())._propose(starts, message, deadline)
        return self.env["coaching.proposal"].browse(proposal.id)

    def _propose(
        self,
        starts,
        message="",
        deadline=None,
        kind="offer",
        tell=True,
        checked=False,
    ):
        """Offer other times for a session of one client, see ``action_propose``.

        :param bool tell: whether the client gets an email about this alone
        :param bool checked: whether the times are known to be free
        """
        self.ensure_one()
        self._check_to_come()
        self._check_single_client()
        self._check_starts(starts)
        before = self._get_open_proposal()
        kind = before._get_next_kind(kind)
        # clients who asked late gain nothing by picking another time than they asked
        # for
        client_asked_at = kind == "offer" and before._get_client_asked_at()
        # what the client asked for is answered by that, without an email of its own
        before._take_back()
        for start in () if checked else starts:
            self._check_proposed(start)
        proposal = self.env["coaching.proposal"]._open(
            kind,
            self,
            starts,
            message,
            deadline,
            client_asked_at=client_asked_at,
        )
        times = ", ".join(self._format_time(start) for start in starts)
        self.env["coaching.session.log"]._add(
            "offered", {self: " ".join([f"{times}.", message]).strip()}
        )
        if tell:
            proposal._tell_other_side("proposal", client=True)
        return proposal

    # === CHECKS === #

    def _check_single_client(self):
        """Raise for a group: what suits one of them is not for the others to bear."""
        self.ensure_one()
        if self.seats > 1:
            raise UserError(
                self.env._(
                    "%(session)s is for several clients, so other times can't be"
                    " proposed. Its coach can move it for everyone.",
                    session=self.display_name,
                )
            )

    def _check_starts(self, starts):
        """Raise unless these are some times that don't overlap each other."""
        self.ensure_one()
        if not starts:
            raise UserError(self.env._("Choose at least one time to offer."))
        if len(starts) > MAX_TIMES:
            raise UserError(
                self.env._("Offer at most %(limit)s times.", limit=MAX_TIMES)
            )
        length = self._get_busy_length()
        for earlier, later in zip(starts, starts[1:], strict=False):
            if later < earlier + length:
                raise UserError(
                    self.env._(
                        "%(first)s and %(second)s overlap, so they can't both be held."
                        " Choose one of them.",
                        first=self._format_time(earlier),
                        second=self._format_time(later),
                    )
                )

    def _get_busy_length(self):
        """Return how long the coach is taken by this session, with buffers."""
        self.ensure_one()
        times = self._prepare_session_times(self._prepare_move_request())
        return times["busy_stop"] - times["busy_start"]

    def _check_proposed(self, start, by_client=False):
        """Raise unless the session could be moved there.

        :param bool by_client: by the rules for clients
        """
        self.ensure_one()
        request = self._prepare_move_request(start, by_client=by_client)
        times = self._prepare_session_times(request)
        if (
            times["busy_start"] < self.busy_stop
            and self.busy_start < times["busy_stop"]
        ):
            raise UserError(
                self.env._(
                    "%(start)s overlaps the session itself, which keeps its time"
                    " meanwhile. Choose another time, or write a message.",
                    start=self._format_time(start),
                )
            )
        self._check_booking(request)
        self._check_free([request], exclude=self)

    def _get_open_proposal(self):
        """Return what is proposed for this session and not answered, if anything."""
        self.ensure_one()
        return self.env["coaching.proposal"].search(
            [("session_id", "=", self.id), ("state", "=", "open")], limit=1
        )

    def action_view_proposals(self):
        """Open what was proposed for this session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_proposal_action"
        )
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {}
        return action

    # === HOOKS === #

    def _get_wanted_at(self):
        proposals = self.env["coaching.proposal"].search(
            [("session_id", "in", self.ids), ("state", "=", "open")]
        )
        asked = {one.session_id: one._get_client_asked_at() for one in proposals}
        return {
            **super()._get_wanted_at(),
            **{session: moment for session, moment in asked.items() if moment},
        }

    @api.model
    def _post_move(self, moves):
        result = super()._post_move(moves)
        self.env["coaching.proposal"]._withdraw_for(self._get_moving(moves))
        return result
