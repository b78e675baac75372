from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_ids, parse_text
from ...tools.local_time import to_local


class CoachingEngagement(models.Model):
    """Handing a client over to another coach (R67).

    The new coach gets no access to anything of the old one: what was ticked is shown as
    text on the new coach's own engagement.
    """

    _inherit = "coaching.engagement"

    handed_over_from_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Taken over from",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    handed_over_to_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Handed over to",
        readonly=True,
        ondelete="restrict",
    )
    handed_over_at = fields.Datetime(string="Handed over on", readonly=True)
    handed_over_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Handed over by",
        readonly=True,
        ondelete="restrict",
    )
    hand_over_note = fields.Text(string="For the new coach", readonly=True)
    shares_history = fields.Boolean(string="Sessions shared", readonly=True)
    shares_notes = fields.Boolean(string="Notes shared", readonly=True)
    shares_goals = fields.Boolean(string="Goals shared", readonly=True)
    shared_html = fields.Html(
        string="Original session", compute="_compute_shared_html", sanitize=False
    )

    def action_hand_over(
        self,
        coach_id,
        note="",
        share_notes=False,
        share_goals=False,
        end=False,
        share_history=False,
    ):
        """Hand a client over to another coach of the company (R67).

        Client and new coach are told by email; the note goes to the coach only.

        :param int coach_id: the new ``coaching.coach``
        :param str note: what the new coach should know
        :param bool share_notes: whether the new coach may read what happened and the
            shared notes; private notes never
        :param bool share_goals: whether the new coach may read the client's goals
        :param bool end: end the coaching with the current coach
        :param bool share_history: whether the new coach may read which sessions there
            were
        :return: the new coach's ``coaching.engagement``
        :raise UserError: when that coach can't take the client, or the coaching should
            end while sessions are booked
        :raise AccessError: unless the user is the present coach or a manager
        """
        self._check_staff()
        self.ensure_one()
        # sudo: rights were checked; nobody writes engagements by hand
        engagement = self.sudo()
        coach = engagement._get_next_coach(coach_id)
        other = engagement._hand_over(
            coach,
            {
                "hand_over_note": parse_text(self.env, note) or False,
                "shares_notes": bool(share_notes),
                "shares_goals": bool(share_goals),
                "shares_history": bool(share_history),
            },
        )
        if end:
            engagement._end(self.env._("Handed over to %(coach)s.", coach=coach.name))
        return other.with_env(self.env)

    def _get_next_coach(self, coach_id):
        """Return the coach to hand the client over to.

        :raise UserError: when that coach can't take the client
        """
        self.ensure_one()
        check_ids(self.env, coach_id)
        coach = self.env["coaching.coach"].browse(coach_id or ()).exists()
        if not coach or not coach.active or coach.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "This coach does not exist in %(company)s. Choose another coach.",
                    company=self.company_id.name,
                )
            )
        if coach == self.coach_id:
            raise UserError(
                self.env._(
                    "%(client)s already works with %(coach)s. Choose another coach.",
                    client=self.partner_id.name,
                    coach=coach.name,
                )
            )
        return coach

    def _hand_over(self, coach, values):
        """Begin the new coach's engagement, or take it up again.

        :param coach: ``coaching.coach``
        :param dict values: the note and what is shared
        :return: ``coaching.engagement``
        """
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        other, _reopened = self._ensure(
            {
                (self.partner_id.id, coach.id, self.company_id.id): to_local(
                    now, coach.tz
                ).date()
            }
        )
        other.write(
            {
                "handed_over_from_id": self.id,
                "handed_over_to_id": False,
                "handed_over_at": now,
                "handed_over_by_id": self.env.uid,
                **values,
            }
        )
        self.handed_over_to_id = other
        names = {"old": self.coach_id.name, "new": coach.name}
        (self | other)._log(
            self.env._("%(old)s handed the client over to %(new)s.", **names)
        )
        self.env["coaching.notification"]._queue_hand_over(other)
        return other

    # === WHAT THE NEW COACH MAY READ === #

    @api.depends(
        "handed_over_from_id", "shares_history", "shares_notes", "shares_goals"
    )
    def _compute_shared_html(self):
        for engagement in self:
            engagement.shared_html = False
            if engagement.handed_over_from_id:
                # sudo: who reads this engagement reads what was ticked for it
                sections = engagement.sudo()._get_shared_sections()
                engagement.shared_html = self._render_sections(
                    [(title, rows) for title, rows in sections if rows]
                )

    def _get_attendances_before(self):
        """Return what there was with the coach before, until handing over."""
        self.ensure_one()
        return self.handed_over_from_id.attendance_ids.filtered(
            lambda attendance: attendance.state != "scheduled"
            and attendance.start <= self.handed_over_at
        )

    def _get_shared_sections(self):
        """Return what was ticked at handing over, as plain text; a hook.

        Private notes are never in it. Sections without rows are left out.

        :return: list of (title, list of rows of str)
        """
        self.ensure_one()
        if not (self.shares_history or self.shares_notes):
            return []
        coach = self.handed_over_from_id.coach_id
        title = self.env._("Sessions with %(coach)s", coach=coach.name)
        return [(title, self._get_shared_sessions(self._get_attendances_before()))]

    def _get_shared_sessions(self, attendances):
        """Return rows of sessions, with what happened where notes are shared."""
        states = dict(attendances._fields["state"]._description_selection(self.env))
        rows = []
        for attendance in attendances:
            row = [
                attendance.session_id._format_time(
                    attendance.start, attendance.coach_id.tz
                ),
                attendance.booking_type_id.name,
                states[attendance.state],
            ]
            if self.shares_notes:
                row.append(attendance.outcome_note or "")
            rows.append(row)
        return rows

    @api.model
    def _render_sections(self, sections):
        """Return sections as tables; everything in them is escaped."""
        cell, line = Markup("<td>%s</td>"), Markup("<tr>%s</tr>")
        table = Markup("<h3>%s</h3><table class='table table-sm'>%s</table>")
        empty = Markup()
        return empty.join(
            table
            % (
                title,
                empty.join(
                    line % empty.join(cell % text for text in row) for row in rows
                ),
            )
            for title, rows in sections
        )
