from odoo import api, models
from odoo.exceptions import UserError

from ...tools.attending import Attending


class CoachingAttendance(models.Model):
    """The one decision what a client attends with (R119, R128, R132, R135).

    Whoever tells it before (the dialog, the portal, the plan of a series) asks the same
    as who books, with attendances that are not saved.
    """

    _inherit = "coaching.attendance"

    @api.model
    def _plan(self, request):
        """Return what a booking would create, not saved: to be asked what it takes.

        :param BookingRequest request: what would be booked
        """
        return self.browse().union(
            *(
                self.new(
                    {
                        "partner_id": partner.id,
                        "coach_id": request.coach.id,
                        "company_id": request.coach.company_id.id,
                        "booking_type_id": request.booking_type.id,
                        "start": request.start,
                        "stop": request.stop,
                        "sessions_deducted": request.booking_type.sessions_deducted,
                    }
                )
                for partner in request.partners
            )
        )

    def _choose_attending(
        self,
        package=None,
        missed=None,
        without_package=False,
        on_credit=True,
        in_series=False,
    ):
        """Return what each of these clients attends with, each after the earlier ones.

        A fixed number of queries, however many there are; writes nothing.

        :param self: attendances of one booking type and company, new or planned
        :param package: ``coaching.package`` to draw on, or empty to choose
        :param missed: ``coaching.attendance`` to make up for, or empty to choose
        :param bool without_package: leave packages alone, where none is needed
        :param bool on_credit: whether what no package pays may be owed
        :param bool in_series: whether to say what else a series uses a package for
        :return: dict of attendance → ``Attending``
        """
        booking_type = self.booking_type_id
        refusal = ""
        if booking_type.is_makeup:
            return self._choose_makeups(missed)
        if missed:
            refusal = self.env._(
                "“%(booking_type)s” is not for make-ups. Choose a make-up booking"
                " type.",
                booking_type=booking_type.name,
            )
        elif without_package:
            refusal = self._refuse_without_package(package)
        elif booking_type.package_required or package:
            return self._choose_packages(package, on_credit, in_series)
        kind = "missing" if refusal else "none"
        return {one: Attending(kind=kind, refusal=refusal) for one in self}

    def _refuse_without_package(self, package):
        """Return why these clients can't proceed without a package, if so (R135)."""
        if package:
            return self.env._(
                "Either choose a package or proceed without one, not both."
            )
        if self.booking_type_id._needs_package(self.company_id):
            return self.env._(
                "“%(booking_type)s” needs a package. Choose a booking type that"
                " needs none, or use the client's package.",
                booking_type=self.booking_type_id.name,
            )
        return ""

    def _choose_makeups(self, missed):
        """Return which credit each of these make-ups uses.

        :param missed: the missed session, or empty: the credit that expires first
        :return: dict of attendance → ``Attending``
        """
        Makeup = self.env["coaching.makeup"]
        credits = Makeup if missed else Makeup._find_issued(self)
        chosen = {}
        for attendance in self:
            makeup, refusal = Makeup, ""
            try:
                makeup = Makeup._find_usable(attendance, missed, credits)
            except UserError as error:
                refusal = str(error)
            credits -= makeup
            chosen[attendance] = Attending(
                kind="makeup", makeup=makeup, refusal=refusal
            )
        return chosen

    def _choose_packages(self, package, on_credit, in_series):
        """Return which package each of these draws on, or what it does without one.

        :return: dict of attendance → ``Attending``
        """
        candidates = package or self.env["coaching.package"]._find_candidates(self)
        packages = candidates._choose_for(self)
        slots = {}
        if not package and len(packages) < len(self):
            left = self.browse().union(*(one for one in self if one not in packages))
            slots = left._choose_slots(on_credit)
        chosen = {}
        for attendance in self:
            if attendance in packages:
                chosen[attendance] = Attending(
                    kind="package", package=packages[attendance]
                )
            elif attendance in slots:
                slot = slots[attendance]
                chosen[attendance] = Attending(
                    kind="owed" if slot else "none", owed_slot=slot
                )
            else:
                chosen[attendance] = Attending(
                    kind="missing",
                    refusal=attendance._describe_lack(
                        package, candidates, packages, in_series
                    ),
                )
        return chosen

    def _describe_lack(self, package, candidates, chosen, in_series):
        """Return why there is no package for this attendance, as a sentence.

        :param package: the one that was asked for, if any
        :param candidates: ``coaching.package`` that were looked at
        :param dict chosen: attendance → package, of all that are booked together
        """
        self.ensure_one()
        if in_series:
            return candidates._get_uncovered_message(self, chosen)
        if package:
            reason = package._get_unusable_reason(self)
            return reason or package._get_nothing_left_message()
        return candidates._get_no_package_message(self)

    def _choose_slots(self, on_credit):
        """Return what these take of what their clients may owe.

        :return: dict of attendance → first number, 0 where nothing is needed; without
            those who may not owe it
        """
        if not self.company_id.coaching_package_required:
            return dict.fromkeys(self, 0)
        # sudo: how far a client may go is a manager's setting
        limits = {
            partner.id: partner.coaching_owed_limit
            for partner in self.partner_id.sudo()
        }
        if not on_credit or not any(limits.values()):
            return {}
        return self._find_slots(limits)

    def _get_move_refusal(self, request):
        """Return why what this client attends with is no good at a new time, if so.

        Of a package sold by the month that of the new month is taken.

        :param BookingRequest request: of the session at its new time
        :return: sentence, empty where nothing is in the way
        """
        self.ensure_one()
        package = self.package_id
        planned = self._plan(request.but(partners=self.partner_id))
        if not package or package._find_for_time(planned):
            return ""
        return package._get_unusable_reason(planned)

    # === TAKING === #

    def _take_entitlement(self, package, missed, without_package=False):
        """Take what each client attends with: a make-up, a package, or nothing.

        :param self: new attendances; for the rest see ``_choose_attending``
        :raise UserError: when a client has nothing to attend with but needs it
        """
        chosen = self._choose_attending(package, missed, without_package)
        for attending in chosen.values():
            if attending.refusal:
                raise UserError(attending.refusal)
        packages, slots = {}, {}
        for attendance, attending in chosen.items():
            if attending.makeup:
                attending.makeup._use_for(attendance)
            elif attending.package:
                packages[attendance] = attending.package
            elif attending.owed_slot:
                slots[attendance] = attending.owed_slot
        self.env["coaching.package"]._hold_for(packages)
        self._take_slots(slots)
