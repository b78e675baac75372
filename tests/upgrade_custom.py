"""What a business makes its own, inside of `odoo shell` on the base commit.

And, after the upgrade, what of that its views have lost.
"""

import psycopg2
from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

ADDONS = ("coaching_sessions", "coaching_payroll", "coaching_portal", "coaching_sms")
# A view that the business edited itself, instead of inheriting from it.
EDITED = "coaching_sessions.coaching_session_view_list"
OWN = "Own: "


def customise(env):
    """Change what administrators and users change."""
    kind = env.ref("coaching_sessions.booking_type_individual").copy(
        {"name": "Ours", "company_id": env.company.id}
    )
    kind.action_customize_policy()
    product = env.ref("coaching_sessions.product_package_5").product_tmpl_id
    records = [
        env.company,
        kind,
        product.copy({"name": "Our package"}),
        env["coaching.coach"].search([("name", "=", "Otis Other")]),
        env["res.partner"].search([("name", "=", "Pia Upgrade")]),
        *env["coaching.outcome.policy"].search([("booking_type_id", "=", kind.id)]),
        shipped(env, "coaching.reminder")[0].copy(),
    ]
    for record in records:
        vary(record)
    product.coaching_booking_type_ids = kind
    kind.coach_ids = env["coaching.coach"].search([], limit=2)
    env["coaching.package"].search([], limit=1).booking_type_ids = kind
    shipped(env, "coaching.outcome.policy").charge_percent = 44
    for outcome in shipped(env, "coaching.outcome"):
        outcome.name = f"{OWN}{outcome.name}"
    policy = shipped(env, "coaching.outcome.policy")[0]
    env["coaching.outcome.policy.tier"].create(
        {"policy_id": policy.id, "notice_hours": 77, "pay_percent": 33}
    )
    for template in shipped(env, "mail.template", "sms.template"):
        for name in ("subject", "name"):
            if name in template:
                template[name] = f"{OWN}{template[name]}"
        body = "body_html" if "body_html" in template else "body"
        template[body] = f"{template[body]}{OWN}"
    crons = shipped(env, "ir.cron")
    crons.interval_number = 17
    crons[-1].active = False
    shipped(env, "ir.rule")[-1].name = f"{OWN}rule"
    shipped(env, "coaching.booking.type")[-1].active = False
    env["coaching.reminder"].search([])[-1].copy().active = False
    env["ir.default"].set("coaching.booking.type", "duration_minutes", 55, True)
    env["ir.config_parameter"].set_param(
        "coaching_sessions.zoom_api_url", "https://zoom.example.com"
    )
    action = env["ir.actions.act_window"].search(
        [("res_model", "=", "coaching.session")], limit=1
    )
    env["ir.filters"].create(
        {
            "name": f"{OWN}filter",
            "model_id": "coaching.session",
            "action_id": action.id,
            "user_ids": [Command.set(env.user.ids)],
            "domain": "[('coach_id.name', '=', 'Olga Own')]",
            "context": "{'group_by': ['coach_id']}",
        }
    )
    customise_views(env)


def shipped(env, *models):
    """Return the records that the addons brought, archived ones as well."""
    data = env["ir.model.data"].search(
        [("module", "in", ADDONS), ("model", "in", models)], order="id"
    )
    if len(models) == 1:
        return env[models[0]].browse(data.mapped("res_id")).exists()
    return [env[line.model].browse(line.res_id) for line in data]


# What a record is found by.
KEYS = {"active", "code", "complimentary"}


def vary(record):
    """Give each setting of ours another value, where that can be."""
    fields = record._fields
    own = record._name.startswith("coaching.")
    for name, field in fields.items():
        if not field.store or field.readonly or field.compute or field.related:
            continue
        if not own and not name.startswith("coaching_") or name in KEYS:
            continue
        value = other_value(record, field)
        if value is None:
            continue
        try:
            with mute_logger("odoo.sql_db"), record.env.cr.savepoint():
                record.write({name: value})
                record.flush_recordset()
        except (UserError, psycopg2.IntegrityError):
            record.invalidate_recordset()


def other_value(record, field):
    value = record[field.name]
    if field.type == "boolean":
        return not value
    if field.type in ("integer", "float", "monetary"):
        return value + 3 if value < 50 else value - 3
    if field.type == "selection":
        values = field.get_values(record.env)
        return values[(values.index(value) if value in values else -1) - 1]
    if field.type in ("char", "text") and field.name != "email":
        return f"{OWN}{value or ''}"
    return None


# === VIEWS === #


def customise_views(env):
    """Inherit from every view that shows something of ours, as Studio does.

    The user's view marks each node that has a name of its own: whatever was to be found
    in a view must be found there by customised views after the upgrade.
    """
    for view in our_views(env):
        arch = own_arch(env, view)
        if arch is not None:
            env["ir.ui.view"].create(
                {
                    "name": f"{OWN}{view.name}",
                    "type": view.type,
                    "model": view.model,
                    "inherit_id": view.id,
                    "mode": "extension",
                    "arch": arch,
                }
            )
    # edited itself, and kept from upgrades as Odoo wants it
    view = env.ref(EDITED)
    arch = etree.fromstring(view.arch)
    arch.append(etree.Element("field", name="create_uid", string=f"{OWN}column"))
    view.arch = etree.tostring(arch, encoding="unicode")
    env["ir.model.data"].search(
        [("model", "=", "ir.ui.view"), ("res_id", "=", view.id)]
    ).noupdate = True


def our_views(env):
    """Return the primary views that hold something of the addons."""
    views = shipped(env, "ir.ui.view")
    roots = env["ir.ui.view"]
    for view in views:
        while view.mode == "extension":
            view = view.inherit_id
        roots |= view
    return roots.sorted("id")


def own_arch(env, view):
    """Return the arch of a view that marks what has a name in `view`, or None."""
    ours = view.xml_id.split(".")[0] in ADDONS
    combined = etree.fromstring(view.get_combined_arch())
    qweb = view.type == "qweb"
    key = "id" if qweb else "name"
    seen, specs = set(), etree.Element("data")
    for node in combined.iter(etree.Element):
        name = node.get(key)
        if not name or "'" in name or (node.tag, name) in seen:
            continue
        # the first one of that name is the one that a view finds
        seen.add((node.tag, name))
        if not qweb and any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        if ours or "coaching" in name:
            specs.append(own_mark(node, f"//{node.tag}[@{key}='{name}']", qweb))
    return etree.tostring(specs, encoding="unicode") if len(specs) else None


def own_mark(node, path, qweb):
    spec = etree.Element("xpath", expr=path, position="attributes")
    mark = etree.SubElement(spec, "attribute", name="data-own" if qweb else "string")
    mark.text = OWN + path.replace("'", "")
    return spec


def lost_marks(env):
    """Return {view: marks that are lost} of all customised views; {} when none is."""
    lost = {}
    views = env["ir.ui.view"].with_context(active_test=False)
    own = views.search([("name", "=like", f"{OWN}%")])
    if not own:
        return {"": ["all customised views"]}
    for view in own:
        try:
            combined = view.inherit_id.get_combined_arch()
        except ValueError as error:
            lost[view.name] = [str(error)]
            continue
        marks = set(etree.fromstring(view.arch).xpath("//attribute/text()"))
        found = set(etree.fromstring(combined).xpath("//@string | //@data-own"))
        if not view.active:
            marks.add("it is archived")
        if marks - found:
            lost[view.name] = sorted(marks - found)
    if f"{OWN}column" not in env.ref(EDITED).get_combined_arch():
        lost[EDITED] = [f"{OWN}column"]
    return lost
