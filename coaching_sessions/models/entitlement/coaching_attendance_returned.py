from datetime import timedelta

from odoo import models
from odoo.tools import format_date


class CoachingAttendance(models.Model):
    """What was returned: until when it can be used, or that nobody can use it."""

    _inherit = "coaching.attendance"

    def _get_latest_day(self):
        """Return the later of today and the session's day, in the coach's zone."""
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        return max(self.coach_id._get_local_date(now), self._get_local_date())

    def _get_kept_until(self, outcome):
        """Return the day until which what this session returns is kept usable.

        Only what is not the client's doing: who cancels can know until when what they
        attend with is valid.

        :param outcome: ``coaching.outcome``
        :return: date in the coach's zone, or None where nothing is kept longer
        """
        self.ensure_one()
        days = self.company_id.coaching_returned_days
        if not (days and outcome) or outcome.party == "client":
            return None
        return self._get_latest_day() + timedelta(days=days)

    def _get_kept_reason(self):
        """Return why something is kept usable, for ledger and log."""
        self.ensure_one()
        return self.env._(
            "Kept usable: %(session)s, %(outcome)s",
            session=self.session_id.name,
            outcome=self.outcome_id.name,
        )

    def _describe_kept(self, outcome):
        """Return until when what this session returns can be used, or that nobody can.

        :param outcome: ``coaching.outcome`` the session is closed with, or is about to
        :return: list of one sentence; of none where there is time enough
        """
        self.ensure_one()
        package, makeup = self.package_id, self.used_makeup_id
        if package.cancelled:
            return [
                self.env._(
                    "Package %(package)s is cancelled, so the session can't be used"
                    " any more.",
                    package=package.name,
                )
            ]
        last = package.expiry_date if package else makeup.expiry_date
        if not last:
            return []
        if not package or package._is_kept_longer():
            last = max(last, self._get_kept_until(outcome) or last)
        now = self.env["coaching.session"]._now()
        date = format_date(self.env, last)
        if last < self.coach_id._get_local_date(now):
            return [
                self.env._(
                    "It was valid until %(date)s, so it can't be used any more.",
                    date=date,
                )
            ]
        enough = timedelta(days=self.company_id.coaching_returned_days)
        if last > self._get_latest_day() + enough:
            return []
        return [self.env._("It can be used until %(date)s.", date=date)]

    def _loses_nothing(self, outcome):
        """Return whether the client can use what is returned: time enough is left.

        :param outcome: ``coaching.outcome`` the session is closed with, or is about to
        """
        self.ensure_one()
        if self.package_id.cancelled:
            return False
        kept = not self.package_id or self.package_id._is_kept_longer()
        return not self._describe_kept(outcome) or bool(
            kept and self._get_kept_until(outcome)
        )

    def _describe_returned(self):
        """Return what became of what was returned, as sentences for its client."""
        self.ensure_one()
        package = self.package_id
        if package:
            returned = self.env._(
                "It is returned to package %(package)s.", package=package.name
            )
        elif self.used_makeup_id:
            returned = self.env._("The make-up can be used again.")
        else:
            return ""
        return " ".join([returned, *self._describe_kept(self.outcome_id)])
