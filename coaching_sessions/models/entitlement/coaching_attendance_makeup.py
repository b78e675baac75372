from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CoachingAttendance(models.Model):
    """Missed sessions and those that make up for them (R134-R140)."""

    _inherit = "coaching.attendance"

    makeup_of_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Makes up for",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    used_makeup_id = fields.Many2one(
        comodel_name="coaching.makeup",
        string="Make-up used",
        readonly=True,
        ondelete="restrict",
    )
    makeup_id = fields.Many2one(
        comodel_name="coaching.makeup",
        string="Make-up given",
        readonly=True,
        ondelete="restrict",
        help="The make-up that the client received for this missed session.",
    )

    _check_makeup = models.Constraint(
        "CHECK (makeup_of_id IS NULL OR package_id IS NULL)",
        "A make-up session does not use a package.",
    )

    def _post_consequences(self):
        result = super()._post_consequences()
        self.env["coaching.makeup"]._post_for(self)
        return result

    def _get_entitlement(self):
        """Return the attendance that this one stands for: the first one missed.

        A make-up, and a make-up of a make-up, all stand for the original.
        """
        self.ensure_one()
        original = self
        while original.makeup_of_id:
            original = original.makeup_of_id
        return original

    def _get_entitlement_group(self):
        """Return these attendances with all that stand for the same originals."""
        group = originals = self.browse(
            {attendance._get_entitlement().id for attendance in self}
        )
        # only what ever gave a make-up can have been made up for
        originals = originals.filtered("makeup_id")
        while originals:
            originals = self.search([("makeup_of_id", "in", originals.ids)]) - group
            group |= originals
        return group.sorted("id")

    def _is_makeup_due(self):
        """Return whether the policy gives the client a make-up for this session.

        A make-up that is missed gives no further one, or a client could go on for
        ever.
        """
        self.ensure_one()
        return (
            self.issues_makeup
            and self.state != "scheduled"
            and not self.booking_type_id.is_makeup
        )

    def _check_makeup_possible(self, client):
        """Raise unless this missed session has a make-up that a client can use."""
        self.ensure_one()
        values = {"session": self.session_id.name, "client": client.name}
        if self.partner_id != client:
            raise UserError(
                self.env._(
                    "%(session)s was not a session of %(client)s, so there is nothing"
                    " to make up for.",
                    **values,
                )
            )
        makeup = self.makeup_id
        if makeup.state == "issued":
            return
        if makeup.state == "used":
            raise UserError(
                self.env._(
                    "The make-up for %(session)s is already used by %(used)s.",
                    used=makeup.used_attendance_id.session_id.name,
                    **values,
                )
            )
        if makeup.state == "expired":
            raise UserError(
                self.env._(
                    "The make-up for %(session)s expired on %(date)s.",
                    date=format_date(self.env, makeup.expiry_date),
                    **values,
                )
            )
        if self.state == "scheduled":
            raise UserError(
                self.env._(
                    "%(session)s is not closed out yet. Close it out first; the"
                    " policy then decides whether there is a make-up.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(session)s was closed as “%(outcome)s”, which gives no make-up.",
                outcome=self.outcome_id.name,
                **values,
            )
        )
