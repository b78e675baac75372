from odoo import api, fields, models
from odoo.tools import split_every

from ...tools.spans import covers, find, merge, to_seconds
from ..base.groups import COACH_GROUP, MANAGER_GROUP
from .coaching_proposal import ABSENT

CHANGES = [
    ("coach", "The coach is archived"),
    ("off", "The coach has time off"),
    ("hours", "Outside the coach's working hours"),
    ("client", "The client is archived"),
]
# nobody gets Odoo's own email about it, nor a line in the chatter
SILENT = {"mail_activity_quick_update": True, "mail_create_nosubscribe": True}
BATCH = 1000
LOOKED_AT = "coaching_sessions.changes_looked_at"


class CoachingSession(models.Model):
    """What changed after a booking so that the session can't take place as booked.

    Time off that is approved, hours that move, a holiday, somebody who is archived:
    whatever it is, and in whichever app, a look at the sessions to come finds it.
    """

    _inherit = "coaching.session"

    changed_since = fields.Selection(
        selection=CHANGES,
        string="Changed since the booking",
        readonly=True,
        copy=False,
        groups=COACH_GROUP,
        help="Why the session can't take place as it was booked. Offer other times,"
        " assign another coach, or cancel it.",
    )

    _changed_index = models.Index("(coach_id) WHERE changed_since IS NOT NULL")

    # === LOOKING === #

    @api.model
    def _look_for_changes_soon(self):
        """Have the sessions to come looked at after the commit."""
        cron = self.env.ref(
            "coaching_sessions.ir_cron_find_changes", raise_if_not_found=False
        )
        if cron:
            # sudo: whoever changes hours or time off need not see scheduled actions
            cron.sudo()._trigger()

    @api.model
    def _cron_find_changes(self):
        """Mark what can't take place as booked, and put it on somebody's list."""
        now = self._now()
        settled = self.search(
            [
                ("changed_since", "!=", False),
                "|",
                ("state", "!=", "scheduled"),
                ("start", "<=", now),
            ]
        )
        settled.changed_since = False
        # sudo: where a run that was cut short goes on
        parameters = self.env["ir.config_parameter"].sudo()
        last = int(parameters.get_param(LOOKED_AT, 0))
        to_come = self.search(
            [
                ("id", ">", last),
                ("state", "=", "scheduled"),
                ("start", ">", now),
            ],
            order="id",
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(to_come))
        reached = 0
        for ids in split_every(BATCH, to_come.ids):
            self.browse(ids)._find_changes()
            if not progress(len(ids)) and ids[-1] != to_come.ids[-1]:
                reached = ids[-1]
                break
        if reached != last:
            parameters.set_param(LOOKED_AT, reached)
        self._plan_change_activities()

    def _find_changes(self):
        """Mark these sessions to come, in as many queries for all as for one."""
        times = self.env["coaching.availability"]._load(
            self.coach_id, min(self.mapped("start")), max(self.mapped("stop"))
        )
        marks = {}
        for session in self:
            found = session._get_change(times[session.coach_id.id])
            if found != session.changed_since:
                marks.setdefault(found, self.browse())
                marks[found] |= session
        for found, sessions in marks.items():
            sessions.changed_since = found

    def _get_change(self, time):
        """Return which of ``CHANGES`` keeps this session from taking place, or False.

        :param CoachTime time: of its coach
        """
        self.ensure_one()
        coach, span = self.coach_id, (to_seconds(self.start), to_seconds(self.stop))
        if not (coach.active and coach.resource_id.active):
            return "coach"
        if find(merge(time.obstacles.get("off", ())), *span) is not None:
            return "off"
        if not covers(time.work, *span):
            return "hours"
        partners = self._get_scheduled_attendances().partner_id
        return "client" if partners and not any(partners.mapped("active")) else False

    # === TELLING === #

    @api.model
    def _plan_change_activities(self):
        """Put what is marked on somebody's list: one activity a coach, on the first.

        What has been offered other times for is in the client's hands already.
        """
        marked = self.search([("changed_since", "!=", False)], order="start, id")
        offered = self.env["coaching.proposal"].search(
            [
                ("session_id", "in", marked.ids),
                ("kind", "=", ABSENT),
                ("state", "=", "open"),
            ]
        )
        open_ones = marked - offered.session_id
        kind = self.env.ref("coaching_sessions.mail_activity_type_changed")
        planned = self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("activity_type_id", "=", kind.id)]
        )
        over = planned.filtered(lambda one: one.res_id not in open_ones.ids)
        told = self.browse((planned - over).mapped("res_id")).coach_id
        over.unlink()
        managers = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref(MANAGER_GROUP).ids),
                ("share", "=", False),
            ],
            order="id",
        )
        for coach, sessions in open_ones.grouped("coach_id").items():
            user = sessions[0]._get_change_user(managers)
            if coach not in told and user:
                sessions[0]._plan_change_activity(kind, user, len(sessions))

    def _plan_change_activity(self, kind, user, count):
        """Plan the activity about this session, and how many others there are."""
        self.ensure_one()
        reader = self.with_context(lang=user.lang or self.env.lang, tz=user.tz)
        labels = dict(self._fields["changed_since"]._description_selection(reader.env))
        sentences = [
            f"{labels[self.changed_since]}.",
            reader.env._(
                "Offer other times, assign another coach, or cancel the session."
            ),
        ]
        if count > 1:
            sentences.append(
                reader.env._(
                    "Sessions of %(coach)s like this one: %(count)s. Filter the"
                    " sessions by “Changed since the booking”.",
                    coach=self.coach_id.name,
                    count=count,
                )
            )
        self.with_context(**SILENT).activity_schedule(
            activity_type_id=kind.id,
            date_deadline=min(
                fields.Date.context_today(reader), reader._get_local_date()
            ),
            summary=reader.env._("Booked while the coach is not there")
            if self.changed_since != "client"
            else reader.env._("Booked for an archived client"),
            note=" ".join(sentences),
            user_id=user.id,
        )

    def _get_change_user(self, managers):
        """Return on whose list it is: the coach's, or a manager's who may decide.

        :param managers: ``res.users`` who manage coaching, of any company
        """
        self.ensure_one()
        user = self.coach_id.user_id
        if self.changed_since != "coach" and user.active and user._is_internal():
            return user
        return managers.filtered(lambda one: self.company_id in one.company_ids)[:1]

    # === HOOKS === #

    def _prepare_move_values(self, move):
        values = super()._prepare_move_values(move)
        if self.changed_since:
            # somebody has looked, and the new time was found free
            values["changed_since"] = False
            self._look_for_changes_soon()
        return values
