import logging

import pytz
import vobject

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .coaching_session import MANAGER_GROUP

_logger = logging.getLogger(__name__)

TEMPLATES = {
    "booked": "coaching_sessions.mail_template_booked",
    "moved": "coaching_sessions.mail_template_moved",
    "cancelled": "coaching_sessions.mail_template_cancelled",
    "no_show": "coaching_sessions.mail_template_no_show",
    "ask": "coaching_sessions.mail_template_ask",
    "remind": "coaching_sessions.mail_template_remind",
    "package_expiring": "coaching_sessions.mail_template_package_expiring",
}


class CoachingNotification(models.Model):
    """A mail that is due, committed together with what it tells.

    Nothing is rendered or sent inside the transaction that books or closes: a cron
    does it right after the commit, and looks first whether it is still true.
    """

    _name = "coaching.notification"
    _description = "Session Mail"
    _order = "id"
    _rec_name = "kind"

    # what it is about: one of these
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recipient",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("booked", "Session booked"),
            ("moved", "Session moved"),
            ("cancelled", "Session cancelled"),
            ("no_show", "Session missed"),
            ("ask", "Did your session happen?"),
            ("remind", "Reminder to close out"),
            ("package_expiring", "Package expires soon"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Text(readonly=True)
    session_start = fields.Datetime(
        readonly=True, help="When the session was to begin as this became due."
    )
    state = fields.Selection(
        selection=[
            ("pending", "To send"),
            ("sent", "Sent"),
            ("skipped", "No longer true"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    error = fields.Char(readonly=True)
    mail_id = fields.Many2one(comodel_name="mail.mail", readonly=True)

    _check_subject = models.Constraint(
        "CHECK (num_nonnulls("
        "attendance_id, session_id, package_id, engagement_id) = 1)",
        "A mail is about one thing.",
    )

    @api.model
    def _get_subject_fields(self):
        """Return the fields of which one says what a mail is about."""
        return ["attendance_id", "session_id", "package_id", "engagement_id"]

    def _get_subject(self):
        """Return the record that this mail is about."""
        self.ensure_one()
        for name in self._get_subject_fields():
            if self[name]:
                return self[name]
        return self.browse()

    @api.model
    def _queue(self, attendances, kind, message=""):
        """Note that clients have to be told something, and wake the cron up.

        :param attendances: ``coaching.attendance``
        :param str kind: one of ``TEMPLATES``
        :param str message: sentence of coach or staff for the client
        """
        if not attendances:
            return
        # in one query, both are needed
        (attendances.partner_id | self.env.user.partner_id).mapped("email")
        self._queue_rows(
            [
                {
                    "attendance_id": attendance.id,
                    "company_id": attendance.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "message": message,
                    "session_start": attendance.start,
                }
                for attendance in attendances
                for partner in attendance._get_recipients(kind)
            ]
        )

    @api.model
    def _queue_rows(self, vals_list):
        """Note mails that are due, whatever they are about, and wake the cron up.

        :param list vals_list: values with one of ``_get_subject_fields``, the company,
            the recipient and the kind
        """
        self.create(vals_list)
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "coaching_sessions.ir_cron_send_notifications", raise_if_not_found=True
        )
        self.env["ir.cron"].browse(cron_id)._trigger()

    @api.model
    def _cron_send(self, limit=100):
        """Send what is due, each in a transaction of its own.

        :param int limit: mails of one run; the cron comes back for the rest
        """
        domain = [("state", "=", "pending")]
        pending = self.search(domain, limit=limit)
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        for notification in pending:
            try:
                with self.env.cr.savepoint():
                    notification._send()
            except Exception as error:  # one bad address must not stop the others
                _logger.exception("Mail %s of coaching failed", notification.id)
                notification.write({"state": "failed", "error": str(error)})
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def action_retry(self):
        """Send again what failed, for instance after correcting an address."""
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can send mails again."))
        # sudo: the right was checked; nobody writes these rows by hand
        failed = self.sudo().filtered(lambda mail: mail.state == "failed")
        failed.write({"state": "pending", "error": False})
        if failed:
            self.env.ref(
                "coaching_sessions.ir_cron_send_notifications"
            ).sudo()._trigger()

    def _send(self):
        """Render the mail and hand it over to Odoo's mail queue."""
        self.ensure_one()
        if not self._is_still_true():
            self.state = "skipped"
            return
        template = self.env.ref(TEMPLATES[self.kind])
        mail_id = template.send_mail(
            self.id,
            email_values={"attachment_ids": self._create_attachments()},
        )
        self.write({"state": "sent", "mail_id": mail_id})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _is_still_true(self):
        """Return whether the session still is what the mail says."""
        self.ensure_one()
        if self.kind in ("ask", "remind"):
            session = self.session_id
            return (
                session.state == "scheduled"
                and session.stop <= session._now()
                and session.start == self.session_start
            )
        attendance = self.attendance_id
        if self.kind == "package_expiring":
            # one that was extended since is told about anew when it is time
            return self.package_id.expiry_notified and self.package_id.expires_soon
        if self.kind in ("booked", "moved"):
            return (
                attendance.state == "scheduled"
                and attendance.start == self.session_start
            )
        if self.kind == "cancelled":
            return not attendance._is_blocking()
        return attendance.state == self.kind

    def _create_attachments(self):
        """Return attachment ids: the entry for the client's calendar."""
        self.ensure_one()
        if self.kind not in ("booked", "moved"):
            return []
        attachment = self.env["ir.attachment"].create(
            {
                "name": "session.ics",
                "mimetype": "text/calendar",
                "raw": self._get_ics().encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return attachment.ids

    def _get_ics(self):
        """Return the calendar entry; the same UID lets a later one replace it.

        Not the calendar event's own file: that one names every client of a group.
        """
        self.ensure_one()
        attendance = self.attendance_id
        calendar = vobject.iCalendar()
        event = calendar.add("vevent")
        # sudo: the database's public name, to make the entry's name unique
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        event.add("uid").value = f"coaching-session-{attendance.session_id.id}@{uuid}"
        event.add("dtstamp").value = pytz.utc.localize(fields.Datetime.now())
        event.add("dtstart").value = pytz.utc.localize(attendance.start)
        event.add("dtend").value = pytz.utc.localize(attendance.stop)
        event.add("summary").value = self.env._(
            "%(booking_type)s with %(coach)s",
            booking_type=attendance.booking_type_id.name,
            coach=attendance.coach_id.name,
        )
        return calendar.serialize()

    def _get_local_start(self):
        """Return the start of the session as text in the reader's zone and language.

        Empty for a mail about anything else: who edits a template has it rendered for
        the first row there is, whatever that is about.
        """
        self.ensure_one()
        subject = self.session_id or self.attendance_id
        if not subject:
            return ""
        tz = self.partner_id.tz or subject.coach_id.tz or "UTC"
        moment = self.env["ir.qweb.field.datetime"].value_to_html(
            subject.start,
            {"tz_name": tz, "hide_seconds": True, "format": "EEEE d MMMM y, HH:mm"},
        )
        return f"{moment} ({tz})"
