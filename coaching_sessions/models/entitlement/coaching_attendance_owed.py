from odoo import api, fields, models


class CoachingAttendance(models.Model):
    """Sessions that clients may book before they have paid for them.

    How many is a number on the contact. Each takes its numbers of that client, which
    the database gives away once: of two who book the last one, one gets it.
    """

    _inherit = "coaching.attendance"

    booked_on_credit = fields.Boolean(
        readonly=True, help="Booked though no package had a session left."
    )
    owed_slot = fields.Integer(
        string="Owed from number",
        readonly=True,
        help="First of the numbers of owed sessions that this one takes.",
    )
    owed = fields.Boolean(
        compute="_compute_owed",
        store=True,
        precompute=True,
        index=True,
        help="The client has to pay for this session yet.",
    )

    _check_owed = models.Constraint(
        "CHECK (COALESCE(owed_slot, 0) = 0 OR (owed_slot > 0 AND sessions_deducted > 0"
        " AND booked_on_credit AND package_id IS NULL AND makeup_of_id IS NULL))",
        "What is owed is not paid with a package or a make-up.",
    )
    _owed_once = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH =,"
        " int4range(partner_id, partner_id, '[]') WITH =,"
        " int4range(owed_slot, owed_slot + sessions_deducted) WITH &&)"
        " WHERE (owed_slot > 0)",
        "Somebody booked for this client just now. Try again.",
    )

    @api.depends("owed_slot")
    def _compute_owed(self):
        for attendance in self:
            attendance.owed = attendance.owed_slot > 0

    def _owe(self, limit=None):
        """Let a client owe this session.

        :param int limit: sessions that he may owe in all, None for any number
        :return: whether he may
        """
        self.ensure_one()
        count, slot = self.sessions_deducted, 1
        owed = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("owed", "=", True),
            ],
            order="owed_slot",
        )
        for other in owed:
            if slot + count <= other.owed_slot:
                break
            slot = other.owed_slot + other.sessions_deducted
        # numbers that were given back leave gaps, so the sum is looked at as well
        most = max(slot + count - 1, sum(owed.mapped("sessions_deducted")) + count)
        if not count or (limit is not None and most > limit):
            return False
        self.write({"booked_on_credit": True, "owed_slot": slot})
        # the constraint judges now, where a lost race can be told
        self.flush_recordset()
        return True

    def _post_owed(self):
        """Let clients owe what closed sessions used, and only that."""
        for attendance in self.filtered(
            lambda attendance: not attendance.package_id
            and attendance.uses_session != attendance.owed
        ):
            if attendance.uses_session:
                # what has taken place is owed, whatever the limit is today
                attendance._owe()
            else:
                attendance.owed_slot = 0
