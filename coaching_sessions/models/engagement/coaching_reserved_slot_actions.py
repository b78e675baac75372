from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text
from ...tools.local_time import get_weekly_starts, to_local

DAY_MINUTES = 24 * 60


class CoachingReservedSlot(models.Model):
    """Reserving, removing and restoring a weekly time (R58, R62-R64)."""

    _inherit = "coaching.reserved.slot"

    @api.model
    def _reserve(
        self,
        engagement,
        weekday,
        start_minute,
        duration_minutes,
        booking_type_id,
        date_from=None,
        date_to=None,
    ):
        """Keep a weekly time for a client; rights are checked by the caller.

        :param engagement: ``coaching.engagement``
        :param int weekday: 0 for Monday
        :param int start_minute: minutes after midnight in the coach's time zone
        :param date date_from: first day, today in the coach's time zone by default
        :return: the slot; the one there is, when the client has that time already
        :raise UserError: when the coach keeps that time for somebody else
        """
        tz = engagement.coach_id.tz or "UTC"
        today = to_local(self.env["coaching.session"]._now(), tz).date()
        values = {
            "engagement_id": engagement.id,
            "booking_type_id": booking_type_id,
            "weekday": str(weekday),
            "start_minute": start_minute,
            "duration_minutes": duration_minutes,
            "tz": tz,
            "date_from": date_from or today,
            "date_to": date_to or False,
        }
        slot = self.new(values)
        if start_minute + duration_minutes > DAY_MINUTES:
            raise UserError(
                self.env._(
                    "A reserved slot must end on the day it begins. Choose an"
                    " earlier time."
                )
            )
        if date_to and date_to < values["date_from"]:
            raise UserError(
                self.env._(
                    "The last day can't be before the first day. Correct the days."
                )
            )
        taken = slot._find_conflict()
        if taken.engagement_id == engagement and taken.start_minute == start_minute:
            return taken
        if taken:
            raise UserError(taken._get_taken_message())
        with self._readable_conflict():
            return self.create(values)

    def _find_conflict(self):
        """Return an active slot of the coach that overlaps this one.

        For the sentence; the constraint is what judges.
        """
        self.ensure_one()
        stop = self.start_minute + self.duration_minutes
        others = self.search(
            [
                ("id", "!=", self._origin.id),
                ("coach_id", "=", self.engagement_id.coach_id.id),
                ("weekday", "=", self.weekday),
                ("state", "=", "active"),
                ("start_minute", "<", stop),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date_from),
            ]
        )
        return others.filtered(
            lambda slot: slot.start_minute + slot.duration_minutes > self.start_minute
            and (not self.date_to or slot.date_from <= self.date_to)
        )[:1]

    def _get_taken_message(self):
        self.ensure_one()
        return self.env._(
            "%(coach)s already reserves %(slot)s for %(client)s. Choose another"
            " time, or remove that reserved slot first.",
            coach=self.coach_id.name,
            slot=self._get_label(),
            client=self.partner_id.name,
        )

    @contextmanager
    def _readable_conflict(self):
        """Turn a lost race for a weekly time into the sentence a person needs."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.ExclusionViolation as error:
            raise UserError(
                self.env["coaching.reserved.slot"]._sql_error_to_message(error)
            ) from error

    def action_remove(self, reason=""):
        """Remove these weekly times; sessions that are booked stay (R62).

        :param str reason: why, kept with it
        :return: True
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        # sudo: rights were checked; nobody writes slots by hand
        self.sudo()._remove("manual", note=parse_text(self.env, reason))
        return True

    def _remove(self, removal, session=None, note=""):
        """Remove the active ones of these slots.

        :param str removal: one of the selection
        :param session: ``coaching.session`` whose close-out it was
        :return: the slots that were removed
        """
        active = self.filtered(lambda slot: slot.state == "active")
        if active:
            active.write(
                {
                    "state": "removed",
                    "removal": removal,
                    "removal_note": note or False,
                    "removed_at": self.env["coaching.session"]._now(),
                    "removed_by_id": self.env.uid,
                    "removed_by_session_id": session.id if session else False,
                }
            )
            for slot in active:
                slot.engagement_id._log(
                    " ".join(filter(None, [slot._get_removal_message(), note]))
                )
        return active

    def action_restore(self):
        """Restore removed weekly times (R64).

        :return: True
        :raise UserError: when the coach keeps that time for somebody else by now
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        # sudo: rights were checked; nobody writes slots by hand
        for slot in self.sudo().filtered(lambda slot: slot.state == "removed"):
            slot._restore()
        return True

    def _restore(self):
        self.ensure_one()
        self.engagement_id._check_active()
        today = to_local(self.env["coaching.session"]._now(), self.tz).date()
        if self.date_to and self.date_to < today:
            raise UserError(
                self.env._("This reserved slot has ended. Reserve a new one.")
            )
        taken = self._find_conflict()
        if taken:
            raise UserError(taken._get_taken_message())
        with self._readable_conflict():
            self.write(
                {
                    "state": "active",
                    "restored_at": self.env["coaching.session"]._now(),
                    "restored_by_id": self.env.uid,
                }
            )
        self.engagement_id._log(
            self.env._(
                "The reserved slot %(slot)s was restored.", slot=self._get_label()
            )
        )

    # === WHEN IT IS === #

    def _get_starts(self, start, stop):
        """Return when these weekly times come up.

        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :return: dict of slot → list of naive UTC datetimes that begin in that span
        """
        result = {}
        for slot in self:
            first = max(to_local(start, slot.tz).date(), slot.date_from)
            last = to_local(stop, slot.tz).date()
            last = min(last, slot.date_to) if slot.date_to else last
            starts = get_weekly_starts(
                int(slot.weekday), slot.start_minute, slot.tz, first, last
            )
            result[slot] = [moment for moment in starts if start <= moment < stop]
        return result
