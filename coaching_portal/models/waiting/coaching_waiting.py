from odoo import models

from odoo.addons.coaching_sessions.tools.local_time import format_span

BADGES = {"waiting": "info", "offered": "warning", "booked": "success"}


class CoachingWaiting(models.Model):
    """What the page of the waiting list tells, as plain values (rank 20)."""

    _inherit = "coaching.waiting"

    def _prepare_portal_rows(self):
        """Return what the reader waits for, and what is offered to them."""
        states = dict(self._fields["state"]._description_selection(self.env))
        format_day = self.env["coaching.session"]._format_day
        rows = []
        # sudo: the reader's own entries; only what is listed here leaves
        for entry in self.sudo():
            offer = entry.proposal_ids.filtered(lambda p: p.state == "open")[:1]
            rows.append(
                {
                    "id": entry.id,
                    "booking_type": entry.booking_type_id.name,
                    "coach": entry.coach_id.name or "",
                    "date_from": format_day(entry.date_from),
                    "date_to": format_day(entry.date_to),
                    "hours": entry._describe_hours(),
                    "state": {
                        "label": states[entry.state],
                        "badge": BADGES.get(entry.state, "muted"),
                    },
                    "open": entry.state in ("waiting", "offered"),
                    "offer_url": offer and offer._get_portal_url(),
                }
            )
        return rows

    def _describe_hours(self):
        """Return between which hours the client wants it, empty for any."""
        self.ensure_one()
        if not self.hour_from and self.hour_to == 24:
            return ""
        format_clock = self.env["coaching.session"]._format_clock
        hours = (self.hour_from, self.hour_to)
        return format_span(*(format_clock(round(hour * 60)) for hour in hours))

    def _prepare_portal_choices(self):
        """Return what the user may wait for: types and coaches of the company."""
        company = self.env.company
        # sudo: names of what the user can book, and of who holds it
        types = self.env["coaching.booking.type"].sudo()
        types = types._get_for_client(self.env.user.partner_id, company)
        types = types.filtered(lambda booking_type: not booking_type.is_makeup)
        coaches = (
            self.env["coaching.coach"].sudo().search([("company_id", "=", company.id)])
        )
        return {
            "types": [{"id": one.id, "name": one.name} for one in types],
            "coaches": [{"id": one.id, "name": one.name} for one in coaches],
            "weekdays": self._get_portal_weekdays(),
        }

    def _get_portal_weekdays(self):
        """Return the days of the week in the reader's language, Monday first."""
        return [
            self.env._("Monday"),
            self.env._("Tuesday"),
            self.env._("Wednesday"),
            self.env._("Thursday"),
            self.env._("Friday"),
            self.env._("Saturday"),
            self.env._("Sunday"),
        ]
