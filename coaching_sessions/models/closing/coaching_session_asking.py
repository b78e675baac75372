from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ..base.groups import MANAGER_GROUP
from ..time.locks import SKIP_LOCKED_SESSION

# What ended longer ago than this is left to people: neither a flood of emails nor
# closings nobody expects, when the addon is installed or a setting is changed.
LOOK_BACK = timedelta(days=7)


class CoachingSession(models.Model):
    """When a session is over, the coach is asked whether it took place.

    R11-R14, R31; for booking types that ask, the others complete by themselves.
    """

    _inherit = "coaching.session"

    asked_at = fields.Datetime(
        string="Asked at",
        readonly=True,
        copy=False,
        groups="coaching_sessions.group_coaching_coach",
        help="When the coach was asked whether the session took place.",
    )
    reminded_at = fields.Datetime(
        string="Reminded at",
        readonly=True,
        copy=False,
        groups="coaching_sessions.group_coaching_coach",
    )
    awaiting_age = fields.Char(
        string="Waiting for",
        compute="_compute_awaiting_age",
        groups="coaching_sessions.group_coaching_coach",
        help="Time since the session ended.",
    )

    # what is over and open is little; what is to come lies behind it
    _over_index = models.Index("(stop) WHERE state = 'scheduled'")

    @api.depends("state", "stop")
    @api.depends_context("lang")
    def _compute_awaiting_age(self):
        for session in self:
            session.awaiting_age = session.awaiting_update and self._format_age(
                session.stop
            )

    @api.model
    def _format_age(self, moment):
        """Return how long ago a moment was, in the user's words: 3 days."""
        locale = babel_locale_parse(get_lang(self.env).code)
        # full days once there are two, hours until then
        return format_timedelta(self._now() - moment, threshold=2, locale=locale)

    def write(self, vals):
        # who may not change the time is told so by super
        if "stop" in vals and self.env.su:
            # another time is another question
            vals = {**vals, "asked_at": False, "reminded_at": False}
        return super().write(vals)

    # === ASKING === #

    @api.model
    def _cron_ask(self, limit=200):
        """Ask coaches whether their sessions took place, and remind them once.

        :param int limit: sessions of one transaction
        """
        for kind, take in (
            ("ask", self._take_to_ask),
            ("remind", self._take_to_remind),
        ):
            while True:
                sessions = take(limit)
                sessions._queue_questions(kind)
                full = len(sessions) == limit
                time_left = self.env["ir.cron"]._commit_progress(
                    len(sessions), remaining=int(full)
                )
                if not time_left:
                    return
                if not full:
                    break

    @api.model
    def _take_to_ask(self, limit):
        """Mark sessions that just ended as asked about, and return them."""
        now = self._now()
        return self._take_over(
            SQL("asked_at"),
            SQL(
                """
                session.stop <= %(now)s AND session.stop > %(oldest)s
                AND session.asked_at IS NULL AND session.reminded_at IS NULL
                """,
                now=now,
                oldest=now - LOOK_BACK,
            ),
            limit,
        )

    @api.model
    def _take_to_remind(self, limit):
        """Mark sessions that are open long after asking, and return them.

        If asking was late, the coach is reminded after half of the time.
        """
        now = self._now()
        wait = SQL("company.coaching_reminder_hours * interval '1 hour'")
        return self._take_over(
            SQL("reminded_at"),
            SQL(
                """
                session.stop <= %(now)s AND session.asked_at IS NOT NULL
                AND session.reminded_at IS NULL
                AND company.coaching_reminder_hours > 0
                AND session.stop <= %(now)s::timestamp - %(wait)s
                AND session.stop > %(oldest)s::timestamp - %(wait)s
                AND session.asked_at <= %(now)s::timestamp - %(wait)s / 2
                """,
                now=now,
                oldest=now - LOOK_BACK,
                wait=wait,
            ),
            limit,
        )

    @api.model
    def _take_over(self, column, condition, limit):
        """Set a column to now on sessions that are over, and return these sessions.

        One statement decides and writes: of two that run at once, each session is the
        business of one.

        :param SQL column: what is set
        :param SQL condition: on ``session``, ``company`` and ``booking_type``
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE coaching_session SET %(column)s = %(now)s
                 WHERE id IN (
                       SELECT session.id
                         FROM coaching_session AS session
                         JOIN coaching_booking_type AS booking_type
                           ON booking_type.id = session.booking_type_id
                         JOIN res_company AS company
                           ON company.id = session.company_id
                        WHERE session.state = 'scheduled'
                          AND booking_type.after_session = 'ask'
                          AND %(condition)s
                        ORDER BY session.stop
                        LIMIT %(limit)s
                          %(lock)s)
                RETURNING id
                """,
                column=column,
                now=self._now(),
                condition=condition,
                limit=limit,
                lock=SKIP_LOCKED_SESSION,
            )
        )
        sessions = self.browse(row[0] for row in self.env.cr.fetchall())
        sessions.invalidate_recordset(["asked_at", "reminded_at"], flush=False)
        return sessions

    def _queue_questions(self, kind):
        """Note that coaches are to be asked by email about these sessions.

        :param str kind: ``ask`` or ``remind``
        """
        asked = self.filtered(lambda session: session.coach_id.partner_id.email)
        if asked:
            self.env["coaching.notification"]._queue_rows(
                [
                    {
                        "session_id": session.id,
                        "company_id": session.company_id.id,
                        "partner_id": session.coach_id.partner_id.id,
                        "kind": kind,
                        "session_start": session.start,
                    }
                    for session in asked
                ]
            )

    def _get_confirm_url(self):
        """Return where the coach says what happened; empty without a way in (R13).

        A hook: the portal has a page for coaches who are not internal users.
        """
        self.ensure_one()
        user = self.coach_id.user_id
        if not user or user.share:
            return ""
        # this page asks for the password where needed, and changes to the company
        return (
            f"{self.get_base_url()}/mail/view?model=coaching.session&res_id={self.id}"
        )

    # === AWAITING UPDATES === #

    @api.model
    def _get_awaiting_action(self):
        """Return the window with the sessions that wait for an outcome (R31).

        Managers see them coach by coach.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action_awaiting"
        )
        if self.env.user.has_group(MANAGER_GROUP):
            action["context"] = {"search_default_group_coach": 1}
        return action
