from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import without_defaults
from ..session.lifecycle import BLOCKING_STATES


class CoachingSeries(models.Model):
    """Planning a series: each of its times, and what is in the way."""

    _inherit = "coaching.series"

    @api.model
    def plan(self, vals):
        """Return what booking a series would lead to; writes nothing (R109).

        :param dict vals: as for ``book``
        :return: list of dicts with ``number``, ``start``, ``stop`` (naive UTC),
            ``conflict`` (why it can't be booked, False where it can) and ``covered``
            (whether a package holds it)
        :raise UserError: when the values make no series
        :raise AccessError: when the user may not book that
        """
        request, rule = self._prepare_series(vals)
        # sudo: rights were checked; what takes the time is told as in booking
        occurrences = without_defaults(self.sudo())._plan(request, rule)
        return [
            {
                name: occurrence[name]
                for name in ("number", "start", "stop", "conflict", "covered")
            }
            for occurrence in occurrences
        ]

    @api.model
    def _check_series_rights(self, request):
        """Raise unless the user may book this series: as a session, and more.

        :return: the request, ``by_client`` where it is a client's own
        """
        request = self.env["coaching.session"]._check_booking_rights(request)
        if request.by_client and not request.booking_type.allow_series_by_client:
            raise AccessError(
                self.env._(
                    "You can't book a series of “%(booking_type)s” yourself. Book the"
                    " sessions one by one, or ask %(coach)s.",
                    booking_type=request.booking_type.name,
                    coach=request.coach.name,
                )
            )
        return request

    @api.model
    def _plan(self, request, rule):
        """Return the occurrences of a series and what is in their way.

        A fixed number of queries, however many there are.

        :param BookingRequest request: what is booked, at any time
        :param dict rule: what ``_parse_rule`` returns
        :return: list of dicts, see ``plan``; with ``request``
        """
        length = timedelta(minutes=rule["duration_minutes"])
        occurrences = [
            self._prepare_occurrence(request, number, start, length)
            for number, start in enumerate(rule["starts"], 1)
        ]
        self._judge(occurrences, on_credit=rule["ends"] != "package")
        if rule["ends"] != "package":
            return occurrences
        covered = [one["number"] for one in occurrences if one["covered"]]
        if not covered:
            reasons = [one["conflict"] for one in occurrences if one["conflict"]]
            raise UserError(
                reasons[0]
                if reasons
                else self.env._(
                    "There is no package to use up. Enter the last day or the number"
                    " of sessions."
                )
            )
        return occurrences[: covered[-1]]

    @api.model
    def _prepare_occurrence(self, request, number, start, length):
        """Return one occurrence, not judged yet."""
        return {
            "number": number,
            "start": start,
            "stop": start + length,
            "conflict": False,
            "covered": False,
            "request": request.but(start=start, stop=start + length),
        }

    @api.model
    def _judge(self, occurrences, on_credit=True):
        """Note on each occurrence what is in its way, after the earlier ones.

        :param list occurrences: of ``_prepare_occurrence``, in the order of starts
        :param bool on_credit: whether what no package pays may be owed
        """
        Session = self.env["coaching.session"]
        for occurrence in occurrences:
            try:
                Session._check_booking(occurrence["request"])
            except UserError as error:
                occurrence["conflict"] = str(error)
        free = [one for one in occurrences if not one["conflict"]]
        looked = Session._look_at([one["request"] for one in free])
        for occurrence, (request, message) in zip(free, looked, strict=True):
            occurrence.update(request=request, conflict=message or False)
        self._judge_coverage(
            [one for one in free if not one["conflict"]], on_credit=on_credit
        )

    @api.model
    def _judge_coverage(self, occurrences, on_credit=True):
        """Note which package holds each occurrence, or that none does."""
        if not occurrences:
            return
        Attendance = self.env["coaching.attendance"]
        request = occurrences[0]["request"]
        planned = {
            attendance: occurrence
            for occurrence in occurrences
            for attendance in Attendance._plan(occurrence["request"])
        }
        chosen = Attendance.union(*planned)._choose_attending(
            request.package,
            without_package=request.without_package,
            on_credit=on_credit,
            in_series=True,
        )
        for attendance, attending in chosen.items():
            occurrence = planned[attendance]
            if attending.refusal:
                occurrence.update(covered=False, conflict=attending.refusal)
            elif attending.kind == "package":
                occurrence["covered"] = not occurrence["conflict"]

    def _plan_gaps(self, gaps):
        """Return occurrences for times that were not booked, judged as they are now.

        :param gaps: ``coaching.series.gap`` of this series, in the order of starts
        """
        self.ensure_one()
        request = self.env["coaching.session"]._prepare_booking(
            {
                "booking_type_id": self.booking_type_id.id,
                "coach_id": self.coach_id.id,
                "partner_ids": self.partner_ids.ids,
                "package_id": self.package_id.id,
                "without_package": self.without_package,
                "note": self.note,
                "client_agreed": self.agreed and (self.agreement_note or True),
                "start": gaps[0].start,
            }
        )
        occurrences = [
            self._prepare_occurrence(
                request, gap.number, gap.start, gap.stop - gap.start
            )
            for gap in gaps
        ]
        for occurrence, gap in zip(occurrences, gaps, strict=True):
            occurrence["request"] = occurrence["request"].but(
                partners=gap._get_partners()
            )
        self._judge(occurrences)
        there = set(
            self.session_ids.filtered(
                lambda session: session.state in BLOCKING_STATES
            ).mapped("series_number")
        )
        for occurrence in occurrences:
            if occurrence["number"] in there:
                occurrence["conflict"] = self.env._("This time is already booked.")
        return occurrences
