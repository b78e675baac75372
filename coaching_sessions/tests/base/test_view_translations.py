from odoo.tests import TransactionCase, tagged

from ...tools.view_translations import keep_translations, restore_translations

MODULE = "coaching_sessions"


@tagged("post_install", "-at_install")
class TestViewTranslations(TransactionCase):
    """An upgrade that cuts views up loses no word that a business translated."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.old, self.new = (
            self.env["ir.ui.view"].create(
                {
                    "name": f"Translated {name}",
                    "model": "coaching.session",
                    "type": "form",
                    "arch": f'<form><group string="{name}"/></form>',
                }
            )
            for name in ("Old words", "Others")
        )
        self.env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "name": f"test_translated_{view.id}",
                    "model": "ir.ui.view",
                    "res_id": view.id,
                }
                for view in (self.old, self.new)
            ]
        )

    def _translate(self, view, term, words):
        view.update_field_translations("arch_db", {"fr_FR": {term: words}})

    def _read(self, view):
        return view.with_context(lang="fr_FR").arch_db

    def test_a_term_that_moves_keeps_its_translation(self):
        self._translate(self.old, "Old words", "Vieux mots")
        self.env.flush_all()
        keep_translations(self.env.cr, MODULE)
        # what the upgrade does: the view is emptied, the term is in another one now
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db = jsonb_build_object('en_US', '<form/>')"
            " WHERE id = %s",
            (self.old.id,),
        )
        self.env.invalidate_all()
        self.new.arch = (
            '<form><group string="Others"/><group string="Old words"/></form>'
        )
        self.env.flush_all()
        self.assertNotIn("Vieux mots", self._read(self.new))
        restore_translations(self.env, MODULE)
        self.assertIn("Vieux mots", self._read(self.new))
        self.assertIn("Old words", self.new.with_context(lang="en_US").arch_db)

    def test_what_is_translated_stays(self):
        self._translate(self.old, "Old words", "Vieux mots")
        self.new.arch = '<form><group string="Old words"/></form>'
        self._translate(self.new, "Old words", "Mots anciens")
        self.env.flush_all()
        keep_translations(self.env.cr, MODULE)
        restore_translations(self.env, MODULE)
        self.assertIn("Mots anciens", self._read(self.new))
        self.assertIn("Vieux mots", self._read(self.old))

    def test_nothing_to_restore(self):
        """A fresh database has put nothing aside."""
        self.assertFalse(restore_translations(self.env, MODULE))
