"""What a database holds, read from PostgreSQL itself, and what another one lost of it.

`inventory` is what tests/data/upgrade_base.json keeps of the base commit.
"""

# Over 300 lines: what is compared, what may differ and why are read together.

import re

from psycopg2 import sql

ADDONS = ("coaching_sessions", "coaching_payroll", "coaching_portal", "coaching_sms")

# Made by Odoo for each model and field; the inventory has the models and fields.
REGISTRY = (
    "ir.model",
    "ir.model.constraint",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.inherit",
    "ir.model.relation",
)
# Tables whose name is not the model's.
TABLES = {
    "ir.actions.act_url": "ir_act_url",
    "ir.actions.act_window": "ir_act_window",
    "ir.actions.act_window.view": "ir_act_window_view",
    "ir.actions.client": "ir_act_client",
    "ir.actions.report": "ir_act_report_xml",
    "ir.actions.server": "ir_act_server",
}
# What an upgrade may write anew in a record that a file of an addon describes.
TEXTS = ("character varying", "text", "jsonb")
STAMPS = {"write_date", "write_uid"}

PRIVATE = "events name no client any more, so that colleagues can't tell who is coached"
# What any upgrade changes in any database, and why it is no loss: a column, all
# columns (*), new rows (+), or rows that go (-) of a table.
CHANGES = {
    ("calendar_attendee", "-"): PRIVATE,
    ("calendar_event", "name"): PRIVATE,
    ("calendar_event_res_partner_rel", "-"): PRIVATE,
    ("mail_followers", "-"): PRIVATE,
    ("hr_payroll_structure", "company_id"): "every company uses what is shipped",
    ("hr_salary_rule_category", "company_id"): "every company uses what is shipped",
    ("ir_actions_server_history", "+"): "Odoo keeps what a new cron calls",
    ("ir_attachment", "write_date"): "Odoo writes the icons of menus anew",
    ("ir_cron_trigger", "+"): "Odoo plans to clean up after an upgrade",
    ("ir_model_data", "+"): "new fields, views and mixins have XML ids",
    ("ir_model", "info"): "the docstring of a model",
    ("ir_model", "is_mail_activity"): "models that can have activities from now on",
    ("ir_model_constraint", "+"): "a guard that we declare now, it was there",
    ("ir_model_fields", "help"): "help for the company of a payslip's structure",
    ("ir_model_fields", "index"): "an index that was not there",
    ("ir_model_fields", "required"): "a structure may be every company's",
    ("ir_model_fields_selection", "+"): "what activities add to packages",
    ("ir_module_module", "*"): "Odoo reads each manifest anew",
    ("mail_message", "+"): "Odoo notes that a cron was created",
    (
        "mail_template",
        "body_html",
    ): "an expression, or a sentence as it was shipped; test_emails_keep_what_is_own",
    ("orm_signaling_registry", "+"): "tells other processes of the upgrade",
    (
        "res_partner",
        "write_date",
    ): "Odoo stamps who is in a group that it loads anew",
}
# What of a described record comes from the order of our files.
ORDER = {
    "ir_model_fields_selection": {"sequence"},
    "ir_ui_view": {"priority"},
}
# Their rows are made anew with the record that has them.
MADE_ANEW = {"ir_act_window_view"}
# What every model has.
MAGIC = {"id", "display_name", "create_date", "create_uid", *STAMPS}


DIALOGS = (
    "SELECT replace(model, '.', '_') FROM ir_model"
    " WHERE transient AND model LIKE 'coaching.%'"
)


def tables_of_the_business(connection):
    """Return the tables of the addons, without those of dialogs."""
    dialogs = [name for (name,) in _select(connection, DIALOGS)]
    return [
        table
        for table in columns(connection)
        if table.startswith("coaching_") and not any(d in table for d in dialogs)
    ]


def _select(connection, query, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall()


# === WHAT IS THERE === #


def columns(connection):
    """Return {table: {column: type}}."""
    tables = {}
    for table, column, kind in _select(
        connection,
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
        " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2",
    ):
        tables.setdefault(table, {})[column] = kind
    return tables


def guards(connection):
    """Return {(table, kind, name): definition} of what PostgreSQL guards."""
    rows = _select(
        connection,
        "SELECT conrelid::regclass::text, 'constraint', conname,"
        " pg_get_constraintdef(oid) FROM pg_constraint"
        # NOT NULL is one from PostgreSQL 18 on; columns() has it
        " WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
        " UNION ALL SELECT tablename, 'index', indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public'"
        " UNION ALL SELECT tgrelid::regclass::text, 'trigger', tgname,"
        " tgenabled::text || ' ' || pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal"
        " UNION ALL SELECT '', 'function', proname, '' FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'coaching%'",
    )
    return {tuple(row[:3]): _in_order(row[3]) for row in rows}


def _in_order(definition):
    """Return a definition with what may come in any order sorted."""

    def order(found):
        return f"num_nonnulls({', '.join(sorted(found[1].split(', ')))})"

    return re.sub(r"num_nonnulls\(([^)]*)\)", order, definition)


def xml_ids(connection):
    """Return {XML id: (model, id of the record, noupdate)} of the addons."""
    rows = _select(
        connection,
        "SELECT module || '.' || name, model, res_id, COALESCE(noupdate, false)"
        " FROM ir_model_data WHERE module IN %s",
        ADDONS,
    )
    return {row[0]: row[1:] for row in rows}


def inventory(connection):
    """Return what other addons, files and people may name, and what guards it.

    Without what follows from the rest: keys, what every model has, columns of dialogs.
    """
    found = {"xml_ids": {}, "fields": {}, "selections": {}, "columns": {}, "guards": {}}
    for name, (model, _id, _noupdate) in sorted(xml_ids(connection).items()):
        if model not in REGISTRY:
            module, _, name = name.partition(".")
            found["xml_ids"].setdefault(f"{module} {model}", {})[name] = ""
    for model, name, kind, relation, stored in _select(
        connection,
        "SELECT DISTINCT f.model, f.name, f.ttype, COALESCE(f.relation, ''), f.store"
        " FROM ir_model_fields f JOIN ir_model_data d"
        " ON d.model = 'ir.model.fields' AND d.res_id = f.id"
        " WHERE d.module IN %s ORDER BY f.model, f.name",
        ADDONS,
    ):
        if name not in MAGIC and not name.startswith(("activity_", "message_")):
            words = [kind, *filter(None, [relation, stored and "stored"])]
            found["fields"].setdefault(model, {})[name] = ",".join(words)
    for field, value in _select(
        connection,
        "SELECT DISTINCT f.model || '.' || f.name, s.value"
        " FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id"
        " JOIN ir_model_data d ON d.model = 'ir.model.fields.selection'"
        " AND d.res_id = s.id WHERE d.module IN %s ORDER BY 1, 2",
        ADDONS,
    ):
        found["selections"].setdefault(field, {})[value] = ""
    dialogs = [name for (name,) in _select(connection, DIALOGS)]
    for table, kinds in columns(connection).items():
        for name, kind in kinds.items():
            ours = "coaching" in f"{table}.{name}" and name not in MAGIC
            if ours and not any(dialog in table for dialog in dialogs):
                kind = kind.replace(" ", "_")
                found["columns"].setdefault(table, {})[name] = kind
    for table, kind, name in sorted(guards(connection)):
        ours = "coaching" in f"{table} {name}" and not table.endswith("_rel")
        if ours and not name.endswith(("_fkey", "_pkey")):
            found["guards"].setdefault(f"{kind} {table}".strip(), {})[name] = ""
    return found


def pack(found):
    """Return an inventory with each of its lists as one string, to be kept."""
    return {
        part: {
            name: " ".join(f"{k}:{v}" if v else k for k, v in things.items())
            for name, things in parts.items()
        }
        for part, parts in found.items()
    }


def unpack(kept):
    """Return the inventory that `pack` made strings of."""
    return {
        part: {
            name: dict(thing.partition(":")[::2] for thing in things.split(" "))
            for name, things in parts.items()
        }
        for part, parts in kept.items()
    }


def lost(before, after, gone=()):
    """Return what of an inventory another one has not, a line a thing.

    :param gone: lines that are no loss
    """
    lines = []
    for part, parts in before.items():
        for name, things in parts.items():
            others = after[part].get(name, {})
            for thing, kind in things.items():
                if thing not in others:
                    lines.append(f"{part}: {name}: {thing}")
                elif others[thing] != kind:
                    lines.append(f"{part}: {name}: {thing}: {kind} → {others[thing]}")
    return [line for line in lines if line not in gone]


# === ROWS === #


def changed_rows(before, after):
    """Return what the upgrade from one database to the other did to rows of `before`.

    A line for each row that is not there any more or has another value in one of its
    columns, and for each new row in a table of the business. What a file of an addon
    describes may have other texts, unless the business is the one to keep it
    (noupdate).
    """
    rows = []
    new = columns(after)
    described = _described(before), _described(after, own=True)
    for table, kinds in columns(before).items():
        missing = sorted(set(kinds) - set(new.get(table, {})))
        rows += [f"{table}.{column}: the column is gone" for column in missing]
        skipped = {column for name, column in CHANGES if name == table}
        if table in MADE_ANEW:
            skipped |= MAGIC
        kept = [name for name in kinds if name not in skipped and name not in missing]
        if "*" in skipped or not kept or table not in new:
            continue
        if _hash(before, table, kept) != _hash(after, table, kept):
            rows += _differences(before, after, table, kinds, kept, described)
    return rows


def _described(connection, own=False):
    """Return {table: ids of records that the files of the addons describe}.

    :param bool own: those too that are a business's own once they are installed
    """
    found = {}
    for model, res_id, noupdate in xml_ids(connection).values():
        if own or not noupdate:
            table = TABLES.get(model, model.replace(".", "_"))
            found.setdefault(table, set()).add(res_id)
    return found


def _query(text, table, kept):
    names = sql.SQL(", ").join(map(sql.Identifier, kept))
    return sql.SQL(text).format(table=sql.Identifier(table), names=names)


def _hash(connection, table, kept):
    hashes = "sum(hashtextextended(ROW({names})::text, 0))"
    text = f"SELECT count(*), {hashes} FROM ONLY {{table}}"
    return _select(connection, _query(text, table, kept))


def _rows(connection, table, kept):
    """Return {id, or the whole row where there is none: {column: value}}."""
    text = "SELECT to_jsonb(t) FROM (SELECT {names} FROM ONLY {table}) t"
    rows = [row for (row,) in _select(connection, _query(text, table, kept))]
    return {row.get("id") or str(sorted(row.items())): row for row in rows}


def _differences(before, after, table, kinds, kept, described):
    old, new = _rows(before, table, kept), _rows(after, table, kept)
    texts = {name for name in kept if kinds[name].startswith(TEXTS)}
    texts |= STAMPS | ORDER.get(table, set())
    for key, row in old.items():
        if key not in new:
            if (table, "-") not in CHANGES:
                yield f"{table} {key}: the row is gone ({row})"
            continue
        free = texts if key in described[0].get(table, ()) else set()
        for name in kept:
            if row[name] != new[key][name] and name not in free:
                yield f"{table} {key}, {name}: {row[name]!r} → {new[key][name]!r}"
    if (table, "+") in CHANGES:
        return
    for key in new.keys() - old.keys() - described[1].get(table, set()):
        yield f"{table} {key}: a new row ({new[key]})"
