from odoo import models


class CoachingOutcomePolicy(models.Model):
    """The policy as clients read it."""

    _inherit = "coaching.outcome.policy"

    def _describe(self, booking_type, notice_hours=None):
        """Return what follows for the client, as the end of a sentence; empty for none.

        :param booking_type: ``coaching.booking.type``
        :param float notice_hours: notice a cancellation comes with
        """
        if not self:
            return ""
        self.ensure_one()
        return self._join_parts(
            self._describe_parts(
                self._decide(notice_hours, excused=False), booking_type
            )
        )

    def _describe_excused(self, booking_type):
        """Return how often it is excused, as a list of one sentence or none."""
        if not self.excused_count:
            return []
        self.ensure_one()
        values = {
            "times": self.env._("once")
            if self.excused_count == 1
            else self.env._("%(count)s times", count=self.excused_count),
            "outcome": self.outcome_id.name,
            "period": dict(
                self._fields["excused_period"]._description_selection(self.env)
            )[self.excused_period],
            "what": self._join_parts(
                self._describe_parts(self._decide(excused=True), booking_type)
            ),
        }
        return [
            self.env._(
                "“%(outcome)s” is excused %(times)s %(period)s: %(what)s.",
                **values,
            )
        ]

    def _join_parts(self, parts):
        return self.env._(", and ").join(parts)

    def _describe_parts(self, values, booking_type):
        """Return what consequences mean for the client; a hook.

        :param dict values: what ``_decide`` returns
        :return: list of parts of a sentence
        """
        parts = []
        if booking_type.is_makeup:
            parts.append(
                self.env._("the make-up is used")
                if values["uses_session"]
                else self.env._("you can use the make-up again")
            )
        elif booking_type.package_required:
            parts.append(
                self.env._("it is used")
                if values["uses_session"]
                else self.env._("the session is returned to your package")
            )
        elif not values["charge_percent"]:
            parts.append(self.env._("you pay nothing"))
        # what comes from a package is paid for
        if values["charge_percent"] and not (parts and values["uses_session"]):
            parts.append(
                self.env._(
                    "you pay %(percent)s%% of the price",
                    percent=f"{values['charge_percent']:g}",
                )
            )
        elif values["refund_percent"] and parts and values["uses_session"]:
            parts.append(
                self.env._(
                    "you get %(percent)s%% of the price back",
                    percent=f"{values['refund_percent']:g}",
                )
            )
        if values["issues_makeup"] and not booking_type.is_makeup:
            parts.append(self.env._("you get one free make-up"))
        return parts
