from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.periods import get_over_date, get_period_key, take_numbers


class CoachingMakeup(models.Model):
    """Giving make-ups for missed sessions, so many in a period, and their expiry."""

    _inherit = "coaching.makeup"

    @api.model
    def _issue(self, attendances):
        """Give each of these missed sessions its make-up, within the limit."""
        keys = self._find_limit_keys(attendances)
        makeups = self.create(
            [
                {
                    "attendance_id": attendance.id,
                    "partner_id": attendance.partner_id.id,
                    "company_id": attendance.company_id.id,
                    "expiry_date": self._get_expiry_date(attendance),
                    "limit_key": keys[attendance],
                }
                for attendance in attendances
                if attendance in keys
            ]
        )
        for makeup in makeups:
            makeup.attendance_id.makeup_id = makeup

    @api.model
    def _find_limit_keys(self, attendances):
        """Return those that may get a make-up, with their number in the period.

        Only proposed here: the unique index judges who gets the last one.

        :return: dict of attendance → key, False where nothing is limited
        """
        keys = {}
        by_prefix = {}
        for attendance in attendances.sorted(lambda missed: (missed.start, missed.id)):
            company = attendance.company_id
            if not company.coaching_makeup_limit:
                keys[attendance] = False
                continue
            prefix = self._get_limit_prefix(attendance)
            by_prefix.setdefault((prefix, company), []).append(attendance)
        if not by_prefix:
            return keys
        taken = self._get_taken_numbers(attendances)
        for (prefix, company), missed in by_prefix.items():
            free = take_numbers(
                taken.get(prefix, set()), company.coaching_makeup_limit, len(missed)
            )
            keys.update(
                (attendance, f"{prefix}{number}")
                for attendance, number in zip(missed, free, strict=False)
            )
        return keys

    @api.model
    def _get_limit_prefix(self, attendance):
        """Return what the make-ups of a client in a period are known by."""
        company = attendance.company_id
        period = get_period_key(
            attendance._get_local_date(), company.coaching_makeup_period
        )
        return f"{company.id}/{attendance.partner_id.id}/{period}/"

    @api.model
    def _get_taken_numbers(self, attendances):
        """Return the numbers that these clients have used, by prefix."""
        # sudo: of other make-ups of the same clients only the number is read
        given = self.sudo().search_fetch(
            [
                ("partner_id", "in", attendances.partner_id.ids),
                ("limit_key", "!=", False),
                ("state", "!=", "revoked"),
            ],
            ["limit_key"],
        )
        taken = {}
        for key in given.mapped("limit_key"):
            prefix, _slash, number = key.rpartition("/")
            taken.setdefault(f"{prefix}/", set()).add(int(number))
        return taken

    @api.model
    def _describe_issue(self, attendance):
        """Return what a missed session that gives a make-up leads to, as a sentence."""
        company = attendance.company_id
        if attendance not in self._find_limit_keys(attendance):
            return self.env._(
                "No make-up: all %(count)s for %(period)s have been issued.",
                count=company.coaching_makeup_limit,
                period=self._get_limit_prefix(attendance).split("/")[2],
            )
        expiry = self._get_expiry_date(attendance)
        if not expiry:
            return self.env._("One free make-up is issued.")
        return self.env._(
            "One free make-up, valid until %(date)s.",
            date=format_date(self.env, expiry),
        )

    @api.model
    def _get_expiry_date(self, attendance):
        """Return the last day of a new credit, or False for none."""
        return self._get_expiry_in(attendance.company_id)

    @api.model
    def _get_expiry_in(self, company):
        """Return the last day of a credit that a company gives today, or False."""
        days = company.coaching_makeup_validity_days
        today = fields.Date.context_today(self)
        return today + timedelta(days=days) if days else False

    # === BACK === #
    def _give_back(self, attendance):
        """Let the credit of a session that was returned be used again.

        Where that is not the client's doing, for some days at least.

        :param attendance: ``coaching.attendance`` that used it
        """
        self.ensure_one()
        values = {"state": "issued", "used_attendance_id": False}
        until = attendance._get_kept_until(attendance.outcome_id)
        if until and self.expiry_date and self.expiry_date < until:
            reason = attendance._get_kept_reason()
            self.write({**values, "expiry_date": until, "reason": reason})
            self._log("extended", reason)
        else:
            self.write(values)

    # === EXPIRY === #

    @api.model
    def _cron_expire(self, limit=500):
        """Mark the credits of which the last day is over, wherever the coach lives.

        :param int limit: credits of one run; the cron comes back for the rest
        """
        # booking looks at the coach's zone
        over = get_over_date(self.env["coaching.session"]._now())
        domain = [("state", "=", "issued"), ("expiry_date", "<", over)]
        self._run_in_batches(domain, "_expire", limit)

    def _expire(self):
        """Mark these as expired, unless somebody used one at this moment."""
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE coaching_makeup SET state = 'expired'
             WHERE id = ANY(%s) AND state = 'issued' RETURNING id
            """,
            (self.ids,),
        )
        expired = self.browse(makeup_id for (makeup_id,) in self.env.cr.fetchall())
        self.invalidate_recordset(["state"], flush=False)
        # whether a coach is paid may depend on it
        expired.attendance_id._post_consequences()
