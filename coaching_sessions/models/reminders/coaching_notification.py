from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = {
    "reminder": "Reminder",
    "reminder_coach": "Reminder to the coach",
}


class CoachingNotification(models.Model):
    """Reminders of sessions to come (R133).

    One statement finds what is due and queues it, and a unique index sees to it that
    nobody is reminded twice. Whether the session still takes place at that time is
    looked at as the reminder is sent, so that none goes out for one that was
    cancelled or moved meanwhile.
    """

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
    )
    reminder_id = fields.Many2one(
        comodel_name="coaching.reminder", readonly=True, ondelete="restrict"
    )

    # one that is no longer true may become true again: moved there and back
    _reminded_once = models.UniqueIndex(
        "(reminder_id, COALESCE(attendance_id, 0), COALESCE(session_id, 0),"
        " session_start, partner_id)"
        " WHERE reminder_id IS NOT NULL AND state <> 'skipped'",
        "This reminder was already sent.",
    )

    @api.model
    def _get_templates(self):
        own = {kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS}
        return {**super()._get_templates(), **own}

    @api.model
    def _get_checks(self):
        return {**super()._get_checks(), **dict.fromkeys(KINDS, "_is_reminder_true")}

    def _is_reminder_true(self):
        """Return whether the session is to come, then, and to be reminded of."""
        session = self.session_id or self.attendance_id.session_id
        # another coach may take over
        recipient = (self.attendance_id or session.coach_id).partner_id
        return (
            (self.attendance_id or session).state == "scheduled"
            and session.start == self.session_start
            and session.start > session._now()
            and self.reminder_id in session.reminder_ids
            and self.partner_id == recipient
            and recipient.active
        )

    # === WHAT IS DUE === #

    @api.model
    def _cron_remind(self, limit=500):
        """Queue the reminders that are due, however many, a batch a transaction.

        :param int limit: reminders of one transaction
        """
        while True:
            queued = self._queue_reminders(limit)
            full = len(queued) == limit
            time_left = self.env["ir.cron"]._commit_progress(
                len(queued), remaining=int(full)
            )
            if not full or not time_left:
                return

    @api.model
    def _queue_reminders(self, limit):
        """Queue reminders that are due and return them.

        Two runs at the same moment queue each of them once.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO coaching_notification (
                       attendance_id, session_id, company_id, partner_id, kind,
                       channel, reminder_id, session_start, state,
                       create_uid, create_date, write_uid, write_date)
                SELECT due.attendance_id, due.session_id, due.company_id,
                       partner.id, due.kind, due.channel, due.reminder_id,
                       due.start, 'pending',
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(due)s) AS due
                  JOIN res_partner partner ON partner.id = due.partner_id
                 WHERE partner.active AND partner.coaching_no_reminders IS NOT TRUE
                   AND (due.channel <> 'email' OR partner.email <> '')
                   AND NOT EXISTS (
                       SELECT FROM coaching_notification told
                        WHERE told.reminder_id = due.reminder_id
                          AND COALESCE(told.attendance_id, 0)
                              = COALESCE(due.attendance_id, 0)
                          AND COALESCE(told.session_id, 0)
                              = COALESCE(due.session_id, 0)
                          AND told.session_start = due.start
                          AND told.partner_id = due.partner_id
                          AND told.state <> 'skipped')
                 ORDER BY due.start, due.reminder_id
                 LIMIT %(limit)s
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                uid=self.env.uid,
                due=self._get_reminder_query(),
                limit=limit,
            )
        )
        if rows:
            self._wake_cron()
        return self.browse(row[0] for row in rows)

    @api.model
    def _get_reminder_query(self):
        """Return the query of reminders whose time has come, of sessions to come.

        Those of clients by attendance, those of coaches one a session. Of several the
        closest to the session: those before it were sent, or a server that stood still
        would send them all at once. Not when the time was over already as the session
        got its time, or these reminders.
        """
        common = SQL(
            """
              FROM coaching_session session
              JOIN coaching_booking_type booking_type
                ON booking_type.id = session.booking_type_id
              JOIN coaching_coach coach ON coach.id = session.coach_id
              JOIN coaching_attendance attendance
                ON attendance.session_id = session.id
               AND attendance.state = 'scheduled'
              JOIN coaching_reminder reminder ON reminder.active
               AND CASE session.reminder_mode
                   WHEN 'type' THEN EXISTS (
                        SELECT FROM coaching_booking_type_reminder_rel rel
                         WHERE rel.booking_type_id = booking_type.id
                           AND rel.reminder_id = reminder.id)
                   WHEN 'own' THEN EXISTS (
                        SELECT FROM coaching_session_reminder_rel rel
                         WHERE rel.session_id = session.id
                           AND rel.reminder_id = reminder.id)
                   ELSE FALSE END
             WHERE session.state = 'scheduled'
               AND session.start > %(now)s
               AND session.start <= %(now)s + (
                   SELECT max(minutes_before) FROM coaching_reminder WHERE active
                   ) * interval '1 minute'
               AND session.start
                   <= %(now)s + reminder.minutes_before * interval '1 minute'
               AND session.start - reminder.minutes_before * interval '1 minute'
                   > GREATEST(
                       attendance.scheduled_at,
                       CASE session.reminder_mode WHEN 'type'
                            THEN booking_type.reminders_since END,
                       session.reminders_since)
            """,
            now=SQL("%s::timestamp", self.env["coaching.session"]._now()),
        )
        return SQL(
            """
            (SELECT DISTINCT ON (attendance.id, reminder.channel)
                    attendance.id AS attendance_id, NULL::int AS session_id,
                    session.company_id, attendance.partner_id,
                    'reminder' AS kind, reminder.channel,
                    reminder.id AS reminder_id, session.start
             %(common)s AND reminder.recipient = 'client'
              ORDER BY attendance.id, reminder.channel, %(closest)s)
             UNION ALL
            (SELECT DISTINCT ON (session.id, reminder.channel)
                    NULL::int, session.id,
                    session.company_id, coach.partner_id,
                    'reminder_coach', reminder.channel,
                    reminder.id, session.start
             %(common)s AND reminder.recipient = 'coach'
              ORDER BY session.id, reminder.channel, %(closest)s)
            """,
            common=common,
            closest=SQL(
                "reminder.minutes_before, reminder.reconfirm DESC, reminder.id"
            ),
        )

    # === SENDING === #

    def _deliver(self):
        result = super()._deliver()
        if self.kind == "reminder":
            self.env["coaching.session.log"]._add(
                "reminded", {self.attendance_id: self._describe_delivery()}
            )
        return result

    def _describe_delivery(self):
        """Return where a reminder went, for the session's log; a hook."""
        self.ensure_one()
        sent = self.env._("Email to %(address)s.", address=self.partner_id.email)
        # why it was not the channel that was chosen
        return " ".join(filter(None, [sent, self.error]))

    def _fall_back_to_mail(self, reason):
        """Send the email instead of what a channel can't deliver, and keep why.

        :raise UserError: without an email address either
        """
        self.ensure_one()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(reason)s There is no email address either.", reason=reason
                )
            )
        self.write(
            {
                "channel": "email",
                "error": self.env._("%(reason)s Sent by email instead.", reason=reason),
            }
        )
        self._deliver_email()
