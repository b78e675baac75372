import requests

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.coaching_sessions.models.video.coaching_video_provider import (
    VideoError,
)


class CoachingVideoProviderTeams(models.AbstractModel):
    """A Teams meeting of the event in the coach's Outlook calendar.

    Odoo's synchronisation carries the event there, and asks for an online meeting as
    it does; the answer says nothing of it, so the link is fetched afterwards.
    """

    _name = "coaching.video.provider.teams"
    _inherit = ["coaching.video.provider.calendar"]
    _description = "Microsoft Teams"

    @api.model
    def _get_name(self):
        return "Microsoft Teams"

    @api.model
    def _create_meeting(self, meeting):
        event = meeting.session_id.event_id
        url = self._get_new_url(meeting, event.videocall_location)
        if url:
            return {"join_url": url}
        user = self._check_connected(meeting)
        self._check_addresses(meeting)
        former = meeting._get_former_coach()
        if event.ms_universal_event_id and former:
            self._send_anew(user, event, former.user_id)
        elif event.ms_universal_event_id:
            found = self._fetch_url(user, event)
            url = self._get_new_url(meeting, found)
            if url:
                return {"join_url": url}
            if found:
                self._send_anew(user, event)
        else:
            # sent after the commit, as that of every event
            event.with_user(user)._sync_odoo2microsoft()
        raise VideoError(
            self.env._("Outlook has not made the Teams link yet."), kind="later"
        )

    @api.model
    def _is_link_of(self, url):
        return "//teams." in url

    @api.model
    def _is_connected(self, user):
        return bool(
            user.microsoft_calendar_rtoken
            and user._get_microsoft_sync_status() == "sync_active"
        )

    @api.model
    def _get_calendar_name(self):
        return self.env._("Outlook calendar")

    @api.model
    def _check_addresses(self, meeting):
        """Raise where somebody has no email address: Outlook takes no such event."""
        partners = meeting.session_id.event_id.partner_ids
        without = partners.filtered(lambda partner: not partner.email)
        if without:
            raise VideoError(
                self.env._(
                    "Outlook needs an email address for everyone. Enter one for"
                    " %(names)s, then make a new link here.",
                    names=", ".join(without.mapped("name")),
                )
            )

    @api.model
    def _fetch_url(self, user, event):
        """Return the online meeting that Outlook's event has."""
        service = event._get_microsoft_service()
        try:
            token = user._get_microsoft_calendar_token()
            _found, answer = service._get_single_event(
                event.ms_universal_event_id, token=token
            )
        except UserError as error:
            raise VideoError(str(error)) from error
        except (requests.RequestException, AttributeError) as error:
            raise VideoError(
                self.env._("Outlook did not answer."), kind="later"
            ) from error
        events = answer.get("value") if isinstance(answer, dict) else None
        online = (events or [{}])[0].get("onlineMeeting") or {}
        return online.get("joinUrl")

    @api.model
    def _send_anew(self, user, event, former=None):
        """Have Outlook make another event: a Teams link belongs to one for good.

        :param former: login of the coach in whose calendar the old one is

        Forgotten here first: a deleted event that we still knew would come back as a
        cancellation of the session.
        """
        event = event.with_user(user).with_context(dont_notify=True)
        old = event.microsoft_id
        event.write(
            {
                "microsoft_id": False,
                "ms_universal_event_id": False,
                "need_sync_m": False,
            }
        )
        event._microsoft_delete(former or user, old)
        event._sync_odoo2microsoft()
