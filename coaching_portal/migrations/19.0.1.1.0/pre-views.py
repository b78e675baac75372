from odoo.addons.coaching_sessions.tools.view_translations import keep_translations


def migrate(cr, version):
    """Empty the views that extend others, until this upgrade writes them again.

    Pages were cut up by capability. A page that is loaded is combined at once with
    those that extended it before, and what these look for is not in it any more, but
    in views that are loaded later.
    """
    keep_translations(cr, "coaching_portal")
    cr.execute(
        """
        UPDATE ir_ui_view AS view
           SET arch_db = jsonb_build_object('en_US', '<data/>')
          FROM ir_model_data AS data
         WHERE data.model = 'ir.ui.view' AND data.res_id = view.id
           AND data.module = 'coaching_portal' AND NOT data.noupdate
           AND view.inherit_id IS NOT NULL AND view.mode = 'extension'
        """
    )
