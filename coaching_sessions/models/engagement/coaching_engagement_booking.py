from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.arguments import check_ids
from ..session.lifecycle import BLOCKING_STATES


class CoachingEngagement(models.Model):
    """Bookings begin an engagement; the next session is booked from it (R149)."""

    _inherit = "coaching.engagement"

    @api.model
    def _ensure_for(self, attendances):
        """Let client and coach of new bookings be engaged, again if it had ended.

        :param attendances: ``coaching.attendance``, just booked
        :return: ``coaching.engagement``
        """
        attendances.flush_recordset(["partner_id", "coach_id", "company_id"])
        rows = {
            (
                attendance.partner_id.id,
                attendance.coach_id.id,
                attendance.company_id.id,
            ): attendance._get_local_date()
            for attendance in attendances.sorted("start", reverse=True)
        }
        engagements, reopened = self._ensure(
            rows, booked_at=self.env["coaching.session"]._now()
        )
        reopened._log(self.env._("Booked again: coaching resumed."))
        attendances.invalidate_model(["engagement_id"], flush=False)
        return engagements

    @api.model
    def _ensure(self, rows, booked_at=None):
        """Let clients and coaches be engaged, in one statement for the batch.

        Every booking writes the row, so that of a booking and an end at the same moment
        the second one has to look again. Clients who did not want to rebook have
        changed their mind.

        :param dict rows: (client's, coach's, company's id) → first day
        :param datetime booked_at: when it was booked, naive UTC; None: no booking
        :return: all of them, and those of them that had ended
        """
        if not rows:
            return self.browse(), self.browse()
        self.flush_model()
        now = self.env["coaching.session"]._now()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, 'active', %s, %s::timestamp, %s, %s, %s, %s)",
                *key,
                day,
                booked_at,
                *(self.env.uid, now, self.env.uid, now),
            )
            # in order, so that two batches can't wait for each other
            for key, day in sorted(rows.items())
        )
        result = self.env.execute_query(
            SQL(
                """
                WITH ended AS (
                    SELECT id FROM coaching_engagement
                     WHERE state = 'ended'
                       AND (partner_id, coach_id, company_id) IN %(keys)s
                )
                INSERT INTO coaching_engagement AS engagement (
                    partner_id, coach_id, company_id, state, start_date,
                    last_booked_at, create_uid, create_date, write_uid, write_date)
                VALUES %(values)s
                ON CONFLICT (partner_id, coach_id, company_id) DO UPDATE SET
                    state = 'active', ended_at = NULL, ended_by_id = NULL,
                    end_reason = NULL,
                    continue_wish = NULLIF(engagement.continue_wish, 'no'),
                    last_booked_at = COALESCE(
                        EXCLUDED.last_booked_at, engagement.last_booked_at),
                    write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                RETURNING id, id IN (SELECT id FROM ended)
                """,
                keys=tuple(rows),
                values=values,
            )
        )
        self.invalidate_model(flush=False)
        return (
            self.browse([row[0] for row in result]),
            self.browse([row[0] for row in result if row[1]]),
        )

    @api.model
    def _backfill(self):
        """Make the engagements of what was booked before there were any."""
        self.env.cr.execute(
            """
            INSERT INTO coaching_engagement (
                partner_id, coach_id, company_id, state, start_date, last_booked_at,
                create_uid, create_date, write_uid, write_date)
            SELECT partner_id, coach_id, company_id, 'active', min(start)::date,
                   max(create_date), 1, now() AT TIME ZONE 'UTC',
                   1, now() AT TIME ZONE 'UTC'
              FROM coaching_attendance
             GROUP BY partner_id, coach_id, company_id
            ON CONFLICT DO NOTHING
            """
        )

    def _get_upcoming(self):
        """Return the attendances of these clients with these coaches to come."""
        now = self.env["coaching.session"]._now()
        keys = {engagement._get_key() for engagement in self}
        return (
            self.env["coaching.attendance"]
            .search(
                [
                    *self._get_attendance_domain(),
                    ("state", "=", "scheduled"),
                    ("start", ">", now),
                ],
                order="start, id",
            )
            .filtered(lambda a: (a.partner_id, a.coach_id, a.company_id) in keys)
        )

    def _get_last_attendance(self):
        """Return the last attendance that has begun, closed out or not."""
        self.ensure_one()
        return self.env["coaching.attendance"].search(
            [
                *self._get_attendance_domain(),
                ("state", "in", BLOCKING_STATES),
                ("start", "<=", self.env["coaching.session"]._now()),
            ],
            order="start desc, id desc",
            limit=1,
        )

    def _get_booking_type(self, booking_type_id=None):
        """Return what to book: as given, or as last time.

        :raise UserError: when there is none
        """
        self.ensure_one()
        if booking_type_id:
            check_ids(self.env, booking_type_id)
            booking_type = self.env["coaching.booking.type"].browse(booking_type_id)
            if booking_type.exists():
                self.env["coaching.session"]._check_companies(
                    self.company_id, booking_type, self.env["res.partner"]
                )
                return booking_type
        else:
            last = self.env["coaching.attendance"].search(
                [
                    *self._get_attendance_domain(),
                    ("booking_type_id.is_makeup", "=", False),
                    ("booking_type_id.active", "=", True),
                ],
                order="start desc, id desc",
                limit=1,
            )
            if last:
                return last.booking_type_id
        raise UserError(self.env._("Choose the booking type."))

    def action_book_next(self, start, booking_type_id=None, client_agreed=None):
        """Book the client's next session (R57, R149).

        :param start: naive UTC
        :param int booking_type_id: as last time by default
        :param client_agreed: True, or how the client agreed to that session
        :return: ``coaching.session``
        :raise UserError: when a booking at that time is refused
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        self.ensure_one()
        # sudo: rights were checked; what is booked, and for whom, book() checks again
        engagement = self.sudo()
        return self.env["coaching.session"].book(
            {
                "booking_type_id": engagement._get_booking_type(booking_type_id).id,
                "coach_id": engagement.coach_id.id,
                "partner_ids": engagement.partner_id.ids,
                "start": start,
                "client_agreed": client_agreed,
            }
        )

    def action_open_book_next(self):
        """Open the dialog that books the client's next session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_book_action"
        )
        last = self._get_last_attendance() or self._get_upcoming()[-1:]
        action["context"] = {
            "default_coach_id": self.coach_id.id,
            "default_partner_ids": self.partner_id.ids,
            "default_start": last and last._propose_next_start() or False,
        }
        if last and not last.booking_type_id.is_makeup:
            action["context"]["default_booking_type_id"] = last.booking_type_id.id
        return action

    def action_view_sessions(self):
        """Open this client's sessions with this coach."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [
            ("attendance_ids.partner_id", "=", self.partner_id.id),
            ("coach_id", "=", self.coach_id.id),
        ]
        if self.env.context.get("upcoming"):
            action["domain"].append(("start", ">", self.env["coaching.session"]._now()))
        action["context"] = {}
        return action
