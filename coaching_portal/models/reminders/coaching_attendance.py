from datetime import UTC

from odoo import api, models
from odoo.tools import consteq, hmac
from odoo.tools.misc import get_lang

SCOPE = "coaching_portal-reconfirm"
MAX_ID = 2**31 - 1


class CoachingAttendance(models.Model):
    """The page on which a client says that they will come, without signing in.

    Its address is signed for one client and one time: whoever has it can confirm that
    session at that time and nothing else, and only until it begins.
    """

    _inherit = "coaching.attendance"

    def _prepare_portal_coach_row(self, outcomes, tz):
        return {
            **super()._prepare_portal_coach_row(outcomes, tz),
            "reconfirmed": self.state == "scheduled" and bool(self.reconfirmed_at),
        }

    def _get_reconfirm_url(self):
        self.ensure_one()
        when = self._get_reconfirm_time()
        token = self._sign_reconfirm(self.id, when)
        return f"{self.get_base_url()}/coaching/confirm/{self.id}/{when}/{token}"

    def _get_manage_url(self):
        self.ensure_one()
        # sudo: whether the client has a login; a page without one leads nowhere
        if not self.partner_id.sudo().user_ids:
            return ""
        path = f"/my/coaching/sessions/{self.session_id.id}"
        return f"{self.get_base_url()}{path}"

    def _get_reconfirm_time(self):
        """Return the start of the session as a number, part of what is signed."""
        self.ensure_one()
        return int(self.start.replace(tzinfo=UTC).timestamp())

    @api.model
    def _sign_reconfirm(self, attendance_id, when):
        """Return the token of one client's session at one time."""
        # sudo: reading the secret of the database
        # 128 bits are enough, and short enough for a text message
        return hmac(self.sudo().env, SCOPE, (attendance_id, when))[:32]

    @api.model
    def _find_by_reconfirm_token(self, attendance_id, when, token):
        """Return the attendance whose page has this address, as superuser.

        Empty unless the token is the right one.
        """
        # sudo: who has the token may read this one, whether signed in or not
        attendances = self.sudo()
        if not 0 < attendance_id <= MAX_ID or not token.isascii():
            return attendances.browse()
        if not consteq(self._sign_reconfirm(attendance_id, when), token):
            return attendances.browse()
        return attendances.browse(attendance_id).exists()

    def _prepare_reconfirm_values(self, when):
        """Return what the page shows, as plain values in the client's language.

        Nothing of the session once the address has expired.

        :param int when: the time that the address was signed for
        """
        self.ensure_one()
        client = self.partner_id
        lang = get_lang(self.env, client.lang).code
        attendance = self.with_context(lang=lang)
        session = attendance.session_id
        values = {"lang": lang, "manage_url": attendance._get_manage_url()}
        if self.start <= session._now():
            return {**values, "status": "over"}
        if self.state != "scheduled":
            return {**values, "status": "cancelled"}
        moved = self._get_reconfirm_time() != when
        confirmed = "confirmed" if self.reconfirmed_at else "open"
        return {
            **values,
            "status": "moved" if moved else confirmed,
            "client": client.name,
            "booking_type": attendance.booking_type_id.name,
            "coach": attendance.coach_id.name,
            "time": session._describe_time(
                self.start, self.stop, client.tz or self.coach_id.tz
            ),
        }
