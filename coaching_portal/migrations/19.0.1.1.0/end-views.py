from odoo import SUPERUSER_ID, api

from odoo.addons.coaching_sessions.tools.view_translations import restore_translations


def migrate(cr, version):
    """Translate again what a business had translated in views that were cut up."""
    restore_translations(api.Environment(cr, SUPERUSER_ID, {}), "coaching_portal")
