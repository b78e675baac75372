from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text
from .coaching_engagement import CONTINUE_WISHES, SLOT_WISHES


class CoachingEngagement(models.Model):
    """What coach and manager do: wishes, and the end (R34-R36, R66)."""

    _inherit = "coaching.engagement"

    # === WISHES === #

    def _record_wishes(
        self, attendance, continue_wish, slot_wish=None, note="", reserve=None
    ):
        """Keep what the client wants, as asked when a session is closed (R34-R36).

        None of it keeps the client from booking (R60).

        :param attendance: ``coaching.attendance`` it was asked at; rights are checked
            by the caller
        :param str continue_wish: ``yes``, ``unsure`` or ``no``; None: not asked
        :param str slot_wish: ``same`` or ``different``; None: not asked
        :param str note: what the client said beside
        :param bool reserve: keep the weekly time of that session for the client
        :return: the ``coaching.reserved.slot`` that is kept, or none
        :raise UserError: when a wish is unknown, or another's slot is in the way
        """
        self.ensure_one()
        self._check_wish(continue_wish, CONTINUE_WISHES)
        self._check_wish(slot_wish, SLOT_WISHES)
        note = parse_text(self.env, note)
        if continue_wish or slot_wish or note:
            self.write(
                {
                    "continue_wish": continue_wish or False,
                    "slot_wish": slot_wish or False,
                    "wish_note": note,
                    "wished_at": self.env["coaching.session"]._now(),
                    "wished_by_id": self.env.uid,
                }
            )
            self.env["coaching.session.log"]._add(
                "wishes", {attendance: self._get_wishes_sentence()}
            )
        if not reserve:
            return self.env["coaching.reserved.slot"]
        return self._reserve_slot(**self._propose_slot(attendance))

    def _check_wish(self, wish, known):
        if wish and parse_text(self.env, wish) not in dict(known):
            raise UserError(
                self.env._(
                    "Unknown wish “%(wish)s”. Choose one of: %(known)s.",
                    wish=wish,
                    known=", ".join(dict(known)),
                )
            )

    def _get_wishes_sentence(self):
        """Return what the client said, as the log tells it."""
        self.ensure_one()
        sentences = {
            "yes": self.env._("Wants to continue."),
            "unsure": self.env._("Is not sure about continuing."),
            "no": self.env._("Does not want to rebook."),
            "same": self.env._("Prefers the same weekly time."),
            "different": self.env._("Prefers a different time."),
        }
        said = [sentences.get(self.continue_wish), sentences.get(self.slot_wish)]
        return " ".join(filter(None, [*said, self.wish_note]))

    # === THE END === #

    def _check_active(self):
        """Raise when the coaching of one of these clients has ended."""
        for engagement in self:
            if engagement.state == "ended":
                raise UserError(
                    self.env._(
                        "Coaching of %(client)s has ended. Reopen it first.",
                        client=engagement.partner_id.name,
                    )
                )

    def action_end(self, reason=""):
        """End the coaching of these clients; they leave the list (R66).

        Nothing is deleted, and a new booking resumes the coaching. Slots that were
        reserved become free.

        :param str reason: why, kept with it
        :return: True
        :raise UserError: while sessions are booked, saying which
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        # sudo: rights were checked; nobody writes engagements by hand
        self.sudo()._end(parse_text(self.env, reason))
        return True

    def _end(self, reason=""):
        active = self.filtered(lambda engagement: engagement.state == "active")
        active._check_nothing_booked()
        active.write(
            {
                "state": "ended",
                "ended_at": self.env["coaching.session"]._now(),
                "ended_by_id": self.env.uid,
                "end_reason": reason,
            }
        )
        # written now: a booking at this moment must find it, or be found
        active.flush_recordset()
        active.slot_ids.filtered(lambda slot: slot.state == "active")._remove("ended")
        ended = self.env._("Coaching has ended.")
        active._log(" ".join(filter(None, [ended, reason])))

    def _check_nothing_booked(self):
        """Raise while there are sessions to come, naming them."""
        Session = self.env["coaching.session"]
        upcoming = self._get_upcoming()
        if not upcoming:
            return
        client = upcoming[0].partner_id
        times = [
            Session._format_time(attendance.start)
            for attendance in upcoming
            if attendance.partner_id == client
        ]
        raise UserError(
            self.env._(
                "%(client)s still has sessions booked: %(times)s. Cancel them first,"
                " or end the coaching afterwards.",
                client=client.name,
                times="; ".join(times),
            )
        )

    def action_reopen(self):
        """Resume the coaching of these clients (R66).

        :return: True
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        # sudo: rights were checked; nobody writes engagements by hand
        ended = self.sudo().filtered(lambda engagement: engagement.state == "ended")
        ended._reopen()
        return True

    def _reopen(self):
        self.write(
            {
                "state": "active",
                "ended_at": False,
                "ended_by_id": False,
                "end_reason": False,
            }
        )
        self._log(self.env._("Coaching resumed."))
