from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...tools.arguments import parse_text, parse_time

ANSWERS = {
    "outcome_code",
    "note",
    "actual_start",
    "actual_stop",
    "notice_at",
    "shared_note",
    "private_note",
    "next_step",
    "next_step_date",
    "goal_ids",
    "continue_wish",
    "slot_wish",
    "wish_note",
    "reserve_slot",
    "next_start",
}


class CoachingAttendance(models.Model):
    """The whole form a coach fills in after a session, as one act (R2-R8, R30-R36)."""

    _inherit = "coaching.attendance"

    def action_close_out(self, answers):
        """Close out with everything that is asked afterwards, all or nothing.

        Dialog and portal call it, so that both ask the same and a mistake in one
        answer loses none of the others.

        :param dict answers: ``outcome_code`` and, each optional, ``note``,
            ``actual_start``, ``actual_stop``, ``notice_at`` (naive UTC, see
            ``action_close``); ``shared_note`` and ``private_note`` (HTML or text);
            ``next_step`` with ``next_step_date``; ``goal_ids``; ``continue_wish``
            (``yes``, ``unsure``, ``no``), ``slot_wish`` (``same``, ``different``),
            ``wish_note``, ``reserve_slot`` (True: keep the weekly time for the
            client); ``next_start`` (naive UTC: book the next session)
        :return: dict with ``messages``, sentences for whoever closed, and
            ``next_session_id``, id of the session that was booked or False
        :raise UserError: when an answer can't be, or early and late contradict the
            clock without a note
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        self.ensure_one()
        self.session_id._check_staff()
        self._check_answers(answers)
        self.action_close(
            answers.get("outcome_code"),
            note=answers.get("note"),
            actual_start=answers.get("actual_start"),
            actual_stop=answers.get("actual_stop"),
            notice_at=answers.get("notice_at"),
        )
        self._add_answered_notes(answers)
        return self._go_on(answers)

    def _check_answers(self, answers):
        """Raise when answers are unknown, or override the clock without a word."""
        if not isinstance(answers, dict):
            raise UserError(self.env._("The answers must be a dictionary of values."))
        unknown = set(answers) - ANSWERS
        if unknown:
            raise UserError(
                self.env._(
                    "Unknown value “%(name)s”. Allowed: %(names)s.",
                    name=str(min(unknown, key=str)),
                    names=", ".join(sorted(ANSWERS)),
                )
            )
        # sudo: portal coaches read no outcomes and booking types; the right to close
        # was checked
        attendance = self.sudo()
        outcome = attendance.env["coaching.outcome"]._get_by_code(
            parse_text(self.env, answers.get("outcome_code")), attendance.company_id
        )
        told = attendance._get_notice_at(
            outcome, parse_time(self.env, answers.get("notice_at"))
        )
        note = parse_text(self.env, answers.get("note")).strip()
        if attendance._is_other_than_clock(outcome, told) and not note:
            raise UserError(
                self.env._(
                    "The time of the cancellation does not match “%(outcome)s”. Add"
                    " a note that explains why; the log records who decided it.",
                    outcome=outcome.name,
                )
            )

    def _add_answered_notes(self, answers):
        """Write down notes, the next step and the goals that were touched."""
        for name, private in (("shared_note", False), ("private_note", True)):
            if not is_html_empty(parse_text(self.env, answers.get(name))):
                self.action_add_note(answers[name], private=private)
        if parse_text(self.env, answers.get("next_step")).strip():
            self.action_add_action_item(
                answers["next_step"], answers.get("next_step_date")
            )
        if answers.get("goal_ids") is not None:
            self.action_link_goals(answers["goal_ids"])

    def _go_on(self, answers):
        """Do what the client wants next (R33-R36, R60-R64, R149).

        :return: what ``action_close_out`` returns
        """
        # sudo: rights were checked; a session without engagement is one of old
        attendance = self.sudo()
        engagement = attendance.engagement_id
        result = {"messages": [], "next_session_id": False}
        if not engagement:
            return result
        if any(
            answers.get(name)
            for name in ("continue_wish", "slot_wish", "wish_note", "reserve_slot")
        ):
            engagement._record_wishes(
                attendance,
                answers.get("continue_wish"),
                slot_wish=answers.get("slot_wish"),
                note=answers.get("wish_note") or "",
                reserve=answers.get("reserve_slot"),
            )
        if answers.get("next_start"):
            session = engagement.with_env(self.env).action_book_next(
                answers["next_start"], client_agreed=self._get_agreement(answers)
            )
            result["next_session_id"] = session.id
            result["messages"].append(
                self.env._(
                    "The next session is booked: %(start)s.",
                    start=session._format_time(
                        session.sudo().start, tz=attendance.coach_id.tz
                    ),
                )
            )
        if attendance.session_id.start <= attendance.session_id._now():
            removed = engagement._release_slots(session=attendance.session_id)
            result["messages"] += removed.mapped("removal_message")
        return result

    def _get_agreement(self, answers):
        """Return how the client agreed to the next session, or None (R57)."""
        if answers.get("continue_wish") != "yes":
            return None
        return self.env._(
            "Wanted to continue (asked at the close-out of %(session)s).",
            session=self.session_id.name,
        )

    def action_open_close(self):
        """Open the dialog that closes out, or corrects, this attendance."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_close_action"
        )
        action["context"] = {
            "default_attendance_id": self.id,
            "outcome_code": self.env.context.get("outcome_code"),
        }
        return action
