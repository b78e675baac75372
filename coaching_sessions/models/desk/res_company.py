from odoo import fields, models

from ..policy.coaching_outcome_policy import PERIODS


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_grant_on = fields.Selection(
        selection=[
            ("confirmed", "When the order is confirmed"),
            ("paid", "When it is paid"),
        ],
        string="Packages are granted",
        required=True,
        default="confirmed",
    )
    coaching_makeup_validity_days = fields.Integer(
        string="Make-ups are valid for",
        default=90,
        help="Days from the missed session's close-out. 0: they never expire.",
    )
    coaching_release_slot = fields.Selection(
        selection=[
            ("never", "Never"),
            ("no_rebook", "When the client does not want to rebook"),
            ("no_follow_up", "When no follow-up is booked at close-out"),
        ],
        string="Reserved slots are removed",
        required=True,
        default="never",
    )
    coaching_nudge_days = fields.Integer(
        string="Remind clients after",
        help="Days since the last session with nothing booked. 0: never.",
    )
    coaching_makeup_limit = fields.Integer(
        string="Make-ups per client",
        help="So many missed sessions of a client give a make-up in a period. 0: all.",
    )
    coaching_makeup_period = fields.Selection(
        selection=PERIODS, string="Make-ups per", required=True, default="year"
    )
    coaching_dispute_days = fields.Integer(
        string="Outcomes can be disputed for",
        default=5,
        help="Days after a session was closed out in which its client can say that the"
        " outcome is not right. 0: clients can't dispute what is recorded.",
    )
    coaching_terms_id = fields.Many2one(
        comodel_name="coaching.terms",
        string="Terms",
        ondelete="restrict",
        help="What clients accept when they book, where the booking type has no terms"
        " of its own.",
    )
    coaching_reminder_hours = fields.Float(
        string="Coaches are reminded after",
        default=24.0,
        help="Hours after the end of a session that nobody closed out. 0: never.",
    )
    coaching_package_required = fields.Boolean(
        string="Clients need a package",
        default=True,
        help="Off: nobody needs one, and a package that fits is used if there is one."
        " Booking types can allow to attend without, whatever this says.",
    )
    coaching_expiry_notice_days = fields.Integer(
        string="Tell about the last day",
        default=14,
        help="Days before the last day of a package from which coaches see a warning"
        " and the client is told by mail. 0: never.",
    )

    _check_coaching_makeups = models.Constraint(
        "CHECK (coaching_makeup_limit >= 0 AND coaching_makeup_validity_days >= 0)",
        "Numbers and days of make-ups can't be negative.",
    )
    _check_coaching_dispute_days = models.Constraint(
        "CHECK (coaching_dispute_days >= 0)",
        "The days for disputing an outcome can't be negative.",
    )
    _check_coaching_reminder_hours = models.Constraint(
        "CHECK (coaching_reminder_hours >= 0)",
        "A reminder comes after the session: enter 0 hours or more.",
    )
    _check_coaching_expiry_notice = models.Constraint(
        "CHECK (coaching_expiry_notice_days BETWEEN 0 AND 365)",
        "Tell about the last day of a package up to 365 days before.",
    )
    _check_coaching_nudge_days = models.Constraint(
        "CHECK (coaching_nudge_days >= 0)", "Days can't be negative."
    )
