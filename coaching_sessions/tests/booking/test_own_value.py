from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CoachingCommon
from ..tiny_addon import extend


@tagged("post_install", "-at_install")
class TestOwnValue(CoachingCommon):
    """A tiny addon adds a value of its own to what a booking takes."""

    # pylint: disable=missing-return
    def test_a_value_of_its_own(self):
        with self.assertRaisesRegex(UserError, "“referred_by”"):
            self.book(referred_by="Ann")
        followed = []

        class CoachingSession(models.Model):
            _module = None
            _name = "coaching.session"
            _inherit = ["coaching.session"]

            @api.model
            def _get_booking_keys(self):
                return super()._get_booking_keys() | {"referred_by"}

            @api.model
            def _prepare_booking_extra(self, vals):
                name = vals.get("referred_by") or ""
                if not isinstance(name, str):
                    # pylint: disable=translation-required
                    raise UserError("Who referred the client is a name.")
                return {**super()._prepare_booking_extra(vals), "referred_by": name}

            @api.model
            def _prepare_session_values(self, request):
                values = super()._prepare_session_values(request)
                if request.extra.get("referred_by"):
                    values["note"] = f"Referred by {request.extra['referred_by']}"
                return values

        class CoachingAttendance(models.Model):
            _module = None
            _name = "coaching.attendance"
            _inherit = ["coaching.attendance"]

            def _post_booking(self, request):
                result = super()._post_booking(request)
                followed.append((self, request))
                return result

        extend(self, CoachingSession)
        extend(self, CoachingAttendance)
        session = self.book(user=self.client_user, referred_by="Ann")
        self.assertEqual(session.note, "Referred by Ann")
        ((attendance, request),) = followed
        self.assertEqual(attendance, session.attendance_ids)
        self.assertEqual(request.extra["referred_by"], "Ann")
        self.assertTrue(request.by_client)
        with self.assertRaisesRegex(UserError, "is a name"):
            self.book(days=2, referred_by=5)
        # nothing changes it on its way
        with self.assertRaises(AttributeError):
            request.start = self.now
        with self.assertRaises(TypeError):
            request.extra["referred_by"] = "Bea"
        # a series takes it with each of its sessions
        self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": self.now + timedelta(days=2),
                "count": 2,
                "referred_by": "Cyd",
            }
        )
        attendances, request = followed[-1]
        self.assertEqual(
            set(attendances.session_id.mapped("note")), {"Referred by Cyd"}
        )
