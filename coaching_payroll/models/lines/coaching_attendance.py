from odoo import fields, models

from odoo.addons.coaching_sessions.models.time.locks import touch


class CoachingAttendance(models.Model):
    """Pay is one of the consequences of closing out."""

    _inherit = "coaching.attendance"

    remuneration_line_ids = fields.One2many(
        comodel_name="coaching.remuneration.line",
        inverse_name="attendance_id",
        readonly=True,
        groups="coaching_sessions.group_coaching_manager",
    )

    pays_makeup = fields.Boolean(
        string="Paid when the make-up is used",
        readonly=True,
        groups="coaching_sessions.group_coaching_manager",
        help="As set when the session was closed: the make-up is paid instead of this"
        " session.",
    )

    def _prepare_close_values(self, outcome, judged, note):
        values = super()._prepare_close_values(outcome, judged, note)
        return {**values, "pays_makeup": self._get_makeup_pay_mode() == "used"}

    def _post_consequences(self):
        result = super()._post_consequences()
        self._sync_remuneration()
        return result

    # === REMUNERATION === #

    def _sync_remuneration(self, recompute=False):
        """Make the lines say what the outcomes say, once for each entitlement.

        What should stand follows from the outcomes alone, never from the order in
        which sessions were closed, corrected or paid; what differs is reversed and
        posted anew (R138-R140).

        :param bool recompute: also replace lines of which only the amount differs,
            because rules changed since; otherwise the rate stays as it was
        """
        group = self._get_remuneration_group()
        group._touch_what_is_shared()
        if recompute:
            for booking_type, batch in group.grouped("booking_type_id").items():
                batch.write({"remunerated": booking_type.remunerated})
        rules = self.env["coaching.remuneration.rule"]._get_rules(group.company_id)
        Line = self.env["coaching.remuneration.line"]
        lines = Line.search_fetch(
            [
                ("session_id", "in", group.session_id.ids),
                ("reversal_of_id", "=", False),
                ("refund_of_id", "=", False),
            ],
            [name for name, field in Line._fields.items() if field.store],
            order="id",
        )
        live = lines.filtered(lambda line: not line.is_reversed)
        live = live.grouped("attendance_id")
        used = {} if recompute else lines._get_used_terms()
        wanted = group._get_wanted_remuneration(rules, live, used)
        stale = Line
        vals_list = []
        for attendance, values in wanted.items():
            line = live.get(attendance, Line)
            if line and not line._differs(values, recompute):
                continue
            stale |= line
            if values:
                vals_list.append(values)
        stale._reverse()
        # the place of a reversed line is free before another takes it
        Line.flush_model()
        Line.create(vals_list)
        if any(group.mapped("is_disputed")):
            group._sync_holds()

    def _touch_what_is_shared(self):
        """Change the rows that several attendances share their pay through.

        Another transaction that closes one of them at this moment does not see our
        change, nor we its: both might leave the pay to the other. Since both change
        the same row, one has to look again.
        The session and the missed one, not each other: that would be a circle.

        :param self: attendances with all whose pay depends on theirs
        """
        missed = self.filtered("makeup_of_id")
        originals = {attendance._get_entitlement().id for attendance in missed}
        sessions = self.session_id.filtered(lambda session: session.seats > 1)
        touch(self.browse(sorted(originals)))
        touch(sessions)

    def _get_remuneration_group(self):
        """Return these attendances with all whose pay depends on theirs.

        Make-ups stand for their originals, and clients of a group share its pay; a
        make-up of one who missed a group leads back to the whole group.
        """
        group, found = self.browse(), self
        while found != group:
            group = found
            found = (group | group._get_group_siblings())._get_entitlement_group()
        return group

    def _get_group_siblings(self):
        """Return all clients of those sessions that pay once for several clients."""
        return self.session_id.filtered(
            lambda session: session.seats > 1
        ).attendance_ids

    def _get_wanted_remuneration(self, rules, live, used):
        """Return the line each attendance should have, None for none.

        :param rules: ``coaching.remuneration.rule`` to choose from
        :param dict live: attendance → the line that stands
        :param dict used: of ``_get_used_terms``; empty to choose rules anew
        :return: dict of attendance → values of its line; those that were settled
            outside of payroll are left out
        """
        settled = {
            attendance: line for attendance, line in live.items() if line.is_settled
        }
        wanted = dict.fromkeys(
            attendance for attendance in self if attendance not in settled
        )
        earning = {
            line.entitlement_id: attendance for attendance, line in settled.items()
        }
        for attendance in self.sorted(lambda a: (a._get_makeup_depth(), a.id)):
            if attendance.state == "scheduled" or attendance in settled:
                continue
            entitlement = attendance._get_entitlement()
            reason = attendance._get_exclusion(earning.get(entitlement))
            rule, terms = rules.browse(), {}
            if not reason:
                rule, terms = attendance._find_remuneration_terms(rules, used)
                if not rule:
                    reason = self.env._("no remuneration rule applies")
                    terms = {"lacks_rule": True}
            if not reason:
                earning[entitlement] = attendance
            wanted[attendance] = attendance._prepare_remuneration_values(
                rule, entitlement, reason, **terms
            )
        self._pay_sessions_once(wanted)
        return wanted

    def _pay_sessions_once(self, wanted):
        """Leave the pay of a session with several clients on one of their lines."""
        for session, attendances in self.grouped("session_id").items():
            earning = attendances.filtered(
                lambda attendance: (wanted.get(attendance) or {}).get("earns")
            )
            if len(earning) < 2:
                continue
            carrier = min(
                earning, key=lambda attendance: (-attendance.pay_percent, attendance.id)
            )
            for attendance in earning - carrier:
                wanted[attendance].update(
                    rule_id=False,
                    amount=0.0,
                    state="excluded",
                    excluded_reason=self.env._(
                        "paid once for session %(session)s",
                        session=session.name,
                    ),
                )

    def _get_makeup_depth(self):
        """Return 0 for an original, 1 for its make-up, and so on."""
        self.ensure_one()
        depth = 0
        attendance = self
        while attendance.makeup_of_id:
            attendance = attendance.makeup_of_id
            depth += 1
        return depth

    def _get_exclusion(self, earning=None):
        """Return why this closed attendance earns nothing, or None.

        A hook: an integrator adds reasons.

        :param earning: attendance that earns for the same entitlement already
        """
        self.ensure_one()
        if self._waits_for_makeup():
            return self.env._("paid when its make-up is used")
        if not self._counts_for_pay():
            return self.env._("booking type is not included in remuneration")
        if earning:
            return self.env._(
                "make-up of session %(session)s, already paid",
                session=earning.session_id.name,
            )
        if not self.pay_percent:
            return self.env._(
                "“%(outcome)s” is not paid according to the policy",
                outcome=self.outcome_id.name,
            )
        return None

    def _waits_for_makeup(self):
        """Return whether the make-up of this missed session is paid in its place.

        One that expires or is revoked leaves the missed session to be paid.
        """
        self.ensure_one()
        return self.pays_makeup and self.makeup_id.state in ("issued", "used")

    def _counts_for_pay(self):
        """Return whether this closed session is of a kind that is paid.

        A make-up is where it is paid in place of the missed session, or, granted by
        staff, where there is none: with those who are paid when it is used.
        """
        self.ensure_one()
        if self.remunerated:
            return True
        if self.makeup_of_id:
            return self._get_entitlement()._waits_for_makeup()
        return bool(self.used_makeup_id and self.pays_makeup)

    def _prepare_remuneration_values(
        self, rule, entitlement, reason, basis=None, rate=None, lacks_rule=False
    ):
        """Return the values of a line.

        :param rule: ``coaching.remuneration.rule``, empty when nothing is earned
        :param entitlement: attendance that is paid
        :param str reason: why nothing is earned, or None
        :param str basis: as it was used before, else the rule's
        :param float rate: as it was used before, else the rule's amount
        :param bool lacks_rule: whether nothing is earned for want of a rule
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        basis = basis or rule.basis
        rate = rule.amount if rate is None else rate
        quantity = rule._get_quantity(self.session_id, basis) if rule else 0.0
        return {
            "session_id": self.session_id.id,
            "attendance_id": self.id,
            "entitlement_id": entitlement.id,
            "coach_id": self.coach_id.id,
            "employee_id": self._get_paid_employee().id,
            "company_id": self.company_id.id,
            "currency_id": currency.id,
            "date": self._get_local_date(),
            "rule_id": rule.id,
            "basis": basis,
            "rate": rate,
            "quantity": quantity,
            "pay_percent": self.pay_percent,
            "amount": currency.round(quantity * rate * self.pay_percent / 100),
            "earns": not reason,
            "lacks_rule": lacks_rule,
            "excluded_reason": reason,
            "state": "excluded" if reason else "to_pay",
        }

    def _get_makeup_pay_mode(self):
        """Return how this session is paid if it is missed and made up for."""
        self.ensure_one()
        return self.env["coaching.makeup.pay"]._find_mode(
            self.coach_id, self.company_id, self._get_local_date()
        )
