from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....tools.zoom import ZoomError
from .coaching_zoom_account import CREDENTIALS


class ResConfigSettings(models.TransientModel):
    """Where an administrator enters the Zoom account; the secret is never shown.

    Not stored here either: what is typed into settings stays in their table.
    """

    _inherit = "res.config.settings"

    coaching_zoom_account_id = fields.Char(
        string="Zoom account ID",
        compute="_compute_coaching_zoom",
        inverse="_inverse_coaching_zoom",
        groups="base.group_system",
    )
    coaching_zoom_client_id = fields.Char(
        string="Zoom client ID",
        compute="_compute_coaching_zoom",
        inverse="_inverse_coaching_zoom",
        groups="base.group_system",
    )
    coaching_zoom_client_secret = fields.Char(
        string="Zoom client secret",
        compute="_compute_coaching_zoom",
        inverse="_inverse_coaching_zoom",
        groups="base.group_system",
        help="Can be entered, never read.",
    )
    coaching_zoom_connected = fields.Boolean(
        string="Zoom account is entered",
        compute="_compute_coaching_zoom",
        groups="base.group_system",
    )

    @api.depends("company_id")
    def _compute_coaching_zoom(self):
        for settings in self:
            # sudo: an administrator's settings; of the secret only whether there is one
            account = settings.env["coaching.zoom.account"].sudo()
            account = account.search([("company_id", "=", settings.company_id.id)])
            settings.coaching_zoom_account_id = account.account_id
            settings.coaching_zoom_client_id = account.client_id
            settings.coaching_zoom_client_secret = False
            settings.coaching_zoom_connected = bool(account.client_secret)

    def _inverse_coaching_zoom(self):
        for settings in self:
            # sudo: the group is that of the fields
            account = settings.env["coaching.zoom.account"].sudo()
            account = account.search([("company_id", "=", settings.company_id.id)])
            vals = {
                name: (settings[f"coaching_zoom_{name}"] or "").strip() or False
                for name in CREDENTIALS
            }
            if not vals["client_secret"] and vals["account_id"] and vals["client_id"]:
                # left empty: it stays
                del vals["client_secret"]
            if any((account[name] or False) != vals[name] for name in vals):
                account._set_credentials(settings.company_id, vals)

    def action_test_coaching_zoom(self):
        """Ask Zoom whether it accepts the account, and say so.

        :return: action that shows a notification
        :raise AccessError: unless the user is an administrator
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator can do this."))
        account = self.env["coaching.zoom.account"]._get_for(self.company_id)
        kind, message = "success", self.env._("Zoom accepts the account.")
        if not account:
            kind = "warning"
            message = self.env._(
                "Enter account ID, client ID and client secret first: those of a"
                " server-to-server OAuth app in the Zoom App Marketplace."
            )
        else:
            try:
                account._get_client().check()
            except ZoomError as error:
                # not raised: what was entered would be lost
                kind, message = "danger", self._explain_zoom_error(error)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }

    def _explain_zoom_error(self, error):
        reason = f" ({error.reason})" if error.reason else ""
        if error.kind == "credentials":
            return (
                self.env._(
                    "Zoom rejected the account. Compare the three values with those"
                    " of the app, and check that the app is activated."
                )
                + reason
            )
        return self.env._("Zoom gave an unexpected answer. Please try again.") + reason
