from odoo import models


class CoachingSession(models.Model):
    """What will happen when a series is paused, resumed or ended, told to its coach."""

    _inherit = "coaching.session"

    def _plan_portal_call_off(self, sessions, asked, label, tz):
        """Return the part that pausing and ending have in common."""
        return {
            "asked": asked,
            "ids": sessions.ids,
            "rows": [
                one._prepare_portal_plan_row(one.start, one.stop, tz, label, "muted")
                for one in sessions
            ],
        }

    def _get_portal_call_off_sentence(self, count):
        if not count:
            return self.env._(
                "No sessions are cancelled: there are none from that day."
            )
        return self.env._(
            "%(sessions)s: cancelled. The client loses nothing, held sessions are"
            " returned to the package, and each client gets one email.",
            sessions=self._count_portal_sessions(count).capitalize(),
        )

    def _plan_portal_pause(self, values, tz):
        # sudo: rights were checked, to the whole series
        series = self.sudo().series_id
        sessions = series._find_to_pause(values["date_from"], values["date_to"])
        asked = (values["date_from"], values["date_to"])
        return {
            **self._plan_portal_call_off(sessions, asked, self.env._("Paused"), tz),
            "sentences": [
                self._get_portal_call_off_sentence(len(sessions)),
                self.env._(
                    "The times are noted. When you resume the series, those still"
                    " free are booked again."
                ),
            ],
            "button": self.env._("Pause the series"),
        }

    def _plan_portal_end(self, values, tz):
        # sudo: rights were checked, to the whole series
        sessions = self.sudo().series_id._find_to_end(values["date_from"])
        asked = (values["date_from"],)
        return {
            **self._plan_portal_call_off(sessions, asked, self.env._("Cancelled"), tz),
            "sentences": [
                self._get_portal_call_off_sentence(len(sessions)),
                self.env._("The series will end and can't be resumed."),
            ],
            "button": self.env._("End the series"),
        }

    def _plan_portal_resume(self, values, tz):
        # sudo: rights were checked, to the whole series
        series = self.sudo().series_id
        again, left_out = series._find_to_resume(values["date_from"])
        occurrences = series._plan_gaps(again) if again else []
        free = sum(not one["conflict"] for one in occurrences)
        rows = [
            self._prepare_portal_plan_row(
                one["start"],
                one["stop"],
                tz,
                self.env._("Not possible") if one["conflict"] else self.env._("Free"),
                "danger" if one["conflict"] else "success",
                one["conflict"] or "",
            )
            for one in occurrences
        ]
        rows.sort(key=lambda row: row["state"]["badge"] != "danger")
        return {
            "asked": (values["date_from"],),
            "ids": (again | left_out).ids,
            "rows": rows,
            "sentences": self._get_portal_resume_sentences(
                free, len(rows), len(left_out)
            ),
            "button": self.env._("Resume the series"),
        }

    def _get_portal_resume_sentences(self, free, count, left_out):
        sentences = [
            self.env._(
                "%(free)s of %(count)s times can be booked again. Each client gets"
                " one email.",
                free=free,
                count=count,
            )
        ]
        if free < count:
            sentences.append(
                self.env._("Times that can't be booked stay listed as not booked.")
            )
        if left_out:
            sentences.append(
                self.env._(
                    "Not booked again because they are before that day or over:"
                    " %(sessions)s.",
                    sessions=self._count_portal_sessions(left_out),
                )
            )
        return sentences
