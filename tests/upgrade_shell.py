"""What runs inside of `odoo shell`: `before` on the old code, `after` on today's.

What both call must be in both: names that stay.
"""

import json
from datetime import datetime

from freezegun import freeze_time
from upgrade_business import Business
from upgrade_custom import customise, lost_marks

NOTE = "upgrade_test."
PLAIN = {"integer", "float", "monetary", "boolean", "date", "datetime", "selection"}
RECORDS = {"many2one", "one2many", "many2many"}


def before(env):
    """Fill the database of the base commit, and note in it what it shows."""
    Business(env).live()
    customise(env)
    env.flush_all()
    moment = datetime.now().replace(microsecond=0)
    parameters = env["ir.config_parameter"]
    parameters.set_param(f"{NOTE}moment", moment)
    parameters.set_param(f"{NOTE}figures", json.dumps(figures(env, moment)))
    env.cr.commit()


def after(env, path):
    """Write to `path` what today's code makes of it; nothing stays of going on."""
    parameters = env["ir.config_parameter"]
    moment = datetime.fromisoformat(parameters.get_param(f"{NOTE}moment"))
    seen = {
        "before": json.loads(parameters.get_param(f"{NOTE}figures")),
        "after": figures(env, moment),
        "views": lost_marks(env),
    }
    try:
        seen["went_on"] = Business(env).go_on()
    finally:
        env.cr.rollback()
    with open(path, "w") as file:
        json.dump(seen, file)


def figures(env, moment):
    """Return what is computed on reading: {model: {field: {id: value}}}.

    No sentences: those may be said better.
    """
    result = {}
    with freeze_time(moment):
        for model in sorted(env.registry):
            records = env[model]
            if records._abstract or records._transient:
                continue
            names = sorted(
                name
                for name, field in records._fields.items()
                if not field.store
                and (field.compute or field.related)
                and (model.startswith("coaching.") or "coaching" in name)
                and field.type in PLAIN | RECORDS
                and "activity" not in name
            )
            if names:
                records = records.with_context(active_test=False).search([], order="id")
                result[model] = {
                    name: {str(record.id): plain(record, name) for record in records}
                    for name in names
                }
    return result


def plain(record, name):
    value = record[name]
    kind = record._fields[name].type
    if kind in RECORDS:
        return sorted(value.ids)
    if kind in ("date", "datetime"):
        return value and value.isoformat()
    return round(value, 6) if isinstance(value, float) else value
