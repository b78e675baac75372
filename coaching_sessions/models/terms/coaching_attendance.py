from odoo import fields, models


class CoachingAttendance(models.Model):
    """What the client accepted and agreed to when this was booked (R48, R57)."""

    _inherit = "coaching.attendance"

    agreed_at = fields.Datetime(
        string="Agreed at",
        readonly=True,
        help="When the client agreed to this session.",
    )
    agreed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Agreement recorded by",
        readonly=True,
        ondelete="restrict",
        groups="coaching_sessions.group_coaching_coach",
    )
    agreement_note = fields.Text(
        string="How the client agreed",
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
    )
    terms_acceptance_id = fields.Many2one(
        comodel_name="coaching.terms.acceptance",
        string="Terms accepted",
        compute="_compute_terms_acceptance_id",
        groups="coaching_sessions.group_coaching_coach",
        help="The latest terms that the client had accepted when the session began.",
    )

    # in words: the coach may know it, also of what was accepted with a colleague
    terms_accepted = fields.Char(
        string="Accepted terms",
        compute="_compute_terms_acceptance_id",
        groups="coaching_sessions.group_coaching_coach",
    )

    def _compute_terms_acceptance_id(self):
        # sudo: the coach may know that the client accepted, whoever recorded it
        acceptances = (
            self.env["coaching.terms.acceptance"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        )
        by_client = acceptances.grouped(lambda line: (line.partner_id, line.company_id))
        for attendance in self:
            acceptance = by_client.get(
                (attendance.partner_id, attendance.company_id), acceptances.browse()
            ).filtered(
                lambda line, attendance=attendance: line.accepted_at <= attendance.start
            )[:1]
            attendance.terms_acceptance_id = acceptance
            attendance.terms_accepted = acceptance.terms_id.display_name

    def _post_booking(self, request):
        result = super()._post_booking(request)
        asked = request.extra
        if asked["terms"] and asked["terms_accepted"]:
            asked["terms"]._accept(self, "client" if asked["own"] else "staff")
        if asked["own"] or asked["agreement"] is not None:
            self.write(
                {
                    "agreed_at": self.env["coaching.session"]._now(),
                    "agreed_by_id": self.env.uid,
                    "agreement_note": asked["agreement"] or False,
                }
            )
        return result

    def _describe_terms(self):
        """Return what cancelling this means for the client, as sentences (R54)."""
        self.ensure_one()
        # sudo: of the booking type only what it means for its client
        booking_type = self.sudo().booking_type_id
        return booking_type._describe_terms(self.sudo().company_id)
