from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.database import make_append_only


class CoachingLedgerMixin(models.AbstractModel):
    """Lines that are added and never changed, in the database too.

    What is wrong is taken back by a line of its own, once, so that a ledger tells what
    was when. A new ledger stands on this by:

    * ``_inherit = ["coaching.ledger.mixin"]``, and fields that are all ``readonly``;
    * a many2one to itself, the line that this one takes back, which
      ``_ledger_reversal`` names, and a unique index on it (``WHERE … IS NOT NULL``): of
      two who take back, one succeeds;
    * a unique index on what a line is posted for, among the lines that stand: a
      consequence that is posted twice is posted once;
    * ``_ledger_copied`` and ``_ledger_negated``: the fields that a line which takes
      this one back has in common with it, as they are and with the sign changed;
    * ``_ledger_mutable``, if need be: columns that say where a line stands (a state, a
      payslip, a mark that it is taken back), never what it says. Only the superuser
      writes them, in a method that says why;
    * sentences for people: ``_get_unchangeable_message``, ``_get_undeletable_message``.

    Lines are posted by extending ``coaching.attendance._post_consequences``: compare
    what should stand with what stands, and post the difference. The tests in
    ``tests/base/test_ledger_mixin.py`` run for every model that stands on this.
    """

    _name = "coaching.ledger.mixin"
    _description = "Ledger"

    _ledger_reversal = None
    _ledger_mutable = ()
    _ledger_copied = ()
    _ledger_negated = ()

    def init(self):
        super().init()
        if not self._abstract:
            make_append_only(self.env.cr, self._table, self._ledger_mutable)

    def _init_column(self, column_name):
        """Fill a new column of old lines, which no one else may change."""
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
        result = super()._init_column(column_name)
        self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))
        return result

    # === CRUD METHODS === #

    def write(self, vals):
        if vals and (not self.env.su or set(vals) - set(self._ledger_mutable)):
            raise UserError(self._get_unchangeable_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self._get_undeletable_message())

    @api.model
    def _get_unchangeable_message(self):
        """Return what is said to whoever wants to change a line; a hook."""
        return self.env._("Ledger lines can't change. Add another line instead.")

    @api.model
    def _get_undeletable_message(self):
        """Return what is said to whoever wants to delete a line; a hook."""
        return self.env._("Ledger lines can't be deleted. Add another line instead.")

    # === TAKING BACK === #

    def _prepare_reversal_values(self):
        """Return the values of the line that takes this one back; a hook."""
        self.ensure_one()
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._ledger_copied
        }
        values.update({name: -self[name] for name in self._ledger_negated})
        return {**values, self._ledger_reversal: self.id}

    def _filter_standing(self):
        """Return those of these lines that stand.

        :param self: lines together with those that take them back
        :return: the ones that none of these takes back, and that take none back
        """
        reversals = self.filtered(self._ledger_reversal)
        return self - reversals - reversals[self._ledger_reversal]
