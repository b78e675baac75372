import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# How long an email lies that waits for something before it is looked at again.
LOOK_AGAIN = timedelta(minutes=5)


def get_subject_fields(model):
    """Return the names of the fields of a model that say what a row is about."""
    return sorted(
        name
        for name, field in model._fields.items()
        if getattr(field, "is_subject", False)
    )


class SubjectConstraint(models.Constraint):
    """One of the fields that say what an email is about is set, wherever declared."""

    def __init__(self, message):
        super().__init__("", message)

    def get_definition(self, registry):
        names = get_subject_fields(registry["coaching.notification"])
        return f"CHECK (num_nonnulls({', '.join(names)}) = 1)"


class CoachingNotification(models.Model):
    """An email that is due, committed together with what it tells.

    Nothing is rendered or sent inside the transaction that books or closes: a cron
    does it right after the commit, and looks first whether it is still true.

    The outbox knows what it is about as little as what it says: who owns an email adds
    its kind, in the file ``coaching_notification.py`` of its folder:

    * add it to ``kind`` with ``selection_add``,
    * where nobody did so yet, add the field of what it is about: a many2one with
      ``is_subject=True``, of which exactly one is set in each row,
    * name its template in ``_get_templates``; its model is ``coaching.notification``
      and it must render for every row, whatever that is about,
    * name in ``_get_checks`` the method that says whether the email still is true as it
      is sent; one without a check is always sent,
    * queue rows with ``_queue`` (clients of attendances and their coach, chosen by
      ``coaching.attendance._get_recipients``) or ``_queue_rows``,
    * extend ``_is_due`` where it has to wait for something,
      ``_create_attachments`` where something goes with it, and
      ``_get_kinds_with_entry`` where an entry for the calendar belongs to it.

    To add a channel: ``selection_add`` on ``channel`` here and on
    ``coaching.reminder``, and a method ``_deliver_<channel>``.
    """

    _name = "coaching.notification"
    _description = "Notification"
    _order = "id"
    _rec_name = "kind"

    # what it is about: one of these, or of those that others add
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    listed_attendance_ids = fields.Many2many(
        comodel_name="coaching.attendance",
        relation="coaching_notification_listed_rel",
        string="Sessions",
        readonly=True,
        help="The sessions in one email.",
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
        ],
        required=True,
        readonly=True,
    )
    channel = fields.Selection(
        selection=[("email", "Email")],
        string="By",
        required=True,
        readonly=True,
        default="email",
    )
    message = fields.Text(readonly=True)
    session_start = fields.Datetime(
        string="Session start",
        readonly=True,
        help="Start of the session when this became due.",
    )
    state = fields.Selection(
        string="Status",
        selection=[
            ("pending", "To send"),
            ("sent", "Sent"),
            ("skipped", "No longer relevant"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    error = fields.Char(readonly=True)
    not_before = fields.Datetime(
        string="Not before",
        readonly=True,
        help="Waiting; it is checked again at this time.",
    )
    mail_id = fields.Many2one(
        string="Email", comodel_name="mail.mail", readonly=True, index="btree_not_null"
    )
    old_start = fields.Datetime(
        string="Start until then",
        readonly=True,
        help="Start of the session that the reader was told last.",
    )

    _check_subject = SubjectConstraint("An email needs exactly one subject record.")

    def _valid_field_parameter(self, field, name):
        return name == "is_subject" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_subject_fields(self):
        """Return the fields of which one says what an email is about."""
        return get_subject_fields(self)

    def _get_subject(self):
        """Return the record that this email is about."""
        self.ensure_one()
        subjects = (self[name] for name in self._get_subject_fields())
        return next(filter(None, subjects), self.browse())

    def _get_attendances(self):
        """Return the attendances this tells of, none where it is of something else."""
        self.ensure_one()
        return self.listed_attendance_ids or self.attendance_id

    # === HOOKS === #

    @api.model
    def _get_templates(self):
        """Return the email template of each kind; a hook.

        :return: dict of kind → XML id of a ``mail.template``
        """
        return {
            kind: f"coaching_sessions.mail_template_{kind}"
            for kind in (
                "booked",
                "moved",
                "cancelled",
                "no_show",
            )
        }

    def _is_due(self):
        """Return whether this can be sent now, or waits for something; a hook.

        Whoever extends it has to make an end to the waiting. What waits is looked at
        again every few minutes.
        """
        self.ensure_one()
        return True

    def _create_attachments(self):
        """Return the ids of new attachments that go with it by email; a hook."""
        self.ensure_one()
        return []

    # === SENDING === #

    @api.model
    def _cron_send(self, limit=100):
        """Send what is due, each in a transaction of its own.

        :param int limit: emails of one run; the cron comes back for the rest
        """
        domain = [
            ("state", "=", "pending"),
            "|",
            ("not_before", "=", False),
            ("not_before", "<=", self.env["coaching.session"]._now()),
        ]
        pending = self.search(domain, limit=limit)
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        for notification in pending:
            try:
                with self.env.cr.savepoint():
                    notification._send()
            except Exception as error:  # one bad address must not stop the others
                _logger.exception("Email %s of coaching failed", notification.id)
                notification.write({"state": "failed", "error": str(error)})
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _send(self):
        """Send it unless it is no longer true, or has to wait."""
        self.ensure_one()
        if not self._is_still_true():
            self.state = "skipped"
            self._pass_on()
        elif not self._is_due():
            self.not_before = self.env["coaching.session"]._now() + LOOK_AGAIN
            self._wake_cron(self.not_before)
        else:
            self._deliver()

    def _deliver(self):
        """Hand it over to Odoo by its channel; a hook."""
        self.ensure_one()
        getattr(self, f"_deliver_{self.channel}")()

    def _deliver_email(self):
        """Render the email and hand it over to Odoo's email queue."""
        self.ensure_one()
        template = self.env.ref(self._get_templates()[self.kind])
        mail_id = template.send_mail(
            self.id,
            email_values={"attachment_ids": self._create_attachments()},
        )
        self.write({"state": "sent", "mail_id": mail_id})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
