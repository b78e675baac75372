from functools import partial

from odoo import api, models
from odoo.exceptions import MissingError

from ...tools.arguments import check_one
from ...tools.coach_time import CONSTRAINT


class Base(models.AbstractModel):
    """What goes for every model of ours; others stay as they are.

    Public methods are called with any ids: none, several where one is meant, and 0,
    which Odoo takes for a record that is not saved yet, so that nothing is forbidden.
    """

    _inherit = "base"

    def ensure_one(self):
        """Say it in a sentence, and refuse id 0."""
        if self._name.startswith("coaching."):
            check_one(self)
        return super().ensure_one()

    def _check_access(self, operation):
        """Refuse id 0, for which no rule is looked at."""
        if self._name.startswith("coaching.") and 0 in self._ids:
            zero = self.filtered(lambda record: record._ids == (0,))
            if zero:
                message = self.env._(
                    "This record does not exist. Reload the page and try again."
                )
                return zero, partial(MissingError, message)
        return super()._check_access(operation)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Let nobody from outside post on records of ours, whatever they may read.

        Odoo's routes ask this before they post as superuser.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        ours = self._name.startswith("coaching.")
        if ours and message_operation != "read" and self.env.user.share:
            return dict.fromkeys(operations, False)
        return operations

    def _mail_group_by_operation_for_mail_message_operation(self, message_operation):
        """Leave out what nobody may do: Odoo checks each, and False is no operation."""
        records = super()._mail_group_by_operation_for_mail_message_operation(
            message_operation
        )
        if self._name.startswith("coaching."):
            records.pop(False, None)
        return records

    @api.model
    def _sql_error_to_message(self, exc):
        if exc.diag.constraint_name == CONSTRAINT:
            return self.env._(
                "The coach already has a session at that time. Choose another time."
            )
        return super()._sql_error_to_message(exc)
