from odoo import models


class CoachingAttendance(models.Model):
    """What closing means for packages and make-ups, in words."""

    _inherit = "coaching.attendance"

    def _describe_judged(self, judged):
        sentences = super()._describe_judged(judged)
        policy = self.env["coaching.outcome.policy"].browse(judged["policy_id"])
        return [
            *self._describe_entitlement_change(
                judged["uses_session"], policy.outcome_id
            ),
            *sentences,
            *self._describe_makeup_change(judged["issues_makeup"]),
        ]

    def _describe_entitlement_change(self, uses_session, outcome):
        """Return what becomes of what the client attends with: sentences or none.

        :param bool uses_session: whether the session counts as used
        :param outcome: ``coaching.outcome`` it is closed with
        """
        self.ensure_one()
        if self.package_id or self.booked_on_credit:
            sentences = [self._describe_package_change(uses_session)]
        elif not self.used_makeup_id:
            return []
        elif uses_session:
            return [self.env._("The make-up is used.")]
        else:
            sentences = [self.env._("The make-up can be used again.")]
        return sentences if uses_session else sentences + self._describe_kept(outcome)

    def _describe_makeup_change(self, issues_makeup):
        """Return whether the client gets a make-up for it: a sentence or none.

        :param bool issues_makeup: whether the policy gives one
        """
        self.ensure_one()
        if issues_makeup and not self.booking_type_id.is_makeup:
            if self.makeup_id.state in ("issued", "used", "expired"):
                return [self.env._("The make-up that was issued stays valid.")]
            return [self.env["coaching.makeup"]._describe_issue(self)]
        if self.makeup_id.state == "issued":
            return [self.env._("The make-up that was issued is revoked.")]
        return []

    def _describe_package_change(self, uses_session):
        """Return what closing means for the package, or for what is owed.

        :param bool uses_session: whether the session counts as used
        """
        self.ensure_one()
        package = self.package_id
        if not package:
            return (
                self.env._(
                    "The session is used: %(client)s owes it.",
                    client=self.partner_id.name,
                )
                if uses_session
                else self.env._("The session is returned: it is not owed.")
            )
        claim = self.claim_move_id
        change = -claim.quantity
        if uses_session:
            change = -claim.quantity - self._get_claim_quantity(package)
            # what expired is there again as far as this needs it
            change = max(change, -package.remaining)
            return self.env._(
                "The session is used: %(left)s in package %(package)s.",
                left=package._describe_left(change),
                package=package.name,
            )
        return self.env._(
            "The session is returned to package %(package)s: %(left)s.",
            left=package._describe_left(change),
            package=package.name,
        )
