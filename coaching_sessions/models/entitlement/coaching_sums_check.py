from odoo import api, models
from odoo.tools import SQL

from .coaching_package_move import COUNTERS


class CoachingSumsCheck(models.AbstractModel):
    """Whether the counters of every package are the sums of its lines."""

    _inherit = "coaching.sums.check"

    @api.model
    def _find_errors(self):
        counters = {counter: [] for counter, _sign in COUNTERS.values()}
        for kind, (counter, sign) in COUNTERS.items():
            counters[counter].append(
                SQL("%s * CASE WHEN move.kind = %s THEN move.quantity END", sign, kind)
            )
        wrong = SQL(" OR ").join(
            SQL(
                "package.%s <> COALESCE(SUM(%s), 0)",
                SQL.identifier(counter),
                SQL(" + ").join(SQL("COALESCE(%s, 0)", part) for part in parts),
            )
            for counter, parts in counters.items()
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT package.id FROM coaching_package package
                  LEFT JOIN coaching_package_move move ON move.package_id = package.id
                 GROUP BY package.id HAVING %s ORDER BY package.id
                """,
                wrong,
            )
        )
        packages = self.env["coaching.package"].browse(
            [package_id for (package_id,) in self.env.cr.fetchall()]
        )
        return [
            *super()._find_errors(),
            *(
                (
                    package,
                    self.env._(
                        "What is left of this package is not the sum of its lines. Ask"
                        " whoever changed the database, then adjust the package."
                    ),
                )
                for package in packages
            ),
        ]
