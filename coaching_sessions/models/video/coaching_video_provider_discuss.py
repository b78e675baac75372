import uuid

from odoo import api, models


class CoachingVideoProviderDiscuss(models.AbstractModel):
    """A call in Odoo itself, as its calendar makes one; needs no account."""

    _name = "coaching.video.provider.discuss"
    _inherit = ["coaching.video.provider"]
    _description = "Odoo Discuss"

    @api.model
    def _is_of_coach(self):
        return False

    @api.model
    def _get_name(self):
        return self.env._("Odoo Discuss")

    @api.model
    def _create_meeting(self, meeting):
        # the event's access token; whoever has it may join, it is one session's
        token = uuid.uuid4().hex
        route = self.env["calendar.event"].DISCUSS_ROUTE
        base_url = meeting.session_id.get_base_url()
        return {"external_id": token, "join_url": f"{base_url}/{route}/{token}"}

    @api.model
    def _get_event_values(self, meeting):
        values = super()._get_event_values(meeting)
        event = meeting.session_id.event_id
        if meeting.external_id and event.access_token != meeting.external_id:
            values["access_token"] = meeting.external_id
            # who has the link of an earlier token must not end up in the same call
            values["videocall_channel_id"] = False
        return values
