from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import check_there, parse_text, parse_time, without_defaults
from ..session.lifecycle import BLOCKING_STATES, get_act


class CoachingAttendance(models.Model):
    """Closing out, and closing again to correct (R1-R10, R15-R28, R138)."""

    _inherit = "coaching.attendance"

    def action_close(
        self,
        outcome_code,
        note="",
        actual_start=None,
        actual_stop=None,
        notice_at=None,
    ):
        """Record what became of a session; again, to correct it (R1-R7, R14).

        Everything that follows is looked up in the policy and posted in the same
        transaction. Closing with the outcome that is there already posts nothing
        again.

        :param str outcome_code: code of a ``coaching.outcome``
        :param str note: what happened; required by some outcomes
        :param actual_start: when the session really began, naive UTC
        :param actual_stop: when it really ended, naive UTC
        :param notice_at: when a cancellation was told, naive UTC; early or late and
            the tier follow from it (else from this moment)
        :return: True
        :raise UserError: when the outcome can't be, or a make-up it gave is used
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        check_there(self)
        self.session_id._check_staff()
        # sudo: rights were checked; nobody writes attendances by hand. The defaults of
        # a dialog are not those of what is posted.
        without_defaults(self.sudo())._close(
            parse_text(self.env, outcome_code),
            note=parse_text(self.env, note),
            actual_start=parse_time(self.env, actual_start),
            actual_stop=parse_time(self.env, actual_stop),
            notice_at=parse_time(self.env, notice_at),
        )
        return True

    def _close(
        self,
        outcome_code,
        note="",
        actual_start=None,
        actual_stop=None,
        uses_session=None,
        message="",
        notice_at=None,
        quiet=False,
    ):
        """Close and post what follows, for attendances of any sessions.

        :param bool uses_session: overrides the policy unless None
        :param str message: sentence for the client's email
        :param notice_at: when a cancellation was told, naive UTC
        :param bool quiet: the caller tells the clients
        """
        self._check_actual_times(actual_start, actual_stop)
        closings = self._prepare_closings(outcome_code, note, uses_session, notice_at)
        closed = self.browse().union(*(changed for changed, _values in closings))
        before = {
            attendance: (
                attendance.state,
                attendance.outcome_id,
                attendance.closed_by_id,
            )
            for attendance in closed
        }
        back = closed.filtered(lambda attendance: not attendance._is_blocking())
        if back:
            self.session_id._take_turns(back.coach_id, back.partner_id)
        # one savepoint: a correction can bring a session back into a time that was
        # booked since, or need a make-up back that is used; then nothing is done
        with self.session_id._readable_conflicts():
            for changed, values in closings:
                changed.write(values)
            self._write_actual_times(actual_start, actual_stop)
            self.flush_recordset()
            self.session_id.flush_recordset()
            if closed:
                closed._free_places()
                closed._post_consequences()
            self._write_note(note)
        if closed and not quiet:
            closed._notify_closing(before, message)
        if closed:
            closed._log_closing(before)

    def _prepare_closings(self, outcome_code, note, uses_session, notice_at):
        """Return pairs of attendances that change and the values they are closed with.

        Those that have this outcome already are left out: a double click, or the same
        answer given again, posts nothing and keeps what was decided at the time, even
        if the policy is another one today. Raises as ``action_close`` does, before
        anything is written.
        """
        by_values = {}
        self.company_id._fetch_coaching()
        for company, in_company in self.grouped("company_id").items():
            outcome = self.env["coaching.outcome"]._get_by_code(outcome_code, company)
            in_company._check_outcome_possible(outcome, note, notice_at)
            changed = in_company.filtered(
                lambda attendance, outcome=outcome: attendance.outcome_id != outcome
                or (
                    outcome.before_start
                    and notice_at
                    and notice_at != attendance.notice_at
                )
            )
            judged = changed._judge(outcome, notice_at, uses_session)
            for attendance, values in judged.items():
                values = attendance._prepare_close_values(outcome, values, note)
                # what is closed the same way is written in one go
                same = by_values.setdefault(tuple(values.items()), [])
                same.append(attendance.id)
        return [(self.browse(ids), dict(values)) for values, ids in by_values.items()]

    def _write_note(self, note):
        """Keep a note that was given to what has this outcome already."""
        noted = self.filtered(
            lambda attendance: note and attendance.outcome_note != note
        )
        if noted:
            noted.write({"outcome_note": note})
            self.env["coaching.session.log"]._add("note", dict.fromkeys(noted, note))

    def _prepare_close_values(self, outcome, judged, note):
        """Return the values this attendance is closed with; a hook.

        :param outcome: ``coaching.outcome``
        :param dict judged: what follows, of ``_judge``
        """
        self.ensure_one()
        return {
            **judged,
            "outcome_id": outcome.id,
            "state": outcome.state,
            "outcome_note": note or False,
            "remunerated": self.booking_type_id.remunerated,
            "closed_by_id": self.env.uid,
            "closed_at": self.env["coaching.session"]._now(),
        }

    def _check_actual_times(self, actual_start, actual_stop):
        """Raise when a session would have ended before it started."""
        if actual_start and actual_stop and actual_stop <= actual_start:
            raise UserError(
                self.env._("The session must end after it starts. Correct the times.")
            )

    def _check_outcome_possible(self, outcome, note, notice_at=None):
        """Raise when these sessions can't have ended that way.

        :param outcome: ``coaching.outcome``
        """
        if outcome.note_required and not (note or "").strip():
            raise UserError(
                self.env._(
                    "“%(outcome)s” needs a note. Write what happened.",
                    outcome=outcome.name,
                )
            )
        now = self.env["coaching.session"]._now()
        if notice_at and notice_at > now:
            raise UserError(
                self.env._("The cancellation can't be in the future. Correct its time.")
            )
        for attendance in self:
            if attendance.start > now and not outcome.before_start:
                raise UserError(
                    self.env._(
                        "%(session)s has not begun, so it can't be closed as"
                        " “%(outcome)s”. Cancel it, or wait until it has taken place.",
                        session=attendance.session_id.display_name,
                        outcome=outcome.name,
                    )
                )

    def _write_actual_times(self, actual_start, actual_stop):
        """Keep when the sessions really took place, forget it if they did not."""
        times = {"actual_start": actual_start, "actual_stop": actual_stop}
        times = {name: moment for name, moment in times.items() if moment}
        if times:
            self.session_id.write(times)
        else:
            self.session_id.filtered(
                lambda session: session.state != "completed"
                and (session.actual_start or session.actual_stop)
            ).write({"actual_start": False, "actual_stop": False})

    def _free_places(self):
        """Give seats back and free the calendar for what did not take place."""
        changed = freed = self.env["coaching.session"]
        now = changed._now()
        for session in self.session_id:
            taken = len(session.attendance_ids.filtered(lambda a: a._is_blocking()))
            if taken < session.seats_taken and session.start > now:
                freed |= session
            if session.seats_taken != taken:
                session.seats_taken = taken
                changed |= session
        changed._update_projections()
        if freed:
            freed._on_time_freed()

    # === CONSEQUENCES === #

    def _post_consequences(self):
        """Post what follows from the outcome; addons extend it for their ledger.

        Called after closing and after correcting. Each ledger compares what should
        stand with what stands, and posts the difference: nothing is edited, and
        posting twice posts nothing the second time.
        """

    def _log_closing(self, before):
        """Write into the log what was recorded, by whom, and what it replaces (R10).

        :param dict before: attendance → its state, outcome and who closed it till now
        """
        Log = self.env["coaching.session.log"]
        acts = self.grouped(lambda one: get_act(before[one][0], one.state))
        for act in sorted(acts):
            Log._add(
                act,
                {
                    attendance: " ".join(attendance._get_log_sentences(before))
                    for attendance in acts[act]
                },
            )

    def _get_log_sentences(self, before):
        """Return what the log says about a closing beside the outcome."""
        self.ensure_one()
        _state, outcome, closed_by = before[self]
        sentences = [self.outcome_note] if self.outcome_note else []
        if outcome:
            sentences.append(
                self.env._(
                    "It was “%(old)s”, recorded by %(who)s.",
                    old=outcome.name,
                    who=closed_by.name,
                )
            )
        if self.policy_overridden:
            sentences.append(
                self.env._("Policy overridden: the session is used.")
                if self.uses_session
                else self.env._(
                    "Policy overridden: the session is returned to the package."
                )
            )
        if self.clock_overridden:
            sentences.append(
                self.env._(
                    "The notice was %(hours).1f hours, which does not match.",
                    hours=max(self.notice_hours, 0.0),
                )
            )
        if self.excused:
            sentences.append(self.env._("Excused by the client's allowance."))
        return sentences

    def _notify_closing(self, before, message=""):
        """Tell the client about a cancellation or a missed session.

        Once: not again when only the reason is corrected.

        :param dict before: attendance → its state, outcome and who closed it till now
        """
        now = self.env["coaching.session"]._now()
        Notification = self.env["coaching.notification"]
        cancelled = self.filtered(
            lambda attendance: not attendance._is_blocking()
            and before[attendance][0] in BLOCKING_STATES
            and attendance.start > now
        )
        Notification._queue(cancelled, "cancelled", message)
        missed = self.filtered(
            lambda attendance: attendance.state == "no_show"
            and before[attendance][0] != "no_show"
        )
        Notification._queue(missed, "no_show", message)
