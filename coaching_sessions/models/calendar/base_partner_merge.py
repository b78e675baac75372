from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Contacts that are merged: what is stored of their names follows."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _log_merge_operation(self, src_partners, dst_partner):
        # by now everything points at the one that stays, by statements that have
        # nothing computed anew
        result = super()._log_merge_operation(src_partners, dst_partner)
        sessions = dst_partner._get_named_sessions()
        self.env.add_to_compute(sessions._fields["client_names"], sessions)
        sessions._follow_names()
        return result
