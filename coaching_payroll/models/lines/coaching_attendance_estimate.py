from odoo import models


class CoachingAttendance(models.Model):
    """What closing would earn the coach, before anybody closes (R29)."""

    _inherit = "coaching.attendance"

    def _get_pay_consequences(self, outcome, notice_at=None):
        """Add what the coach earns to what will happen on closing (R29)."""
        sentences = super()._get_pay_consequences(outcome, notice_at)
        judged = self._judge(outcome, notice_at)[self]
        # sudo: coaches may know what they earn for their own sessions
        attendance = self.sudo()
        waits = attendance._would_wait_for_makeup(judged)
        pay = 0.0 if waits else attendance._estimate_pay(judged["pay_percent"])
        amount = self.company_id.currency_id.format(pay)
        return [*sentences, attendance._get_pay_sentence(waits, amount)]

    def _get_pay_sentence(self, waits, amount):
        """Return what the coach earns, told to the coach or to anybody else.

        :param bool waits: whether the make-up is paid instead, when it is used
        :param str amount: with its currency
        """
        if self.coach_id.user_id == self.env.user:
            if waits:
                return self.env._("You are paid when the make-up is used.")
            return self.env._("You earn %(amount)s.", amount=amount)
        if waits:
            return self.env._("The coach is paid when the make-up is used.")
        return self.env._("The coach earns %(amount)s.", amount=amount)

    def _would_wait_for_makeup(self, judged):
        """Return whether closing like this leaves the pay to the make-up.

        :param dict judged: what follows, of ``_judge``
        """
        self.ensure_one()
        gives = judged["issues_makeup"] and not self.booking_type_id.is_makeup
        if not gives or self._get_makeup_pay_mode() != "used":
            return False
        if self.makeup_id.state in ("issued", "used", "expired"):
            # it stays as it is; one that expired leaves this session to be paid
            return self.makeup_id.state != "expired"
        return self in self.env["coaching.makeup"]._find_limit_keys(self)

    def _estimate_pay(self, pay_percent):
        """Return what closing with a share of the pay would earn now."""
        self.ensure_one()
        missed = self._get_entitlement() if self.makeup_of_id else self.browse()
        paid_here = missed._waits_for_makeup() if missed else False
        if self.used_makeup_id and not self.makeup_of_id:
            paid_here = self._get_makeup_pay_mode() == "used"
        if not (self.booking_type_id.remunerated or paid_here):
            return 0.0
        lines = self._get_entitlement_group().remuneration_line_ids
        others = lines.filtered(
            lambda line: line._is_live() and line.earns and line.attendance_id != self
        )
        if others.filtered(lambda line: line.attendance_id.id < self.id):
            return 0.0
        if (
            self.session_id.remuneration_line_ids - self.remuneration_line_ids
        ).filtered(lambda line: line._is_live() and line.rule_id):
            return 0.0  # the session is paid with another client's line
        rules = self.env["coaching.remuneration.rule"]._get_rules(self.company_id)
        rule, terms = self._find_remuneration_terms(
            rules, self.session_id.remuneration_line_ids._get_used_terms()
        )
        if not rule:
            return 0.0
        quantity = rule._get_quantity(self.session_id, terms.get("basis"))
        return self.company_id.currency_id.round(
            quantity * terms.get("rate", rule.amount) * pay_percent / 100
        )
