from odoo import models


class CoachingAttendance(models.Model):
    """What closing would lead to, in words, before anybody closes (R5, R29)."""

    _inherit = "coaching.attendance"

    def _get_consequences(self, outcome, notice_at=None):
        """Return what closing with an outcome leads to, as sentences (R5, R29).

        :param outcome: ``coaching.outcome``
        :param notice_at: when a cancellation was told, naive UTC; else this moment
        :return: list of str
        """
        self.ensure_one()
        return self._describe_judged(self._judge(outcome, notice_at)[self])

    def _describe_judged(self, judged):
        """Return what being closed like this leads to, as sentences; a hook.

        Here what is left of the allowance; ledgers add theirs before or after it.

        :param dict judged: what ``_judge`` says of this attendance
        :return: list of str
        """
        self.ensure_one()
        policy = self.env["coaching.outcome.policy"].browse(judged["policy_id"])
        loses = judged["uses_session"] or judged["charge_percent"]
        if judged["excused"] or (policy.excused_count and loses):
            return [self._describe_allowance(policy, judged["excuse_key"])]
        return []

    def _get_pay_consequences(self, outcome, notice_at=None):
        """Return what closing means for the coach's pay; not for clients' eyes.

        A hook: nothing here, payroll adds a sentence.

        :param outcome: ``coaching.outcome``
        :param notice_at: when a cancellation was told, naive UTC; else this moment
        :return: list of str
        """
        self.ensure_one()
        return []

    def _describe_allowance(self, policy, excuse_key):
        """Return how much of a client's allowance is used, as a sentence.

        :param policy: ``coaching.outcome.policy`` that applies
        :param str excuse_key: excuse this session would get, or nothing
        """
        self.ensure_one()
        prefix = policy._get_excuse_prefix(self.partner_id, self._get_local_date())
        period = prefix.split("/")[2]
        taken = len(self._get_taken_excuses([prefix])[prefix])
        if excuse_key:
            return self.env._(
                "It is excused: %(number)s of %(count)s times in %(period)s.",
                number=taken + 1,
                count=policy.excused_count,
                period=period,
            )
        return self.env._(
            "It is no longer excused: all %(count)s times in %(period)s are used.",
            count=policy.excused_count,
            period=period,
        )
