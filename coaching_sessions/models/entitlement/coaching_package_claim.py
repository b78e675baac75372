from odoo import api, models


class CoachingPackage(models.Model):
    """What sessions take from packages: holds when booked, uses when closed."""

    _inherit = "coaching.package"

    @api.model
    def _hold_for(self, chosen):
        """Hold what new attendances take from packages.

        :param dict chosen: new ``coaching.attendance`` → package
        """
        if not chosen:
            return
        claiming = {}
        for attendance, candidate in chosen.items():
            if attendance.sessions_deducted:
                claiming[attendance] = candidate
            else:
                attendance.package_id = candidate
        self._claim(claiming, "hold")

    @api.model
    def _claim(self, chosen, kind):
        """Post a hold or use for attendances and remember it on them.

        :param dict chosen: attendance → package
        """
        moves = self.env["coaching.package.move"].create(
            self._prepare_claims(chosen, kind)
        )
        moves._remember_claims()

    @api.model
    def _prepare_claims(self, chosen, kind, reason=""):
        """Return the values of a hold or use for each attendance.

        :param dict chosen: attendance → package
        """
        return [
            {
                "package_id": package.id,
                "attendance_id": attendance.id,
                "company_id": attendance.company_id.id,
                "unit": package.unit,
                "kind": kind,
                "quantity": -attendance._get_claim_quantity(package),
                "claim_number": attendance.claim_count + 1,
                "reason": reason or False,
            }
            for attendance, package in chosen.items()
        ]

    @api.model
    def _post_for(self, attendances):
        """Post what closed attendances mean for their packages (R16-R27, R124-R127).

        A hold ends; what is used is used once; what a correction returns is released
        once. What nobody paid for yet is owed, or not any more.
        """
        attendances.filtered("booked_on_credit")._post_owed()
        deducted = attendances.filtered(
            lambda attendance: attendance.package_id and attendance.sessions_deducted
        )
        to_end = deducted.claim_move_id.filtered(
            lambda move: move.kind == "hold" or not move.attendance_id.uses_session
        )
        to_use = deducted.filtered(
            lambda attendance: attendance.uses_session
            and (
                not attendance.claim_move_id or attendance.claim_move_id.kind == "hold"
            )
        )
        reversals = [
            move._prepare_reversal_values(move.attendance_id.outcome_id.name)
            for move in to_end
        ]
        uses = self._prepare_claims(
            {attendance: attendance.package_id for attendance in to_use}, "use"
        )
        expiries = to_use.package_id._prepare_expiry_corrections(reversals + uses)
        # a hold ends before its use begins, so that the last session can be used
        moves = self.env["coaching.package.move"].create(reversals + expiries + uses)
        returned = to_end.attendance_id - to_use
        returned.write({"claim_move_id": False})
        self._keep_returned(returned)
        moves.filtered(
            lambda move: move.kind == "use" and not move.reversal_of_id
        )._remember_claims()

    def _find_for_time(self, attendance):
        """Return which package holds a session that is at another time now (R45).

        :param attendance: ``coaching.attendance`` of this package, there or planned
        :return: this package; or, of one sold by the month, that of the session's
            month; empty where none is valid then
        """
        self.ensure_one()
        if self._is_valid_on(attendance):
            return self
        return self.sale_line_id.coaching_package_ids.filtered(
            lambda sibling: not sibling.cancelled and sibling._is_valid_on(attendance)
        )[:1]

    def _hold_anew(self, attendance):
        """End a hold and take another one that fits the session's new time.

        From this package, or, of one sold by the month, from that of the session's
        month (R45).

        :raise UserError: when there is none with enough left
        """
        self.ensure_one()
        claim = attendance.claim_move_id
        package = self._find_for_time(attendance)
        if package != self:
            (package or self)._check_usable(attendance)
        moves = self.env["coaching.package.move"].create(
            [
                claim._prepare_reversal_values(self.env._("Moved")),
                *self._prepare_claims({attendance: package}, "hold"),
            ]
        )
        moves[1:]._remember_claims()
