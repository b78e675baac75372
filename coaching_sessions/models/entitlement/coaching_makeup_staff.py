from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.arguments import parse_date, parse_integer, parse_text

GRANT_GROUP = "coaching_sessions.group_coaching_grant_makeup"


class CoachingMakeup(models.Model):
    """What staff does with make-ups by hand, with a right of its own and a reason."""

    _inherit = "coaching.makeup"

    @api.model
    def action_grant(self, partner_id, reason, expiry_date=None):
        """Give a client a make-up without a missed session (section 2, rank 25).

        :param int partner_id: id of the client
        :param str reason: why, kept with it
        :param expiry_date: last day on which it can be used; else as the company's
            setting says
        :return: ``coaching.makeup``
        :raise AccessError: without the right to grant make-ups
        :raise UserError: without a client or a reason
        """
        self._check_grant_right()
        reason = self._parse_reason(reason)
        partner = self.env["res.partner"].browse(parse_integer(self.env, partner_id))
        if not partner.exists():
            raise UserError(self.env._("Choose the client who gets the make-up."))
        partner.check_access("read")
        company = self.env.company
        # sudo: the right was checked; nobody writes make-ups by hand
        makeup = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "expiry_date": parse_date(self.env, expiry_date)
                or self._get_expiry_in(company),
                "user_id": self.env.uid,
                "reason": reason,
            }
        )
        makeup._log("granted", reason)
        return self.browse(makeup.id)

    def action_extend(self, date, reason):
        """Let make-ups be used longer, also those that have expired.

        :param date: new last day, later than the present one
        :param str reason: why, kept in the log
        :return: True
        :raise AccessError: without the right to grant make-ups
        :raise UserError: for one that is used or revoked, or would not become longer
        """
        self._check_grant_right()
        date = parse_date(self.env, date)
        reason = self._parse_reason(reason)
        # sudo: the right was checked; nobody writes make-ups by hand
        for makeup in self.sudo():
            expiry = makeup.expiry_date
            if makeup.state not in ("issued", "expired") or not expiry:
                raise UserError(
                    self.env._(
                        "%(makeup)s can't be extended: it is used, revoked or never"
                        " expires.",
                        makeup=makeup.display_name,
                    )
                )
            if not date or date <= expiry:
                raise UserError(
                    self.env._(
                        "The make-up is already valid until %(date)s. Choose a later"
                        " day.",
                        date=format_date(self.env, expiry),
                    )
                )
            makeup.write({"expiry_date": date, "state": "issued", "reason": reason})
            makeup._log("extended", reason)
            makeup.attendance_id._post_consequences()
        return True

    def action_revoke(self, reason):
        """Take make-ups back that are not used.

        :param str reason: why, kept in the log
        :return: True
        :raise AccessError: without the right to grant make-ups
        :raise UserError: for one that is used
        """
        self._check_grant_right()
        reason = self._parse_reason(reason)
        # sudo: the right was checked; nobody writes make-ups by hand
        for makeup in self.sudo().filtered(lambda credit: credit.state != "revoked"):
            makeup._revoke()
            makeup.reason = reason
            makeup._log("revoked", reason)
            # what staff takes back is not given again by closing out once more
            makeup.attendance_id.issues_makeup = False
            makeup.attendance_id._post_consequences()
        return True

    def _check_grant_right(self):
        """Raise unless the user may grant, extend and revoke make-ups."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(GRANT_GROUP):
            raise AccessError(
                self.env._(
                    "You need the right to grant make-ups. Ask your administrator."
                )
            )

    @api.model
    def _parse_reason(self, reason):
        reason = parse_text(self.env, reason).strip()
        if not reason:
            raise UserError(self.env._("Enter a reason; it is kept in the log."))
        return reason

    def _log(self, action, description):
        """Note who did what with a credit, and why."""
        self.env["coaching.session.log"].create(
            [
                {
                    "makeup_id": makeup.id,
                    "session_id": makeup.attendance_id.session_id.id,
                    "attendance_id": makeup.attendance_id.id,
                    "company_id": makeup.company_id.id,
                    "action": f"makeup_{action}",
                    "description": description,
                    "user_id": self.env.uid,
                    "date": self.env["coaching.session"]._now(),
                }
                for makeup in self
            ]
        )
