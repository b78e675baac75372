from odoo import fields, models
from odoo.exceptions import UserError


class CoachingBookingType(models.Model):
    """The sessions of a booking type."""

    _inherit = "coaching.booking.type"

    session_count = fields.Integer(
        string="Number of sessions", compute="_compute_session_count"
    )

    def _compute_session_count(self):
        counts = dict(
            self.env["coaching.session"]._read_group(
                [("booking_type_id", "in", self.ids)], ["booking_type_id"], ["__count"]
            )
        )
        for booking_type in self:
            booking_type.session_count = counts.get(booking_type, 0)

    def write(self, vals):
        """Refuse a company that sessions of the type are not in.

        These could not be closed any more: who has only their company does not see
        the type.
        """
        if vals.get("company_id"):
            # sudo: also sessions of companies that the user does not see
            session = (
                self.env["coaching.session"]
                .sudo()
                .search(
                    [
                        ("booking_type_id", "in", self.ids),
                        ("company_id", "!=", vals["company_id"]),
                    ],
                    limit=1,
                )
            )
            if session:
                raise UserError(
                    self.env._(
                        "%(company)s has sessions of “%(name)s”, so it can't become"
                        " a booking type of another company. Leave the company empty,"
                        " or archive this booking type and add a new one.",
                        company=session.company_id.name,
                        name=session.booking_type_id.name,
                    )
                )
        return super().write(vals)

    def action_view_sessions(self):
        """Open the sessions of this booking type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("booking_type_id", "=", self.id)]
        action["context"] = {"default_booking_type_id": self.id}
        return action
