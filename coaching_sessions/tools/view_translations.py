"""What a business has translated in our views, kept over an upgrade that cuts them up.

Odoo carries the translation of a term over only where the term stays in its view. A
migration calls ``keep_translations`` before the views are written, and
``restore_translations`` at the end: whichever view a term is in by then.
"""

from odoo.tools import SQL


def _get_table(module):
    return SQL.identifier(f"{module}_old_views")


def keep_translations(cr, module):
    """Put aside the views of a module that are translated; in a ``pre-`` script.

    :param str module: name of the addon
    """
    cr.execute(SQL("DROP TABLE IF EXISTS %s", _get_table(module)))
    cr.execute(
        SQL(
            """
            CREATE TABLE %s AS
            SELECT view.arch_db
              FROM ir_ui_view AS view
              JOIN ir_model_data AS data
                ON data.model = 'ir.ui.view' AND data.res_id = view.id
             WHERE data.module = %s AND NOT data.noupdate
               AND (SELECT count(*) FROM jsonb_object_keys(view.arch_db)) > 1
            """,
            _get_table(module),
            module,
        )
    )


def restore_translations(env, module):
    """Translate terms of a module's views as they were; in an ``end-`` script.

    What is translated in a view already stays.

    :param str module: name of the addon
    """
    table = _get_table(module)
    env.cr.execute(SQL("SELECT to_regclass(%s)", f"{module}_old_views"))
    if not env.cr.fetchone()[0]:
        return
    old_views = [arch for (arch,) in env.execute_query(SQL("SELECT * FROM %s", table))]
    env.cr.execute(SQL("DROP TABLE %s", table))
    installed = {code for code, _name in env["res.lang"].get_installed()}
    field = env["ir.ui.view"]._fields["arch_db"]
    known = {}  # term → {language: translation}
    for arch in old_views:
        others = {lang: arch[lang] for lang in arch if lang in installed - {"en_US"}}
        terms = field.get_translation_dictionary(arch["en_US"], others)
        for term, translations in terms.items():
            for lang, translation in translations.items():
                if translation != term:
                    known.setdefault(term, {})[lang] = translation
    if known:
        views = env["ir.ui.view"].with_context(active_test=False, lang=None)
        ids = env["ir.model.data"].search(
            [("module", "=", module), ("model", "=", "ir.ui.view")]
        )
        for view in views.browse(ids.mapped("res_id")):
            _translate(view, field, known, installed)


def _translate(view, field, known, installed):
    """Translate the terms of a view that are known and not translated in it."""
    wanted = {}
    terms = set(field.get_trans_terms(view.arch_db)) & known.keys()
    for lang in installed - {"en_US"} if terms else ():
        arch = view.with_context(lang=lang).arch_db
        there = field.get_translation_dictionary(view.arch_db, {lang: arch})
        found = {
            term: known[term][lang]
            for term in terms
            if lang in known[term] and there[term][lang] == term
        }
        if found:
            wanted[lang] = found
    if wanted:
        view.update_field_translations("arch_db", wanted)
