from collections import defaultdict

from odoo import api, fields, models

from ...tools.attending import find_owed_slot


class CoachingAttendance(models.Model):
    """Sessions that clients may book before they have paid for them.

    How many is a number on the contact. Each takes its numbers of that client, which
    the database gives away once: of two who book the last one, one gets it.
    """

    _inherit = "coaching.attendance"

    booked_on_credit = fields.Boolean(
        string="Booked on credit",
        readonly=True,
        help="Booked although no package had a session left.",
    )
    owed_slot = fields.Integer(
        string="Owed from number",
        readonly=True,
        help="First number of the owed sessions that this attendance takes.",
    )
    owed = fields.Boolean(
        compute="_compute_owed",
        store=True,
        precompute=True,
        index=True,
        help="The client still has to pay for this session.",
    )

    _check_owed = models.Constraint(
        "CHECK (COALESCE(owed_slot, 0) = 0 OR (owed_slot > 0 AND sessions_deducted > 0"
        " AND booked_on_credit AND package_id IS NULL AND makeup_of_id IS NULL))",
        "An owed session can't use a package or a make-up.",
    )
    _owed_once = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH =,"
        " int4range(partner_id, partner_id, '[]') WITH =,"
        " int4range(owed_slot, owed_slot + sessions_deducted) WITH &&)"
        " WHERE (owed_slot > 0)",
        "Somebody has just booked for this client. Please try again.",
    )

    @api.depends("owed_slot")
    def _compute_owed(self):
        for attendance in self:
            attendance.owed = attendance.owed_slot > 0

    def _get_owed_numbers(self):
        """Return the numbers that the clients of these owe, in each company.

        :return: dict of (company id, partner id) → list of (first number, number of
            sessions)
        """
        owed = defaultdict(list)
        others = self.search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("owed", "=", True),
            ],
            ["company_id", "partner_id", "owed_slot", "sessions_deducted"],
        )
        for other in others:
            owed[other.company_id.id, other.partner_id.id].append(
                (other.owed_slot, other.sessions_deducted)
            )
        return owed

    def _find_slots(self, limits):
        """Return the first of the numbers that each of these takes, if it may be owed.

        :param dict limits: partner id → sessions that may be owed in all; who is not in
            it may owe any number
        :return: dict of attendance → number
        """
        owed = self._get_owed_numbers()
        slots = {}
        for attendance in self:
            partner_id, count = attendance.partner_id.id, attendance.sessions_deducted
            taken = owed[attendance.company_id.id, partner_id]
            slot = find_owed_slot(taken, count, limits.get(partner_id))
            if slot:
                taken.append((slot, count))
                slots[attendance] = slot
        return slots

    def _take_slots(self, slots):
        """Let clients owe sessions.

        :param dict slots: attendance → first of the numbers that it takes
        """
        if not slots:
            return
        for attendance, slot in slots.items():
            attendance.write({"booked_on_credit": True, "owed_slot": slot})
        # the constraint judges now, where a lost race can be told
        self.union(*slots).flush_recordset()

    def _post_owed(self):
        """Let clients owe what closed sessions used, and only that."""
        changed = self.filtered(
            lambda attendance: not attendance.package_id
            and attendance.uses_session != attendance.owed
        )
        used = changed.filtered("uses_session")
        (changed - used).owed_slot = 0
        if not used:
            return
        # what has taken place is owed, whatever the limit is today
        self._take_slots(used._find_slots({}))
