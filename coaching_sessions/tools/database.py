"""Guards in the database that the ORM has no declaration for.

Odoo only logs when a constraint can't be added on an upgrade, and knows no
append-only tables. What a ledger promises must hold for every writer, so both are
settled here.
"""

from odoo.exceptions import ValidationError
from odoo.orm.table_objects import Constraint, UniqueIndex
from odoo.tools import SQL

# Written by Odoo itself, also long after the fact (a deleted user is set to null).
LOG_COLUMNS = ("create_uid", "create_date", "write_uid", "write_date")
GUARDS = ("append_only", "undeletable", "immutable", "coach_time", "follow")


class LateConstraint(Constraint):
    """A constraint that needs another one, of a model that may be set up after it."""

    def apply_to_database(self, model):
        return model.pool.post_init(super().apply_to_database, model)


def make_append_only(cr, table, mutable=()):
    """Let PostgreSQL refuse to change or delete a row of ``table``, or all of them.

    :param str table: name of the table
    :param mutable: columns that may change all the same (states and pointers)
    """
    name = f"{table}_append_only"
    ignored = "{" + ",".join((*LOG_COLUMNS, *mutable)) + "}"
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
            BEGIN
                IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
                    RAISE EXCEPTION 'Rows of %% can''t be deleted', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                IF (to_jsonb(OLD) - TG_ARGV[0]::text[])
                    IS DISTINCT FROM (to_jsonb(NEW) - TG_ARGV[0]::text[]) THEN
                    RAISE EXCEPTION 'Rows of %% can''t change', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
            CREATE TRIGGER %(trigger)s BEFORE UPDATE OR DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(function)s(%(ignored)s);
            DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
            CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
            """,
            function=SQL.identifier(name),
            trigger=SQL.identifier(name),
            truncate=SQL.identifier(f"{name}_all"),
            table=SQL.identifier(table),
            ignored=ignored,
        )
    )


def make_undeletable(cr, table):
    """Let PostgreSQL refuse to delete a row of ``table``, whoever asks.

    :param str table: name of the table
    """
    name = f"{table}_undeletable"
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION 'Rows of %% can''t be deleted', TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
            CREATE TRIGGER %(trigger)s BEFORE DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(function)s();
            DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
            CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
            """,
            function=SQL.identifier(name),
            trigger=SQL.identifier(name),
            truncate=SQL.identifier(f"{name}_all"),
            table=SQL.identifier(table),
        )
    )


def make_immutable_once(cr, table, condition, mutable=()):
    """Let PostgreSQL refuse to change a row of ``table`` once a condition holds.

    :param str table: name of the table
    :param SQL condition: on ``OLD``, for instance that another row refers to it
    :param mutable: columns that may change all the same
    """
    name = f"{table}_immutable"
    ignored = "{" + ",".join((*LOG_COLUMNS, *mutable)) + "}"
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
            BEGIN
                IF (to_jsonb(OLD) - TG_ARGV[0]::text[])
                    IS DISTINCT FROM (to_jsonb(NEW) - TG_ARGV[0]::text[])
                    AND (%(condition)s) THEN
                    RAISE EXCEPTION 'This row of %% never changes', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
            CREATE TRIGGER %(trigger)s BEFORE UPDATE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(function)s(%(ignored)s);
            """,
            function=SQL.identifier(name),
            trigger=SQL.identifier(name),
            table=SQL.identifier(table),
            condition=condition,
            ignored=ignored,
        )
    )


def get_missing_constraints(env, module):
    """Return the names of declared constraints that the database does not have.

    :param str module: technical name of the addon whose declarations are looked at
    :return: list of names of constraints and unique indexes
    """
    declared = {
        table_object.full_name(model)
        for model in (env[name] for name in env.registry)
        if not model._abstract and model._auto
        for table_object in model._table_objects.values()
        if table_object._module == module
        and isinstance(table_object, Constraint | UniqueIndex)
    }
    declared |= {
        name
        for model in (env[name] for name in env.registry)
        if not model._abstract and model._original_module == module
        for name in getattr(model, "_database_guards", ())
    }
    env.cr.execute(
        """
        SELECT conname FROM pg_constraint WHERE conname = ANY(%(names)s)
        UNION SELECT relname FROM pg_class WHERE relname = ANY(%(names)s)
        UNION SELECT tgname FROM pg_trigger
               WHERE tgname = ANY(%(names)s) AND tgenabled <> 'D'
        """,
        {"names": list(declared)},
    )
    return sorted(declared - {name for (name,) in env.cr.fetchall()})


def check_constraints(env, module):
    """Raise when a declared constraint is not in the database.

    :param str module: technical name of the addon
    :raise ValidationError: naming the constraints that existing data violates
    """
    env.registry.finalize_constraints(env.cr)
    missing = get_missing_constraints(env, module)
    if missing:
        raise ValidationError(
            env._(
                "These database constraints can't be added because existing records"
                " violate them: %(names)s. Correct the records, then install or"
                " upgrade again.",
                names=", ".join(missing),
            )
        )


def clear_removed_modules(env):
    """Empty the tables of the addons being uninstalled, and drop their guards.

    Odoo deletes an addon's records one by one before it drops the tables: what is
    append-only or referenced would refuse that, with an error for each.

    What depends on an addon is uninstalled with it, so nothing that stays is touched.
    """
    removed = env["ir.module.module"].search([("state", "=", "to remove")])
    modules = set(removed.mapped("name"))
    models = [env[name] for name in env.registry]
    own = [
        model
        for model in models
        if model._auto and not model._abstract and model._original_module in modules
    ]
    tables = {model._table for model in own}
    # tables between two models, wherever they are declared
    tables |= {
        field.relation
        for model in models
        for field in model._fields.values()
        if field.type == "many2many"
        and field.store
        and {model._name, field.comodel_name} & {model._name for model in own}
    }
    functions = [f"{table}_{guard}" for table in tables for guard in GUARDS]
    env.cr.execute("SELECT proname FROM pg_proc WHERE proname = ANY(%s)", [functions])
    for (function,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP FUNCTION %s() CASCADE", SQL.identifier(function)))
    for model in models:
        if model._original_module in modules:
            for function in getattr(model, "_database_functions", ()):
                env.cr.execute(
                    SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(function))
                )
    _drop_references(env, modules, {model._name for model in own})
    for model in own:
        for table in getattr(model, "_database_tables", ()):
            env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
        for table_object in model._table_objects.values():
            if isinstance(table_object, LateConstraint):
                # Odoo would drop first what this one needs
                env.cr.execute(
                    SQL(
                        "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                        SQL.identifier(model._table),
                        SQL.identifier(table_object.full_name(model)),
                    )
                )
    # all at once and without CASCADE: what others keep about sessions stops it
    env.cr.execute(
        SQL("TRUNCATE %s", SQL(", ").join(SQL.identifier(name) for name in tables))
    )
    env.invalidate_all()


def _drop_references(env, modules, removed):
    """Drop what columns of these addons in tables that stay refer to.

    The columns go as well, but only after the tables are emptied.

    :param set modules: names of the addons being uninstalled
    :param set removed: names of their models
    """
    for model in (env[name] for name in env.registry):
        if not model._auto or model._abstract or model._name in removed:
            continue
        for field in model._fields.values():
            if (
                field.type == "many2one"
                and field.store
                and field.comodel_name in removed
                and set(field._modules) <= modules
            ):
                env.cr.execute(
                    SQL(
                        "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                        SQL.identifier(model._table),
                        SQL.identifier(f"{model._table}_{field.name}_fkey"),
                    )
                )
