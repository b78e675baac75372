from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.database import LateConstraint
from ..base.groups import COACH_GROUP
from .coaching_package import UNITS

# Which counter of the package a line moves, and in which direction.
COUNTERS = {
    "grant": ("granted", 1),
    "adjust": ("granted", 1),
    "refund": ("refunded", -1),
    "expire": ("expired", -1),
    "hold": ("held", -1),
    "release": ("held", -1),
    "use": ("used", -1),
}


class CoachingPackageMove(models.Model):
    """The ledger of a package: append-only, in the database too.

    ``quantity`` is the signed change of what the client has left, in the package's
    unit, so that the balance is the sum of the lines. A booking posts a *hold*; the
    outcome ends it with a *release*, and posts a *use* where the session counts. A
    line is taken back by another of the same kind that names it, once.
    """

    _name = "coaching.package.move"
    _description = "Package Move"
    _inherit = ["coaching.ledger.mixin"]
    _order = "id desc"
    _rec_name = "kind"

    _ledger_reversal = "reversal_of_id"
    _ledger_copied = ("package_id", "attendance_id", "company_id", "unit", "kind")
    _ledger_negated = ("quantity",)

    package_id = fields.Many2one(
        comodel_name="coaching.package",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Session",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[
            ("grant", "Granted"),
            ("hold", "Held for a booking"),
            ("use", "Used"),
            ("release", "Hold ended"),
            ("expire", "Expired"),
            ("extend", "Extended"),
            ("share", "Shared"),
            ("refund", "Taken back"),
            ("adjust", "Adjusted"),
        ],
        required=True,
        readonly=True,
    )
    unit = fields.Selection(
        selection=UNITS, required=True, readonly=True, default="sessions"
    )
    quantity = fields.Integer(
        string="Change",
        required=True,
        readonly=True,
        help="Change in the client's balance, in sessions or minutes.",
    )
    claim_number = fields.Integer(
        string="Number of the hold or use",
        readonly=True,
        help="Number of holds and uses of this attendance.",
    )
    reversal_of_id = fields.Many2one(
        comodel_name="coaching.package.move",
        string="Reverses",
        readonly=True,
        ondelete="restrict",
    )
    # written for the ledger, not for the client
    reason = fields.Char(readonly=True, groups=COACH_GROUP)

    _ended_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "This was already ended. Reload the page.",
    )
    _claimed_once = models.UniqueIndex(
        "(attendance_id, claim_number)"
        " WHERE attendance_id IS NOT NULL AND reversal_of_id IS NULL",
        "This session was already deducted from the package. Reload the page.",
    )
    _check_sign = models.Constraint(
        "CHECK (CASE"
        " WHEN kind = 'release' AND reversal_of_id IS NULL THEN FALSE"
        " WHEN unit = 'unlimited' THEN quantity = 0"
        " WHEN kind IN ('extend', 'share') THEN quantity = 0"
        " WHEN kind IN ('grant', 'release') THEN quantity > 0"
        " WHEN kind = 'hold' THEN quantity < 0"
        " WHEN kind IN ('use', 'expire')"
        " THEN quantity <> 0 AND (quantity > 0) = (reversal_of_id IS NOT NULL)"
        " ELSE quantity <> 0 END)",
        "The quantity does not match the kind of line.",
    )
    # unit first: Odoo drops foreign keys that begin with a column of its own
    _same_unit = LateConstraint(
        "FOREIGN KEY (unit, package_id) REFERENCES coaching_package (unit, id)",
        "A ledger line must use the unit of its package.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines and the counters that sum them up, or nothing (R124-R127).

        :raise UserError: when a package has not enough left
        """
        if not vals_list:
            return self.browse()
        Package = self.env["coaching.package"]
        for vals in vals_list:
            package = Package.browse(vals["package_id"])
            vals.setdefault("company_id", package.company_id.id)
            vals.setdefault("unit", package.unit)
        moves = super().create(vals_list)
        moves.flush_recordset()
        moves._count()
        return moves

    @api.model
    def _get_unchangeable_message(self):
        return self.env._("Ledger lines can't change. Add another line instead.")

    @api.model
    def _get_undeletable_message(self):
        return self.env._("Ledger lines can't be deleted. Add another line instead.")

    def _count(self):
        """Add these new lines to the counters of their packages.

        One guarded update: two bookers of the last session conflict here, and one of
        them is refused. A check before it would not do, see docs/decisions.md.
        """
        counters = ("granted", "refunded", "expired", "held", "used")
        rows = []
        for package, moves in self.grouped("package_id").items():
            change = dict.fromkeys(counters, 0)
            for move in moves:
                if move.kind in COUNTERS:
                    counter, sign = COUNTERS[move.kind]
                    change[counter] += sign * move.quantity
            rows.append((package.id, *change.values()))
        self.env.cr.execute(
            SQL(
                """
                UPDATE coaching_package package
                   SET granted = package.granted + delta.granted,
                       refunded = package.refunded + delta.refunded,
                       expired = package.expired + delta.expired,
                       held = package.held + delta.held,
                       used = package.used + delta.used,
                       remaining = package.remaining + delta.granted - delta.refunded
                                   - delta.expired - delta.held - delta.used
                  FROM (VALUES %s) AS delta
                       (id, granted, refunded, expired, held, used)
                 WHERE package.id = delta.id
                   AND package.remaining + delta.granted - delta.refunded
                       - delta.expired - delta.held - delta.used >= 0
                RETURNING package.id
                """,
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        counted = {package_id for (package_id,) in self.env.cr.fetchall()}
        packages = self.package_id
        packages.invalidate_recordset([*counters, "remaining"], flush=False)
        packages.modified([*counters, "remaining"])
        short = packages.filtered(lambda package: package.id not in counted)
        if short:
            raise UserError(short[0]._get_nothing_left_message())

    def _remember_claims(self):
        """Write on the attendances which line stands for them now."""
        for move in self:
            move.attendance_id.write(
                {
                    "package_id": move.package_id.id,
                    "claim_move_id": move.id,
                    "claim_count": move.claim_number,
                }
            )

    def _prepare_reversal_values(self, reason=""):
        """Return the values of the line that takes this one back.

        :param str reason: why, for staff
        """
        values = super()._prepare_reversal_values()
        if self.kind == "hold":
            values["kind"] = "release"
        return {**values, "reason": reason}
