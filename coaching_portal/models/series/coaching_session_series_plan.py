from odoo import models
from odoo.exceptions import UserError


class CoachingSession(models.Model):
    """What will happen when a series changes, told to its coach before they decide.

    The sessions are found by the methods that do it; here it is put into words.
    """

    _inherit = "coaching.session"

    def _plan_portal_series(self, action, values, tz):
        """Return what an action of the series will do; writes nothing (R110-R117).

        :param str action: see ``_get_portal_series_actions``
        :param dict values: what the coach chose, as text
        :param str tz: zone of the reader
        :return: dict with ``key`` (a different one where the result is different),
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

    def _get_portal_scopes(self):
        """Return how much of the series the user may choose."""
        self.ensure_one()
        upcoming = self.state == "scheduled" and self.start > self._now()
        labels = {
            "one": self.env._("Only this session"),
            "following": self.env._("This and the following ones"),
            "all": self.env._("All upcoming"),
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
                "before": self._prepare_portal_moment(move["start"], tz),
            }
            for session, move in zip(sessions, moves, strict=True)
        ]
        # what is not possible comes first
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
                    "%(free)s of %(count)s sessions can be moved. The others keep"
                    " their times unless you choose another time.",
                    free=free,
                    count=count,
                )
            )
        sentences.append(self.env._("Each client gets one email with the new times."))
        return sentences

    # === CANCELLING === #

    def _plan_portal_cancel(self, values, tz):
        scope, by_client = values["scope"], values["who"] == "client"
        # sudo: rights were checked, to the whole series where it is about that
        future, past = self.sudo()._find_to_cancel(scope)
        batches = {
            batch: batch[0]._find_portal_cancel_outcome(values["reason"], by_client)
            for batch in future.grouped(lambda one: one._is_early()).values()
        }
        notes = {
            one: outcome.name for batch, outcome in batches.items() for one in batch
        }
        over = self.env._(
            "It is over and not closed out, so it is returned to the package."
        )
        rows = [
            one._prepare_portal_plan_row(
                one.start,
                one.stop,
                tz,
                self.env._("Cancelled"),
                "muted",
                notes.get(one, over),
            )
            for one in (future | past).sorted("start")
        ]
        sentences = [
            sentence
            for batch, outcome in batches.items()
            for sentence in batch._get_portal_cancel_sentences(outcome, len(future))
        ]
        count = self._count_portal_sessions(len(rows))
        return {
            "asked": (scope, *(outcome.code for outcome in batches.values())),
            "ids": (future | past).ids,
            "rows": rows,
            "sentences": [
                *dict.fromkeys(sentences),
                self.env._("Each client gets one email."),
            ],
            "button": self.env._("Cancel %(sessions)s", sessions=count),
        }

    def _find_portal_cancel_outcome(self, reason, by_client):
        """Return what cancelling this session now is recorded as.

        :param str reason: as for ``action_cancel_series``: a code in it decides
        :param bool by_client: see ``action_cancel_series``
        """
        if by_client:
            code = self._get_code_by_clock()
        else:
            code, _note = self._get_cancel_outcome(reason, staff=True, own=True)
        # sudo: a portal user reads no outcomes; its name and what follows in words
        return self.env["coaching.outcome"].sudo()._get_by_code(code, self.company_id)

    def _get_portal_cancel_sentences(self, outcome, count):
        """Return what cancelling means, told by the first of these sessions.

        :param outcome: ``coaching.outcome`` that these are all closed with
        :param int count: of all upcoming sessions that are cancelled
        """
        sentences = []
        for attendance in self[0].attendance_ids.filtered(
            lambda one: one.state == "scheduled"
        ):
            words = attendance._get_portal_cancel_words(outcome, count > 1)
            words += attendance._get_pay_consequences(outcome)
            sentences += [
                self.env._(
                    "%(outcome)s: %(sentence)s", outcome=outcome.name, sentence=one
                )
                for one in words
            ]
        return sentences

    def _plan_portal_skip(self, values, tz):
        # sudo: found by the coach's own rules
        session = self.sudo()
        if session.state != "scheduled" or session.start <= session._now():
            raise UserError(
                self.env._(
                    "This session has begun or is closed. Only upcoming sessions can"
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
                    "This session is skipped; the series continues. The client loses"
                    " nothing: the session is returned to the package."
                ),
                self.env._("The client gets an email about the cancellation."),
            ],
            "button": self.env._("Skip this session"),
        }
