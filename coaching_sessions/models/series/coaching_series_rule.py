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
            raise UserError(self.env._("A series must be a dictionary of values."))
        of_booking = Session._get_booking_keys()
        known = (of_booking - {"stop", "makeup_of_id"}) | RULE_KEYS
        unknown = set(vals) - known
        if unknown:
            raise UserError(
                self.env._(
                    "Unknown value “%(name)s”. Allowed: %(names)s.",
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
            raise UserError(self.env._("Choose one coach for the series."))
        minutes = parse_integer(self.env, vals.get("duration_minutes"))
        minutes = minutes or request.booking_type.duration_minutes
        if not 0 < minutes <= 24 * 60:
            raise UserError(
                self.env._("A session of a series can last one day at most.")
            )
        request = self._check_series_rights(
            request.but(stop=request.start + timedelta(minutes=minutes))
        )
        if request.booking_type.is_makeup:
            raise UserError(
                self.env._(
                    "Make-ups can't be booked as a series. Book them one by one."
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
                self.env._("Choose how to handle conflicts: refuse or skip.")
            )
        if not 1 <= rule["interval_weeks"] <= 52:
            raise UserError(self.env._("Enter a series interval from 1 to 52 weeks."))
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
                self.env._("Enter the weekdays and the time of the series.")
            )
        minute = parse_integer(self.env, minute)
        if not set(weekdays) <= set(range(7)) or not 0 <= minute < 24 * 60:
            raise UserError(
                self.env._(
                    "Weekdays must be numbers from 0 (Monday) to 6 (Sunday), and the"
                    " time must be in minutes after midnight."
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
                    "Choose when the series ends: on a day, after a number of"
                    " sessions, or when the package is used up."
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
                    "The series would have no sessions. Choose a last day after the"
                    " first day."
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
                    "A series can have at most %(count)s sessions within %(years)s"
                    " years. End it earlier; another series can follow.",
                    count=MAX_OCCURRENCES,
                    years=MAX_YEARS,
                )
            )
        return starts
