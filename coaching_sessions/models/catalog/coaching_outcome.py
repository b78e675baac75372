from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

SESSION_STATES = [
    ("completed", "Completed"),
    ("no_show", "No-show"),
    ("early_cancel", "Early cancellation"),
    ("late_cancel", "Late cancellation"),
    ("cancelled", "Cancelled"),
]
# what a client's cancellation is closed with when nobody names an outcome: which of
# the two it is, the clock says
EARLY_CODE = "client_early_cancel"
LATE_CODE = "client_late_cancel"
CODES_BY_CLOCK = (EARLY_CODE, LATE_CODE)
# and a coach's
COACH_CODE = "coach_emergency"
# without these nobody could cancel
NEEDED_CODES = (*CODES_BY_CLOCK, COACH_CODE)


class CoachingOutcome(models.Model):
    """A reason a session can end with, in the words of the business (R1, R15).

    What follows from it is not written here but looked up in the policy matrix.
    """

    _name = "coaching.outcome"
    _description = "Session Outcome"
    _inherit = ["coaching.shared.mixin", "coaching.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="The code other systems use. It can't change once sessions were closed"
        " with"
        " it.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=100)
    state = fields.Selection(
        selection=SESSION_STATES,
        required=True,
        copy=True,
        string="Resulting status",
        help="The status of a session closed with this outcome.",
    )
    party = fields.Selection(
        selection=[("client", "Client"), ("coach", "Coach"), ("none", "Nobody")],
        string="Caused by",
        required=True,
        default="none",
    )
    note_required = fields.Boolean(
        string="Note required",
        help="A note is required when closing a session with this outcome.",
    )
    before_start = fields.Boolean(
        string="Allowed before the session",
        help="Can be recorded before the session begins (cancellations).",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: every company can use it."
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another outcome has this code. Choose a different one.",
    )

    def _get_reliability_kind(self):
        """Return who missed a session that ended like this, ``cancelled`` for nobody.

        What can be recorded before the session is a cancellation; a coach who let a
        client wait missed it.
        """
        self.ensure_one()
        if self.state in ("completed", "no_show"):
            return self.state
        if self.party == "coach" and not self.before_start:
            return "coach_missed"
        return "cancelled"

    @api.constrains("state", "before_start")
    def _check_before_start(self):
        for outcome in self:
            if outcome.before_start and outcome.state in ("completed", "no_show"):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” describes a session that took place, so it can't"
                        " be allowed before the session begins.",
                        name=outcome.name,
                    )
                )

    def write(self, vals):
        self._check_needed_codes(vals)
        fixed = {"code", "state", "company_id"} & set(vals)
        if fixed and self._is_used():
            changed = self.filtered(
                lambda outcome: any(
                    outcome._fields[name].convert_to_write(outcome[name], outcome)
                    != vals[name]
                    for name in fixed
                )
            )
            if changed:
                raise UserError(
                    self.env._(
                        "Sessions were closed with “%(name)s”, so its code, status"
                        " and company can't change. Archive it and add a new"
                        " outcome.",
                        name=changed[0].name,
                    )
                )
        return super().write(vals)

    def copy_data(self, default=None):
        return [
            {**vals, "code": f"{vals['code']}_copy"}
            for vals in super().copy_data(default=default)
        ]

    def _check_needed_codes(self, vals):
        """Raise when a cancellation could not find its outcome any more."""
        if vals.get("active", True) and vals.get("before_start", True):
            return
        needed = self.filtered(
            lambda outcome: outcome.code in NEEDED_CODES and not outcome.company_id
        )
        if needed:
            raise UserError(
                self.env._(
                    "“%(name)s” is needed for cancellations: it can't be archived,"
                    " and it must be allowed before the session.",
                    name=needed[0].name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_needed_codes({"active": False})

    def _is_used(self):
        """Return whether something was recorded with one of these outcomes; a hook."""
        return False

    @api.model
    def _get_by_code(self, code, company):
        """Return the active outcome with a code, a company's own before the shared one.

        :param str code: e.g. ``no_show``
        :param company: ``res.company`` whose vocabulary counts
        :raise UserError: when there is none, naming those that exist
        """
        outcome_id = self._find_id_by_code(code, company.id)
        if not outcome_id:
            outcomes = self.search([("company_id", "in", (company.id, False))])
            raise UserError(
                self.env._(
                    "There is no outcome “%(code)s”. Choose one of: %(codes)s.",
                    code=code,
                    codes=", ".join(outcomes.mapped("code")),
                )
            )
        return self.browse(outcome_id)

    @api.model
    @ormcache("code", "company_id")
    def _find_id_by_code(self, code, company_id):
        """Return the id of the active outcome with a code, or False."""
        # sudo: the answer is cached for everybody, so it must not depend on who asks
        return (
            self.sudo()
            .with_context(active_test=True)
            .search(
                [("code", "=", code), ("company_id", "in", (company_id, False))],
                order="company_id, sequence",
                limit=1,
            )
            .id
        )
