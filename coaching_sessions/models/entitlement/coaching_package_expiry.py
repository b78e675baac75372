from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.arguments import check_there, parse_date, parse_text
from ...tools.periods import get_over_date
from ..base.groups import MANAGER_GROUP


class CoachingPackage(models.Model):
    """The last day of a package: warning, email, and what is lost (R45, R121-R123)."""

    _inherit = "coaching.package"

    expires_soon = fields.Boolean(
        string="Expires soon",
        compute="_compute_expires_soon",
        search="_search_expires_soon",
        help="Sessions are left and the package expires soon (see the settings).",
    )
    expiry_notified = fields.Boolean(
        string="Expiry notice sent",
        readonly=True,
        copy=False,
        help="The client was told that the package expires soon. A later date"
        " triggers a new email.",
    )

    # === SOON === #

    @api.depends(
        "remaining",
        "unit",
        "cancelled",
        "start_date",
        "expiry_date",
        "company_id.coaching_expiry_notice_days",
    )
    def _compute_expires_soon(self):
        today = fields.Date.context_today(self)
        for package in self:
            days = package.company_id.coaching_expiry_notice_days
            package.expires_soon = bool(
                days
                and package.expiry_date
                and today <= package.expiry_date <= today + timedelta(days=days)
                and (package.start_date or today) <= today
                and not package.cancelled
                and package._has_left()
            )

    def _search_expires_soon(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        # sudo: after how many days companies tell
        companies = (
            self.env["res.company"]
            .sudo()
            .search_fetch(
                [("coaching_expiry_notice_days", ">", 0)],
                ["coaching_expiry_notice_days"],
            )
        )
        near = Domain.OR(
            Domain("company_id", "in", [company.id for company in same])
            & Domain("expiry_date", "<=", today + timedelta(days=days))
            for days, same in companies.grouped("coaching_expiry_notice_days").items()
        )
        return (
            near
            & Domain("expiry_date", ">=", today)
            & (Domain("start_date", "=", False) | Domain("start_date", "<=", today))
            & Domain("cancelled", "=", False)
            & self._get_left_domain()
        )

    @api.model
    def _cron_notify_expiring(self, limit=1000):
        """Queue an email about packages of which the last day is near (R123).

        Once for each last day: a package that is extended is told about again.

        :param int limit: packages of one run; the cron comes back for the rest
        """
        domain = [("expires_soon", "=", True), ("expiry_notified", "=", False)]
        self._run_in_batches(domain, "_notify_expiring", limit)

    def _notify_expiring(self):
        """Queue the emails to whoever can still use these packages."""
        rows = [
            {
                "package_id": package.id,
                "company_id": package.company_id.id,
                "partner_id": partner.id,
                "kind": "package_expiring",
            }
            for package in self
            for partner in package._get_expiry_recipients()
        ]
        self.expiry_notified = True
        if rows:
            self.env["coaching.notification"]._queue_rows(rows)

    def _get_expiry_recipients(self):
        """Return who is told by email that the last day is near; a hook."""
        self.ensure_one()
        recipients = self.partner_id
        if self.sharing != "none":
            recipients |= self.member_ids
        return recipients.filtered("email")

    # === OVER === #

    @api.model
    def _get_over_date(self):
        """Return the first day that is not over yet somewhere on earth.

        A session's day is that of its coach's zone; a package must not be taken while
        the client's coach still has that day.
        """
        return get_over_date(self.env["coaching.session"]._now())

    def _is_over(self):
        """Return whether the last day is over, in every zone."""
        self.ensure_one()
        return bool(self.expiry_date and self.expiry_date < self._get_over_date())

    @api.model
    def _cron_expire(self, limit=1000):
        """Post what is left of packages after their last day as expired.

        What is held stays held. A second run finds nothing left to post.

        :param int limit: packages of one run; the cron comes back for the rest
        """
        domain = [
            ("remaining", ">", 0),
            ("cancelled", "=", False),
            ("expiry_date", "<", self._get_over_date()),
        ]
        self._run_in_batches(domain, "_expire", limit)

    def _expire(self):
        """Post what is left of these packages as expired."""
        # others may have booked since the last commit
        self.invalidate_recordset(["remaining"])
        self.env["coaching.package.move"].create(
            [
                package._prepare_expiry_values(package.remaining)
                for package in self
                if package.remaining
            ]
        )

    def _prepare_expiry_values(self, quantity):
        """Return the values of the line that forfeits some of this package."""
        self.ensure_one()
        return {
            "package_id": self.id,
            "company_id": self.company_id.id,
            "unit": self.unit,
            "kind": "expire",
            "quantity": -quantity,
            "reason": self.env._(
                "Valid until %(date)s",
                date=format_date(self.env, self.expiry_date),
            ),
        }

    # === BACK === #

    def _get_expiry_lines(self):
        """Return the lines by which these packages expired, not taken back yet."""
        expired = self.filtered("expired")
        if not expired:
            return self.env["coaching.package.move"]
        lines = self.env["coaching.package.move"].search(
            [("package_id", "in", expired.ids), ("kind", "=", "expire")], order="id"
        )
        return lines._filter_standing()

    def _prepare_expiry_corrections(self, vals_list):
        """Return lines that take back what expired, as far as others need it.

        A returned session may have expired since; a correction that uses it after all
        must find it. What is not needed expires again.

        :param list vals_list: values of the lines that are about to be posted
        """
        result = []
        by_package = self._get_expiry_lines().grouped("package_id")
        for package, lines in by_package.items():
            left = package.remaining + sum(
                vals["quantity"]
                for vals in vals_list
                if vals["package_id"] == package.id
            )
            taken = lines.browse()
            for line in lines:
                if left >= 0:
                    break
                taken |= line
                left -= line.quantity
            if taken:
                reason = self.env._("Needed by a correction")
                result += [line._prepare_reversal_values(reason) for line in taken]
                if left > 0:
                    result.append(package._prepare_expiry_values(left))
        return result

    def _is_kept_longer(self):
        """Return whether what is returned late keeps this package usable longer.

        Of a package without limit nothing is returned.
        """
        self.ensure_one()
        return self.unit != "unlimited" and not self.cancelled

    @api.model
    def _keep_returned(self, returned):
        """Let what was returned be used for some days, where that is not lost.

        What expired before stays expired: only what is returned now is there again.

        :param returned: ``coaching.attendance`` whose session was just returned
        """
        for package, attendances in returned.grouped("package_id").items():
            kept = {
                attendance: attendance._get_kept_until(attendance.outcome_id)
                for attendance in attendances
            }
            attendance = max(
                attendances, key=lambda one: (str(kept[one] or ""), -one.id)
            )
            until = kept[attendance]
            if (
                until
                and package._is_kept_longer()
                and package.expiry_date
                and package.expiry_date < until
            ):
                package.expiry_date = until
                package._post_line("extend", 0, attendance._get_kept_reason())

    def action_extend(self, date, reason=""):
        """Let a package be used longer; what had expired is there again (R122).

        :param date: new last day, later than the present one
        :param str reason: why, kept in the ledger
        :return: True
        :raise UserError: when it would not become longer, or is cancelled
        :raise AccessError: unless the user is a manager
        """
        self.check_access("read")
        check_there(self)
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can extend a package."))
        date = parse_date(self.env, date)
        reason = parse_text(self.env, reason)
        # sudo: the right was checked; nobody writes packages by hand
        for package in self.sudo():
            package._check_extension(date)
            package.expiry_date = date
            package._post_line("extend", 0, reason)
            if not package._is_over():
                package.env["coaching.package.move"].create(
                    [
                        line._prepare_reversal_values(package.env._("Extended"))
                        for line in package._get_expiry_lines()
                    ]
                )
                package._pay_owed()
        return True

    def _check_extension(self, date):
        """Raise unless a package becomes longer by a new last day."""
        self.ensure_one()
        if self.cancelled or not date:
            raise UserError(
                self.env._("Choose a date, and a package that is not cancelled.")
            )
        if not self.expiry_date or date <= self.expiry_date:
            raise UserError(
                self.env._(
                    "Package %(package)s is already valid until %(date)s. Choose a"
                    " later day.",
                    package=self.name,
                    date=format_date(self.env, self.expiry_date)
                    or self.env._("any time"),
                )
            )
