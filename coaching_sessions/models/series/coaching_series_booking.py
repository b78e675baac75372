from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.arguments import without_defaults
from ...tools.halves import do_by_halves


class CoachingSeries(models.Model):
    """Booking a series: all of it in one batch, or as far as it goes."""

    _inherit = "coaching.series"

    @api.model
    def book(self, vals):
        """Book a series, in one transaction.

        :param dict vals: ``booking_type_id``, ``coach_id``, ``partner_ids``,
            ``package_id``, ``without_package``, ``note``, ``terms_accepted`` and
            ``client_agreed`` as for ``coaching.session.book``; ``weekdays`` (list, 0
            for Monday) and ``start_minute`` (after midnight in the coach's time zone),
            or ``start`` (naive UTC) of the first one; ``date_from`` (else today, or
            that start's day), ``interval_weeks`` (1), ``duration_minutes`` (else the
            type's); how it ends, one of ``date_to`` (last day), ``count`` (so many
            times) and ``until_used`` (the package); ``on_conflict``: ``refuse`` (by
            default: all of it or nothing) or ``skip`` (as far as it goes)
        :return: dict with ``series_id``, ``session_ids`` and ``not_booked``: a list of
            dicts with ``number``, ``start``, ``stop`` (naive UTC) and ``reason``
        :raise UserError: when it can't be booked, saying which times and why
        :raise AccessError: when the user may not book that
        """
        request, rule = self._prepare_series(vals)
        # sudo: rights were checked; clients have no access to write what they book
        series, sessions = without_defaults(self.sudo())._book(request, rule)
        return {
            "series_id": series.id,
            "session_ids": sessions.ids,
            "not_booked": [
                {
                    "number": gap.number,
                    "start": gap.start,
                    "stop": gap.stop,
                    "reason": gap.reason,
                }
                for gap in series.gap_ids.sorted("number")
            ],
        }

    @api.model
    def _book(self, request, rule):
        """Plan and book.

        :return: the series and its sessions
        """
        occurrences = self._plan(request, rule)
        refuse = rule["on_conflict"] == "refuse"
        conflicts = [one for one in occurrences if one["conflict"]]
        if conflicts and (refuse or len(conflicts) == len(occurrences)):
            raise UserError(self._get_conflicts_message(conflicts, len(occurrences)))
        with self.env.cr.savepoint():
            series = self.create(self._prepare_values(request, rule, occurrences))
            sessions = series._book_occurrences(occurrences, refuse)
            if not sessions:
                raise UserError(
                    self._get_conflicts_message(occurrences, len(occurrences))
                )
            series._note_gaps(occurrences)
            self.env["coaching.notification"]._queue_series(
                "series_booked", sessions.attendance_ids
            )
        return series, sessions

    @api.model
    def _prepare_values(self, request, rule, occurrences):
        """Return the values of a series."""
        return {
            "coach_id": request.coach.id,
            "company_id": request.coach.company_id.id,
            "booking_type_id": request.booking_type.id,
            "partner_ids": request.partners.ids,
            "package_id": request.package.id,
            "without_package": request.without_package,
            "note": request.note,
            "agreed": request.extra["agreement"] is not None,
            "agreement_note": request.extra["agreement"] or False,
            "occurrence_count": len(occurrences),
            **{
                name: rule[name]
                for name in (
                    "tz",
                    "weekdays",
                    "start_minute",
                    "duration_minutes",
                    "interval_weeks",
                    "date_from",
                    "date_to",
                    "ends",
                )
            },
        }

    def _book_occurrences(self, occurrences, refuse=False):
        """Book what nothing is in the way of, and note the session on each.

        :param list occurrences: judged in this transaction
        :param bool refuse: whether losing a race for one of them is an error
        :return: ``coaching.session``
        """
        self.ensure_one()
        Session = self.env["coaching.session"]
        free = [one for one in occurrences if not one["conflict"]]
        if not free:
            return Session
        # once for all of them: terms, the client's agreement
        checked = Session._check_request(free[0]["request"])
        for occurrence in free:
            occurrence["request"] = checked.but(
                start=occurrence["start"],
                stop=occurrence["stop"],
                meets_holds=occurrence["request"].meets_holds,
                judged=True,
                quiet=True,
                # a series makes sessions of its own: one can't belong to two of them
                joins=False,
                extra={
                    "series": self,
                    "series_number": occurrence["number"],
                    "series_start": occurrence.get("slot") or occurrence["start"],
                },
            )
        # before the first try, so that what it loses to is committed
        if Session._wait_for_turn(checked.coach, checked.partners):
            # somebody was there before: what is lost is cheaper looked for than tried
            free = self._leave_out_lost(free, refuse)
        return self._book_as_far_as_possible(free, refuse)

    def _book_as_far_as_possible(self, occurrences, refuse):
        """Book occurrences in one batch; without those in which somebody was quicker.

        What else a batch is refused for is found by halves.

        :return: ``coaching.session``
        """
        for occurrence, reason in do_by_halves(
            occurrences, lambda part: self._try_to_book(part, refuse)
        ):
            occurrence.update(conflict=reason, covered=False)
        return self.env["coaching.session"].union(
            *(one["session"] for one in occurrences if one.get("session"))
        )

    def _try_to_book(self, occurrences, refuse):
        """Book all of these that nobody was quicker in, or nothing.

        :return: None, or why nothing was booked
        """
        left = [one for one in occurrences if not one["conflict"]]
        if not left:
            return None
        requests = [one["request"] for one in left]
        try:
            with self.env.cr.savepoint():
                sessions = self.env["coaching.session"]._book_batch(requests)
        except ConcurrencyError:
            raise
        except UserError as error:
            free = self._leave_out_lost(left, refuse)
            if refuse:
                raise
            if len(free) < len(left):
                return self._try_to_book(free, refuse)
            return str(error)
        for occurrence, session in zip(left, sessions, strict=True):
            occurrence["session"] = session
        return None

    def _leave_out_lost(self, occurrences, refuse):
        """Note on occurrences that somebody was quicker, and return the others.

        :param bool refuse: raise where there is one, instead
        """
        messages = self.env["coaching.session"]._find_lost(
            [occurrence["request"] for occurrence in occurrences]
        )
        left = []
        for occurrence, message in zip(occurrences, messages, strict=True):
            if message:
                occurrence.update(conflict=message, covered=False)
            else:
                left.append(occurrence)
        if refuse and len(left) < len(occurrences):
            lost = [one for one in occurrences if one["conflict"]]
            raise UserError(self._get_conflicts_message(lost, len(occurrences)))
        return left

    def _note_gaps(self, occurrences, kind="conflict", state="open"):
        """Keep what was not booked, and why."""
        self.ensure_one()
        return self.env["coaching.series.gap"].create(
            [
                {
                    "series_id": self.id,
                    "number": occurrence["number"],
                    "start": occurrence["start"],
                    "stop": occurrence["stop"],
                    "kind": kind,
                    "state": state,
                    "reason": occurrence["conflict"] or False,
                }
                for occurrence in occurrences
                if not occurrence.get("session")
            ]
        )

    # === SENTENCES === #

    @api.model
    def _get_conflicts_message(self, conflicts, total):
        """Return which times of a series can't be booked, and why.

        :param list conflicts: occurrences
        :param int total: how many there are with those that can
        """
        lines = [one["conflict"] for one in conflicts[:10]]
        if len(conflicts) > len(lines):
            lines.append(
                self.env._("And %(count)s more.", count=len(conflicts) - len(lines))
            )
        if len(conflicts) == total:
            lines.insert(0, self.env._("None of these times can be booked."))
        else:
            lines.insert(
                0,
                self.env._(
                    "%(count)s of %(total)s times can't be booked. Change the series,"
                    " or book it without them.",
                    count=len(conflicts),
                    total=total,
                ),
            )
        return "\n".join(lines)
