from odoo import api, fields, models

from ....tools.zoom import API_URL, OAUTH_URL, ZoomClient

CREDENTIALS = ("account_id", "client_id", "client_secret")


class CoachingZoomAccount(models.Model):
    """A company's account with Zoom. Nobody reads the secrets, they are only used.

    What is secret has no access for any group: not for administrators, in no export
    and no search; superuser code takes it from here to the request.
    """

    _name = "coaching.zoom.account"
    _description = "Zoom Account"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    account_id = fields.Char(string="Account ID", groups=fields.NO_ACCESS)
    client_id = fields.Char(string="Client ID", groups=fields.NO_ACCESS)
    client_secret = fields.Char(string="Client secret", groups=fields.NO_ACCESS)
    token = fields.Char(groups=fields.NO_ACCESS, copy=False)
    token_expiry = fields.Datetime(
        string="Token valid until", groups=fields.NO_ACCESS, copy=False
    )

    _company_unique = models.UniqueIndex(
        "(company_id)", "This company already has a Zoom account."
    )

    @api.model
    def _get_for(self, company):
        """Return the account of a company, empty where none is complete."""
        account = self.sudo().search([("company_id", "=", company.id)])
        return account if all(account[name] for name in CREDENTIALS) else self.browse()

    @api.model
    def _set_credentials(self, company, vals):
        """Keep credentials of a company, and try again what failed without them.

        :param dict vals: those that change
        """
        account = self.sudo().search([("company_id", "=", company.id)])
        # a token belongs to the credentials it was given for
        vals = {**vals, "token": False, "token_expiry": False}
        if account:
            account.write(vals)
        else:
            self.sudo().create({**vals, "company_id": company.id})
        self.env["coaching.video.meeting"].sudo()._retry_failed(company, "zoom")

    def _get_client(self):
        """Return what talks to Zoom in the name of this account."""
        self.ensure_one()
        account = self.sudo()
        # sudo: where Zoom is, for government clouds and tests; a server's parameter,
        # since whoever changes it is sent the secret
        parameters = self.env["ir.config_parameter"].sudo()

        def keep(token, expiry):
            account.write({"token": token, "token_expiry": expiry})

        return ZoomClient(
            {name: account[name] for name in CREDENTIALS},
            token=(account.token, account.token_expiry),
            on_token=keep,
            api_url=parameters.get_param("coaching_sessions.zoom_api_url") or API_URL,
            oauth_url=parameters.get_param("coaching_sessions.zoom_oauth_url")
            or OAUTH_URL,
            now=self.env["coaching.session"]._now,
        )
