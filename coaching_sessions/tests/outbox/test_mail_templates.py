from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestMailTemplates(CoachingCommon):
    """Odoo renders a template that is created or edited for the first row there is."""

    def test_every_template_can_be_rendered_for_every_mail(self):
        """Else neither an upgrade can add one, nor can anybody edit one."""
        session = self.book()
        attendance = session.attendance_ids
        proposal = session.action_propose([session.stop])
        Notification = self.env["coaching.notification"]
        notifications = Notification.create(
            [
                {
                    name: record.id,
                    "company_id": self.company.id,
                    "partner_id": self.client.id,
                    "kind": "booked",
                }
                for name, record in (
                    ("attendance_id", attendance),
                    ("session_id", session),
                    ("package_id", self.package),
                    ("engagement_id", attendance.engagement_id),
                    ("proposal_id", proposal),
                )
            ]
        )
        self.assertEqual(
            {mail._get_subject()._name for mail in notifications},
            {
                Notification._fields[name].comodel_name
                for name in Notification._get_subject_fields()
            },
        )
        for xmlid in Notification._get_templates().values():
            template = self.env.ref(xmlid)
            for name in template._get_dynamic_field_names():
                with self.subTest(template=xmlid, field=name):
                    template._render_field(name, notifications.ids)
