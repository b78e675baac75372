from odoo import models
from odoo.exceptions import UserError


class CoachingSession(models.Model):
    """What changing a series leads to, told to its coach before he decides.

    Which sessions it is about is found by what does it; here it is put into words.
    """

    _inherit = "coaching.session"

    def _plan_portal_series(self, action, values, tz):
        """Return what an action of the series leads to; writes nothing (R110-R117).

        :param str action: see ``_get_portal_series_actions``
        :param dict values: what the coach chose, as text
        :param str tz: zone of the reader
        :return: dict with ``key`` (other than before where it leads to something else),
            ``sentences``, ``rows`` (times, each with a badge and a note) and ``button``
            (empty where nothing can be done)
        :raise UserError: when there is nothing to do, saying why
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        if action in ("pause", "resume", "end"):
            self._check_series_staff("all")
        else:
            self._check_series_staff(values.get("scope") or "one")
        plan = getattr(self, f"_plan_portal_{action}")(values, tz)
        rows = plan["rows"]
        parts = [action, *plan.pop("asked", ()), *plan.pop("ids")]
        parts += [row["state"]["label"] for row in rows]
        return {**plan, "key": "|".join(map(str, parts))}

    def _count_portal_sessions(self, count):
        """Return a number of sessions in words."""
        if count == 1:
            return self.env._("one session")
        return self.env._("%(count)s sessions", count=count)

    def _prepare_portal_plan_row(self, start, stop, tz, label, badge, note=""):
        """Return a time of a plan."""
        return {
            "time": self._describe_time(start, stop, tz),
            "state": {"label": label, "badge": badge},
            "note": note,
        }

    def _get_portal_scopes(self, action):
        """Return how much of the series the user may choose."""
        self.ensure_one()
        upcoming = self.state == "scheduled" and self.start > self._now()
        labels = {
            "one": self.env._("Only this session"),
            "following": self.env._("This and the following ones"),
            "all": self.env._("All from now on")
            if action == "move"
            else self.env._("All to come"),
        }
        scopes = ["one"] if upcoming else []
        if self._is_portal_series_coach():
            scopes += ["following", "all"] if upcoming else ["all"]
        return [{"value": scope, "label": labels[scope]} for scope in scopes]

    # === MOVING === #

    def _plan_portal_move(self, values, tz):
        moves = self.plan_move_series(values["moment"], values["scope"])
        sessions = self.browse([move["session_id"] for move in moves])
        free = sum(not move["conflict"] for move in moves)
        for session in sessions:
            # as the user: a coach may be bound by notice
            session._check_staff_may_move()
        rows = [
            {
                **self._prepare_portal_plan_row(
                    move["new_start"],
                    # sudo: how long a session of the user's own series is
                    move["new_start"] + (session.sudo().stop - session.sudo().start),
                    tz,
                    self.env._("Not possible")
                    if move["conflict"]
                    else self.env._("Free"),
                    "danger" if move["conflict"] else "success",
                    move["conflict"] or "",
                ),
                "before": self._describe_time(move["start"], move["start"], tz)[
                    "short_date"
                ],
            }
            for session, move in zip(sessions, moves, strict=True)
        ]
        # what can't be done comes first
        rows.sort(key=lambda row: row["state"]["badge"] != "danger")
        return {
            "asked": (values["scope"], values["start"]),
            "ids": sessions.ids,
            "rows": rows,
            "sentences": self._get_portal_move_sentences(free, len(moves)),
            "button": free
            and self.env._(
                "Move %(sessions)s", sessions=self._count_portal_sessions(free)
            ),
            "skip": free < len(moves),
        }

    def _get_portal_move_sentences(self, free, count):
        if not free:
            return [
                self.env._("None of these sessions can be moved. Choose another time.")
            ]
        sentences = []
        if free < count:
            sentences.append(
                self.env._(
                    "%(free)s of %(count)s sessions can be moved. The others stay where"
                    " they are, unless you choose another time.",
                    free=free,
                    count=count,
                )
            )
        sentences.append(self.env._("Each client gets one mail with the new times."))
        return sentences

    # === CANCELLING === #

    def _plan_portal_cancel(self, values, tz):
        scope, reason = values["scope"], values["reason"]
        now = self._now()
        # sudo: rights were checked, to the whole series where it is about that
        sessions = self.sudo()._get_series_scope(scope)
        still_open = sessions.filtered(lambda one: one.state == "scheduled")
        future = still_open.filtered(lambda one: one.start > now)
        past = still_open - future if scope == "all" else future.browse()
        if not future | past:
            raise UserError(
                self.env._(
                    "Nothing is left to cancel: every session is over or closed."
                )
            )
        label = self.env._("Cancelled")
        over = self.env._("It is over and not closed out; it is sent back.")
        rows = [
            one._prepare_portal_plan_row(
                one.start, one.stop, tz, label, "muted", over if one in past else ""
            )
            for one in (future | past).sorted("start")
        ]
        count = self._count_portal_sessions(len(rows))
        sentences = self._get_portal_cancel_sentences(future, reason)
        return {
            # a code in it decides what is recorded
            "asked": (scope, sentences[0] if sentences else ""),
            "ids": (future | past).ids,
            "rows": rows,
            "sentences": [
                *sentences,
                self.env._("Each client gets one mail."),
            ],
            "button": self.env._("Cancel %(sessions)s", sessions=count),
        }

    def _get_portal_cancel_sentences(self, sessions, reason):
        """Return what cancelling means: what is early and what is late may differ.

        :param sessions: those to come
        :param str reason: as for ``action_cancel_series``, a code decides the outcome
        """
        sentences = []
        for batch in sessions.grouped(lambda one: one._is_early()).values():
            code, _note = batch[0]._get_cancel_outcome(reason, staff=True, own=True)
            for attendance in batch[0].attendance_ids.filtered(
                lambda one: one.state == "scheduled"
            ):
                # sudo: a portal user reads neither outcomes nor policies; words only
                outcomes = self.env["coaching.outcome"].sudo()
                outcome = outcomes._get_by_code(code, attendance.company_id)
                sentences += [
                    self.env._("It is recorded as “%(name)s”.", name=outcome.name),
                    *attendance._get_portal_cancel_words(outcome, len(sessions) > 1),
                    *attendance._get_pay_consequences(outcome),
                ]
        return list(dict.fromkeys(sentences))

    def _plan_portal_skip(self, values, tz):
        # sudo: found by the coach's own rules
        session = self.sudo()
        if session.state != "scheduled" or session.start <= session._now():
            raise UserError(
                self.env._(
                    "This session has begun or is closed. Only one that is to come can"
                    " be skipped."
                )
            )
        return {
            "ids": session.ids,
            "rows": [
                session._prepare_portal_plan_row(
                    session.start, session.stop, tz, self.env._("Skipped"), "muted"
                )
            ],
            "sentences": [
                self.env._(
                    "This session is left out, the series goes on. The client loses"
                    " nothing, whatever the time: what was held goes back to the"
                    " package."
                ),
                self.env._("The client gets a mail that it is cancelled."),
            ],
            "button": self.env._("Skip this session"),
        }
