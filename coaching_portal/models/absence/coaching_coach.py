from odoo import models


class CoachingCoach(models.Model):
    """Days on which a coach is not available, told before they decide (rank 24)."""

    _inherit = "coaching.coach"

    def _plan_portal_absence(self, values):
        """Return what will happen, see ``action_absent``; writes nothing.

        :param dict values: ``date_from``, ``date_to`` and ``mode``, as text
        :return: dict with ``key`` (a different one where the result is different),
            ``rows`` (sessions, each with what becomes of it), ``sentences``, ``button``
        :raise UserError: when the days make no sense
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_may_be_absent()
        # sudo: the right was checked; the sessions and clients are their own
        coach = self.sudo()
        start, stop = coach._parse_period(values["date_from"], values["date_to"])
        sessions = coach._get_affected_sessions(start, stop)
        coach._check_absence_mode(values["mode"])
        offer = values["mode"] == "offer"
        chosen = sessions._get_offered_instead(start, stop)
        rows = [
            session._prepare_portal_absence_row(coach.tz, offer, session in chosen)
            for session in sessions
        ]
        asked = (values["date_from"], values["date_to"], values["mode"])
        states = [row["state"]["label"] for row in rows]
        return {
            "key": "|".join(
                map(str, ("absence", self.id, *asked, *sessions.ids, *states))
            ),
            "rows": rows,
            "sentences": self._get_portal_absence_sentences(sessions, offer),
            "button": self._get_portal_absence_button(rows, offer),
        }

    def _get_portal_absence_button(self, rows, offer):
        if not rows:
            return self.env._("Record the time off")
        if offer:
            return self.env._("Offer other times")
        count = self.env["coaching.session"]._count_portal_sessions(len(rows))
        return self.env._("Cancel %(sessions)s", sessions=count)

    def _get_portal_absence_sentences(self, sessions, offer):
        """Return in words what is about to be done."""
        if not sessions:
            return [
                self.env._(
                    "You have no sessions on these days. Your time off is recorded,"
                    " so nobody can book you."
                )
            ]
        clients = sessions.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        ).partner_id
        sentences = [
            self.env._(
                "This affects %(sessions)s.",
                sessions=sessions._count_portal_sessions(len(sessions)),
            )
            if len(clients) < 2
            else self.env._(
                "This affects %(sessions)s with %(clients)s clients.",
                sessions=sessions._count_portal_sessions(len(sessions)),
                clients=len(clients),
            ),
            self.env._(
                "Cancelled sessions count as cancelled by you: your clients lose"
                " nothing. Each client gets one email."
            ),
        ]
        if offer:
            sentences.append(
                self.env._(
                    "Other times are held for a client until they choose; without an"
                    " answer the session is cancelled. Where no time is free, it is"
                    " cancelled immediately."
                )
            )
        sentences.append(self.env._("Nobody can book you on these days."))
        return sentences

    def _describe_portal_absence(self, values, result):
        """Return what was done, as sentences, and what could not be.

        :param dict values: see ``_plan_portal_absence``
        :param dict result: of ``action_absent``
        :return: two lists of str
        """
        sessions = self.env["coaching.session"]
        done = [self.env._("Your time off is recorded.")]
        if result["cancelled"]:
            done.append(
                self.env._(
                    "You cancelled %(sessions)s.",
                    sessions=sessions._count_portal_sessions(len(result["cancelled"])),
                )
            )
        if result["offered"]:
            done.append(
                self.env._(
                    "Other times are offered for %(sessions)s.",
                    sessions=sessions._count_portal_sessions(len(result["offered"])),
                )
            )
        if result["cancelled"] or result["offered"]:
            done.append(self.env._("Your clients get an email."))
        elif not result["failed"]:
            done.append(self.env._("No sessions had to change."))
        # sudo: the coach's own sessions, in their zone
        tz = self.sudo().tz
        rows = {
            session: session._prepare_portal_absence_row(tz, False, False)
            for session in sessions.sudo().browse(result["failed"])
        }
        failed = [
            self.env._(
                "%(day)s, %(time)s, %(who)s: %(reason)s",
                day=row["time"]["date"],
                time=row["time"]["time"],
                who=row["who"],
                reason=result["failed"][session.id],
            )
            for session, row in rows.items()
        ]
        return done, failed
