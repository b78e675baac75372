from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.arguments import parse_text, without_defaults
from ...tools.coach_time import TABLE
from ..catalog.coaching_outcome import CODES_BY_CLOCK

SCOPES = [
    ("one", "This session only"),
    ("following", "This and the following sessions"),
    ("all", "All sessions of the series"),
]
# outcomes that follow from the clock
# how far from everything a row is inserted that is only tried out
PROBED = timedelta(days=365 * 900)


def _insert_bare(model, values):
    """Insert a row without anything that follows from one, and return its id."""
    required = [
        name for name, field in model._fields.items() if field.required and field.store
    ]
    values = {**model.sudo().default_get(required), **values}
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in values),
            tuple(values.values()),
        )
    )
    return model.env.cr.fetchone()[0]


class CoachingSession(models.Model):
    """A session that is one of a series, and what is done from it (R109-R117)."""

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
        help="When the series has it; other than the start where it was moved alone.",
    )
    series_position = fields.Char(
        string="Of the series",
        compute="_compute_series_position",
        help="The how-manieth session of its series.",
    )

    _series_once = models.UniqueIndex(
        "(series_id, series_number) WHERE series_id IS NOT NULL"
        " AND state IN ('scheduled', 'completed', 'no_show')",
        "This time of the series is booked already.",
    )
    _check_series = models.Constraint(
        "CHECK (series_id IS NULL OR (series_number > 0 AND series_start IS NOT NULL))",
        "A session of a series has its number.",
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

    # === BOOKING === #

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

    @api.model
    def _find_lost(self, requests):
        """Return which times somebody has taken since we looked, as sentences.

        The transaction sees the database as it was: what others have committed can't
        be looked up, only run into. So a row that is no session yet, with its clients,
        goes from time to time for the constraints to judge, and vanishes again.

        :param list requests: ``BookingRequest``, alike but for the time
        :return: list of sentences, None where nobody was quicker
        """
        messages = []
        with self.env.cr.savepoint() as tried:
            self.env["coaching.hold"]._make_room(requests)
            session_id = self._insert_probe(requests[0])
            for request in requests:
                messages.append(self._try_time(session_id, request))
            tried.rollback()
        return messages

    @api.model
    def _insert_probe(self, request):
        """Insert a session with its clients, where nothing is, and return its id."""
        times = {
            name: moment - PROBED
            for name, moment in self._prepare_session_times(request).items()
        }
        coach = request.coach
        values = {
            "booking_type_id": request.booking_type.id,
            "coach_id": coach.id,
            "company_id": coach.company_id.id,
            "state": "scheduled",
        }
        session_id = _insert_bare(
            self, {**values, **times, "name": "/", "seats": 1, "seats_taken": 0}
        )
        for partner in request.partners:
            _insert_bare(
                self.attendance_ids,
                {
                    **values,
                    "session_id": session_id,
                    "partner_id": partner.id,
                    "start": times["start"],
                    "stop": times["stop"],
                },
            )
        return session_id

    @api.model
    def _try_time(self, session_id, request):
        """Return who was quicker at a time, None if nobody was."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """
                    UPDATE coaching_session
                       SET start = %(start)s, stop = %(stop)s,
                           busy_start = %(busy_start)s, busy_stop = %(busy_stop)s
                     WHERE id = %(session)s;
                    UPDATE coaching_attendance SET start = %(start)s, stop = %(stop)s
                     WHERE session_id = %(session)s
                    """,
                    {"session": session_id, **self._prepare_session_times(request)},
                )
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.table_name in (self._table, TABLE):
                return self._get_coach_taken_message(request)
            return self._get_client_taken_message(request)
        return None

    # === WHICH ONES === #

    def _get_series_scope(self, scope):
        """Return the sessions of a series that something is about.

        :param str scope: one of ``SCOPES``
        :raise UserError: for anything else, and what is not part of a series
        """
        self.ensure_one()
        if scope not in [code for code, _name in SCOPES]:
            raise UserError(
                self.env._("It is about one session, the following ones, or all.")
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

        Who stands in for one session does not decide about the others.
        """
        self._check_staff()
        if scope != "one":
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

    # === CANCELLING === #

    def action_cancel_series(
        self, scope="one", reason="", refund="policy", message="", by_client=False
    ):
        """Cancel this session, it and the following ones, or all (R115-R117).

        What is to come is cancelled, early or late by the clock, each with its own
        consequences for the package. With ``all`` also what is over and not closed out;
        that is sent back. What is closed stays as it is. Each client gets one mail.

        :param str scope: ``one``, ``following`` or ``all``
        :param str reason: a code of ``coaching.outcome``, or text that is kept
        :param str refund: ``policy``, ``full`` (sent back) or ``none`` (used)
        :param str message: sentence for the clients, put into the mail
        :param bool by_client: whether the client cancels, each early or late by the
            clock, and the coach only records it; then the reason is text
        :return: dict with ``cancelled``, ``past`` (of these, those that were over) and
            ``kept`` (closed ones, and with ``following`` those that have begun):
            numbers of sessions; and ``message``, the sentence that says so
        :raise UserError: when nothing is left to cancel
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_series_staff(scope)
        reason = parse_text(self.env, reason)
        message = parse_text(self.env, message)
        # as superuser nobody in particular acts, also not the coach
        own = not self.env.su and self.coach_id.user_id == self.env.user
        # sudo: rights were checked, to the whole series where it is about that
        session = without_defaults(self.sudo())
        if scope == "one":
            session.with_env(self.env)._cancel_single(
                reason, refund, message, by_client
            )
            result = {"cancelled": 1, "past": 0, "kept": 0}
        else:
            find_code = by_client and (lambda one: one._get_code_by_clock())
            result = session._cancel_series(
                scope, reason, refund, message, own, find_code
            )
        return {**result, "message": self._get_cancelled_message(**result)}

    def _cancel_single(self, reason, refund, message, by_client):
        """Cancel this session alone, see ``action_cancel_series``."""
        self.ensure_one()
        if by_client:
            self._cancel_one(reason, refund, message, self._get_code_by_clock())
        else:
            self.action_cancel(reason, refund, message)

    def _cancel_series(self, scope, reason, refund, message, own, find_code=None):
        """Cancel sessions of a series; see ``action_cancel_series``.

        :param bool own: whether the coach cancels his own sessions
        :param find_code: function of a session that returns the outcome to cancel it
            with, instead of finding one
        :return: numbers, see ``action_cancel_series``
        """
        sessions = self._get_series_scope(scope)
        now = self._now()
        future, past = self._find_to_cancel(scope)
        attendances = self.attendance_ids.browse()
        for batch in (*future.grouped(lambda one: one._is_early()).values(), past):
            if batch:
                code = find_code and find_code(batch[0])
                attendances |= batch._cancel_batch(
                    reason, refund, message, own, now, code
                )
        self.series_id._close_gaps(min((future | past).mapped("start")))
        self.series_id._end_when_over()
        self.env["coaching.notification"]._queue_series(
            "series_cancelled",
            attendances.filtered(lambda one: one.start > now),
            message,
        )
        kept = sessions.filtered(lambda one: one._is_on()) - future - past
        return {
            "cancelled": len(future | past),
            "past": len(past),
            "kept": len(kept),
        }

    def _find_to_cancel(self, scope):
        """Return what cancelling in a series is about.

        :param str scope: see ``action_cancel_series``
        :return: sessions to come, and those that are over and open, if it is about all
        :raise UserError: when there are none
        """
        still_open = self._get_series_scope(scope).filtered(
            lambda one: one.state == "scheduled"
        )
        future = still_open.filtered(lambda one: one.start > self._now())
        past = still_open - future if scope == "all" else self.browse()
        if not future | past:
            raise UserError(
                self.env._(
                    "Nothing is left to cancel: every session is over or closed."
                )
            )
        return future, past

    def _cancel_batch(self, reason, refund, message, own, now, code=None):
        """Cancel sessions of one coach, all early, all late or all over, at once.

        :return: the attendances that were closed
        """
        sample = self[0]
        note = reason
        if not code:
            code, note = sample._get_cancel_outcome(reason, staff=True, own=own)
        if sample.start <= now and code in CODES_BY_CLOCK:
            # neither early nor late: nobody said so in time, and nobody missed it
            code = "other"
        attendances = self.attendance_ids.filtered(lambda one: one.state == "scheduled")
        attendances._close(
            code,
            note=note or message,
            uses_session=sample._get_refund_override(refund)
            if sample.start > now or refund != "policy"
            else False,
            quiet=True,
        )
        return attendances

    def _get_cancelled_message(self, cancelled, past, kept):
        """Return what became of a series that was cancelled."""
        sentences = [
            self.env._("%(count)s sessions were cancelled.", count=cancelled)
            if cancelled != 1
            else self.env._("One session was cancelled.")
        ]
        if past:
            sentences.append(
                self.env._(
                    "%(count)s of them were over and not closed out; they are sent"
                    " back.",
                    count=past,
                )
            )
        if kept:
            sentences.append(
                self.env._(
                    "%(count)s took place or are closed and stay as they are.",
                    count=kept,
                )
            )
        return " ".join(sentences)

    def action_skip(self, reason=""):
        """Leave this session of a series out; the client loses nothing (R114).

        What was held goes back to the package, whatever the time.

        :param str reason: why, kept with it
        :return: True
        :raise UserError: when it has begun or is closed, or is not part of a series
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        reason = parse_text(self.env, reason)
        # sudo: rights were checked; nobody writes sessions by hand
        session = without_defaults(self.sudo())
        if not session.series_id:
            session._get_series_scope("all")
        session.with_env(self.env)._cancel_one(reason, "full", "", code="other")
        session.series_id._note_gaps(
            [session._prepare_left_out(reason)], kind="skipped", state="ignored"
        )
        return True

    def _prepare_left_out(self, reason):
        """Return this session as an occurrence that is not booked any more."""
        self.ensure_one()
        return {
            "number": self.series_number,
            "start": self.series_start,
            "stop": self.series_start + (self.stop - self.start),
            "conflict": reason,
        }
