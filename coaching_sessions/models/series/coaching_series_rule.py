from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_date, parse_ids, parse_integer
from ...tools.local_time import to_local
from ...tools.recurrence import MAX_OCCURRENCES, MAX_YEARS, get_starts

# what says when a series comes up, next to what is booked
RULE_KEYS = {
    "start",
    "weekdays",
    "start_minute",
    "date_from",
    "interval_weeks",
    "duration_minutes",
    "date_to",
    "count",
    "until_used",
    "on_conflict",
}


class CoachingSeries(models.Model):
    """What callers say about a series, checked: it may be anything."""

    _inherit = "coaching.series"

    @api.model
    def _prepare_series(self, vals):
        """Return what is booked, and when it comes up.

        :return: ``BookingRequest`` of one session, and the rule
        :raise UserError: when something is missing, unknown or makes no sense
        :raise AccessError: when the user may not book that
        """
        Session = self.env["coaching.session"]
        if not isinstance(vals, dict):
            raise UserError(self.env._("A series is a dictionary of values."))
        of_booking = Session._get_booking_keys()
        known = (of_booking - {"stop", "makeup_of_id"}) | RULE_KEYS
        unknown = set(vals) - known
        if unknown:
            raise UserError(
                self.env._(
                    "A series knows no “%(name)s”. It takes: %(names)s.",
                    name=min(map(str, unknown)),
                    names=", ".join(sorted(known)),
                )
            )
        request = Session._prepare_booking(
            {
                # any: it comes up when the rule says
                **{"start": Session._now()},
                **{name: vals[name] for name in vals if name in of_booking},
            }
        )
        if not request.coach:
            raise UserError(self.env._("Say with which coach. A series has one."))
        minutes = parse_integer(self.env, vals.get("duration_minutes"))
        minutes = minutes or request.booking_type.duration_minutes
        if not 0 < minutes <= 24 * 60:
            raise UserError(
                self.env._("A session of a series lasts a day at the longest.")
            )
        request = self._check_series_rights(
            request.but(stop=request.start + timedelta(minutes=minutes))
        )
        if request.booking_type.is_makeup:
            raise UserError(
                self.env._(
                    "Make-ups are booked one by one: each makes up for one session."
                )
            )
        return request, {
            **self._parse_rule(vals, request),
            "duration_minutes": minutes,
        }

    @api.model
    def _parse_rule(self, vals, request):
        """Return when a series comes up.

        :return: dict with the values of the fields, ``starts`` (naive UTC) and
            ``on_conflict``
        """
        tz = request.coach.tz or "UTC"
        rule = {
            "tz": tz,
            **self._parse_start(vals, request, tz),
            **self._parse_end(vals),
            "interval_weeks": parse_integer(self.env, vals.get("interval_weeks")) or 1,
            "on_conflict": vals.get("on_conflict", "refuse"),
        }
        if rule["on_conflict"] in (None, False, ""):
            rule["on_conflict"] = "refuse"
        if rule["on_conflict"] not in ("refuse", "skip"):
            raise UserError(
                self.env._("Where there is a conflict, either refuse or skip.")
            )
        if not 1 <= rule["interval_weeks"] <= 52:
            raise UserError(
                self.env._("A series comes up every week, or every 2 to 52 weeks.")
            )
        rule["starts"] = self._get_starts(rule)
        return rule

    @api.model
    def _parse_start(self, vals, request, tz):
        """Return weekdays, time of day and first day."""
        first = vals.get("start") and to_local(request.start, tz)
        day = parse_date(self.env, vals.get("date_from"))
        day = day or (first or to_local(request.start, tz)).date()
        weekdays = parse_ids(self.env, vals.get("weekdays"))
        minute = vals.get("start_minute")
        if first:
            weekdays = weekdays or [first.weekday()]
            minute = first.hour * 60 + first.minute if minute is None else minute
        if not weekdays or minute is None or minute is False:
            raise UserError(
                self.env._(
                    "Say on which weekdays the series comes up, and at what time."
                )
            )
        minute = parse_integer(self.env, minute)
        if not set(weekdays) <= set(range(7)) or not 0 <= minute < 24 * 60:
            raise UserError(
                self.env._(
                    "Weekdays are numbers from 0 for Monday to 6 for Sunday, a time is"
                    " in minutes after midnight."
                )
            )
        return {
            "weekdays": "".join(str(number) for number in sorted(set(weekdays))),
            "start_minute": minute,
            "date_from": day,
        }

    @api.model
    def _parse_end(self, vals):
        """Return how the series ends."""
        date_to = parse_date(self.env, vals.get("date_to"))
        count = parse_integer(self.env, vals.get("count"))
        ends = [
            end
            for end, given in (
                ("date", date_to),
                ("count", count),
                ("package", vals.get("until_used")),
            )
            if given
        ]
        if len(ends) != 1 or count < 0:
            raise UserError(
                self.env._(
                    "Say when the series ends: on a day, after so many times, or when"
                    " the package is used up."
                )
            )
        return {"ends": ends[0], "date_to": date_to or False, "count": count}

    @api.model
    def _get_starts(self, rule):
        """Return when it comes up, naive UTC.

        :raise UserError: when that is never, or too often
        """
        starts = get_starts(
            [int(digit) for digit in rule["weekdays"]],
            rule["interval_weeks"],
            rule["start_minute"],
            rule["tz"],
            rule["date_from"],
            rule["date_to"] or None,
            rule["count"] or None,
        )
        if not starts:
            raise UserError(
                self.env._(
                    "The series would never come up. Choose a last day after the first."
                )
            )
        if rule["ends"] == "package":
            return starts[:MAX_OCCURRENCES]
        latest = rule["date_from"] + timedelta(days=366 * MAX_YEARS)
        if (
            len(starts) > MAX_OCCURRENCES
            or len(starts) < rule["count"]
            or (rule["date_to"] and rule["date_to"] > latest)
        ):
            raise UserError(
                self.env._(
                    "A series has %(count)s sessions within %(years)s years at the"
                    " most. Let it end earlier; it can be followed by another one.",
                    count=MAX_OCCURRENCES,
                    years=MAX_YEARS,
                )
            )
        return starts
