from psycopg2.errors import RestrictViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger, sql

from ...tools.database import LOG_COLUMNS
from ..common import CoachingCommon

# another value of a column, for those that are empty
OTHER = {
    "bool": True,
    "date": "2000-01-01",
    "float8": 1,
    "int4": 1,
    "jsonb": "{}",
    "numeric": 1,
    "text": "other",
    "timestamp": "2000-01-01",
    "varchar": "other",
}


@tagged("post_install", "-at_install")
class TestLedgerMixin(CoachingCommon):
    """What the mixin promises, of every model that stands on it, in any addon."""

    def setUp(self):
        super().setUp()
        names = self.registry.descendants(["coaching.ledger.mixin"], "_inherit")
        self.ledgers = [
            self.env[name] for name in sorted(names) if not self.env[name]._abstract
        ]
        # one that is to come, and one that is closed
        self.book(days=8)
        self.close(self.book(), "completed")
        self.env.flush_all()

    def _each_line(self):
        """Yield a line of each ledger that has one by now."""
        for ledger in self.ledgers:
            line = ledger.search([], order="id desc", limit=1)
            if line:
                with self.subTest(ledger=ledger._name):
                    yield line

    def _get_indexed(self, ledger):
        """Return the columns of each unique index of a ledger."""
        return self.env.execute_query(
            SQL(
                """
                SELECT array_agg(attribute.attname ORDER BY attribute.attname),
                       index.indpred IS NOT NULL
                  FROM pg_index index
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = index.indrelid
                   AND attribute.attnum = ANY(index.indkey)
                 WHERE index.indrelid = %s::regclass AND index.indisunique
                       AND NOT index.indisprimary
                 GROUP BY index.indexrelid, index.indpred
                """,
                ledger._table,
            )
        )

    def test_the_ledgers_are_found(self):
        self.assertIn("coaching.package.move", [one._name for one in self.ledgers])
        self.assertIn(
            "coaching.package.move", [line._name for line in self._each_line()]
        )

    def test_nobody_writes(self):
        for line in self._each_line():
            fixed = [
                name
                for name, field in line._fields.items()
                if field.store
                and field.column_type
                and name not in (*LOG_COLUMNS, "id", *line._ledger_mutable)
            ]
            self.assertTrue(fixed)
            for name in fixed:
                with self.assertRaises(UserError, msg=name):
                    line.sudo().write({name: False})
            for name in line._ledger_mutable:
                with self.assertRaises(UserError, msg=name):
                    line.sudo(False).with_user(self.manager).write({name: False})

    def test_nobody_deletes(self):
        for line in self._each_line():
            with self.assertRaises(UserError):
                line.sudo().unlink()

    def test_the_database_refuses_to_change(self):
        for line in self._each_line():
            self._check_sql_refused(line)

    def _check_sql_refused(self, line):
        table = SQL.identifier(line._table)
        columns = sql.table_columns(self.env.cr, line._table)
        mutable = {"id", *LOG_COLUMNS, *line._ledger_mutable}
        for name in sorted(set(columns) - mutable):
            column = SQL.identifier(name)
            self._assert_refused(
                SQL(
                    "UPDATE %(table)s SET %(column)s = CASE WHEN %(column)s IS NULL"
                    " THEN %(other)s ELSE NULL END WHERE id = %(id)s",
                    table=table,
                    column=column,
                    other=SQL(
                        "%s::" + columns[name]["udt_name"],
                        OTHER[columns[name]["udt_name"]],
                    ),
                    id=line.id,
                ),
                name,
            )

    def test_the_database_refuses_to_delete(self):
        for line in self._each_line():
            self._assert_refused(
                SQL(
                    "DELETE FROM %s WHERE id = %s",
                    SQL.identifier(line._table),
                    line.id,
                )
            )

    def _assert_refused(self, query, message=None):
        with (
            self.assertRaises(RestrictViolation, msg=message),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(query)

    def test_every_ledger_has_its_guard(self):
        """Also one that has no line in this little business."""
        for ledger in self.ledgers:
            with self.subTest(ledger=ledger._name):
                self.env.cr.execute(
                    "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
                    " AND tgname = %s AND tgenabled <> 'D'",
                    (ledger._table, f"{ledger._table}_append_only"),
                )
                self.assertEqual(self.env.cr.fetchone()[0], 1)

    def test_a_line_is_taken_back_once_and_posted_once(self):
        for ledger in self.ledgers:
            with self.subTest(ledger=ledger._name):
                field = ledger._fields[ledger._ledger_reversal]
                self.assertEqual(field.comodel_name, ledger._name)
                indexed = self._get_indexed(ledger)
                self.assertIn(([ledger._ledger_reversal], True), indexed)
                # what a line is posted for, among those that stand
                self.assertGreater(len(indexed), 1)

    def test_what_takes_a_line_back_cancels_it_out(self):
        for line in self._each_line():
            values = line._prepare_reversal_values()
            self.assertEqual(values[line._ledger_reversal], line.id)
            self.assertTrue(line._ledger_copied and line._ledger_negated)
            for name in line._ledger_negated:
                self.assertEqual(values[name], -line[name])
            for name, field in line._fields.items():
                if field.required and name not in line._ledger_mutable:
                    self.assertIn(name, values)
