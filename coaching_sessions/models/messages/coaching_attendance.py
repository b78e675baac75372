from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.arguments import parse_text, without_defaults

MESSAGE_LENGTH = 5000
# a client's, to all coaches together; staff writes to whole groups
MESSAGES_PER_HOUR = 10


class CoachingAttendance(models.Model):
    """Coach and client write to each other about a session (R43, R47)."""

    _inherit = "coaching.attendance"

    def action_send_message(self, body):
        """Send a message about this session to the other side by email (R43, R47).

        Clients write to their coach; the coach or a manager to the client. It is kept
        in the session's log, and an answer goes to who wrote it.

        :param str body: plain text of at most 5000 characters
        :return: True
        :raise UserError: without a text, when the other side has no email address, and
            for a client who wrote ten messages within an hour
        :raise AccessError: unless the user is the client, the coach or a manager
        """
        self.ensure_one()
        self.check_access("read")
        is_client = self.partner_id == self.env.user.partner_id
        if not is_client:
            self.session_id._check_staff()
        body = parse_text(self.env, body).strip()
        if not body:
            raise UserError(self.env._("Write a message first."))
        if len(body) > MESSAGE_LENGTH:
            raise UserError(
                self.env._(
                    "The message is too long. Write at most %(limit)s characters.",
                    limit=MESSAGE_LENGTH,
                )
            )
        if is_client:
            self._check_message_rate()
        # sudo: rights were checked; nobody writes emails and logs by hand
        attendance = without_defaults(self.sudo())
        coach = attendance.coach_id.partner_id
        attendance._send_message(body, coach if is_client else attendance.partner_id)
        return True

    def _check_message_rate(self):
        """Raise when the user has written as many messages as clients may in an hour.

        Several at one moment may be one more each; it keeps from flooding, no more.
        """
        # sudo: counting the user's own messages
        written = (
            self.env["coaching.session.log"]
            .sudo()
            .search_count(
                [
                    ("attendance_id.partner_id", "=", self.env.user.partner_id.id),
                    ("user_id", "=", self.env.uid),
                    ("action", "=", "message"),
                    ("date", ">", self.session_id._now() - timedelta(hours=1)),
                ],
                limit=MESSAGES_PER_HOUR,
            )
        )
        if written >= MESSAGES_PER_HOUR:
            raise UserError(
                self.env._(
                    "You wrote %(count)s messages within an hour. Wait a little, then"
                    " write again.",
                    count=MESSAGES_PER_HOUR,
                )
            )

    def _send_message(self, body, recipient):
        """Queue the email and keep what was written, for who asks later."""
        self.ensure_one()
        if not recipient.email:
            raise UserError(
                self.env._(
                    "%(name)s has no email address, so the message can't be sent."
                    " Ask the office to add one.",
                    name=recipient.name,
                )
            )
        self.env["coaching.notification"]._queue_rows(
            [
                {
                    "attendance_id": self.id,
                    "company_id": self.company_id.id,
                    "partner_id": recipient.id,
                    "kind": "message",
                    "message": body,
                    "session_start": self.start,
                }
            ]
        )
        self.env["coaching.session.log"]._add("message", {self: body})

    def _get_message_draft(self):
        """Return what a coach may want to write, in the client's language and zone.

        After a missed session: an offer to find another time (R43).
        """
        self.ensure_one()
        client = self.partner_id
        attendance = self.with_context(lang=client.lang or self.env.lang)
        if self.state != "no_show":
            return attendance.env._("Hello %(client)s,\n\n", client=client.name)
        tz = client.tz or self.coach_id.tz
        sentences = [
            attendance.env._(
                "You missed your session on %(time)s.",
                time=attendance.session_id._format_time(self.start, tz=tz),
            )
        ]
        makeup = self.makeup_id
        if makeup.state == "issued" and makeup.expiry_date:
            sentences.append(
                attendance.env._(
                    "You can make up for it with one free session until %(date)s.",
                    date=format_date(attendance.env, makeup.expiry_date),
                )
            )
        sentences.append(
            attendance.env._(
                "If you would like another time, reply to this message and tell us"
                " when would suit you."
            )
        )
        greeting = attendance.env._("Hello %(client)s,", client=client.name)
        return f"{greeting}\n\n{' '.join(sentences)}"

    def action_open_message(self):
        """Open the dialog that writes to this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_message_action"
        )
        action["context"] = {"default_attendance_id": self.id}
        return action
