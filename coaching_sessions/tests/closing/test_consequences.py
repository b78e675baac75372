from unittest.mock import patch

from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestConsequences(CoachingCommon):
    """What an addon finds that adds a consequence: the hook alone."""

    def setUp(self):
        super().setUp()
        self.posted = []
        Attendance = self.registry["coaching.attendance"]
        post = Attendance._post_consequences

        def _post_consequences(attendances):
            result = post(attendances)
            for attendance in attendances:
                self.posted.append(
                    (
                        attendance.state,
                        attendance.uses_session,
                        attendance.charge_percent,
                        # the ledgers below have posted theirs
                        attendance.package_id.used,
                        attendance.makeup_id.state,
                    )
                )
            return result

        self.enterContext(
            patch.object(Attendance, "_post_consequences", _post_consequences)
        )

    def test_a_consequence_is_added(self):
        """After closing and each correction, never for the same outcome again."""
        self._issue_makeups("no_show")
        session = self.book()
        self.assertFalse(self.posted)
        attendance = self.close(session, "no_show")
        attendance.action_close("no_show")
        self.assertEqual(self.posted, [("no_show", True, 100.0, 1, "issued")])
        attendance.action_close("coach_missed")
        self.assertEqual(self.posted[1:], [("cancelled", False, 0.0, 0, "revoked")])

    def test_the_order_of_the_ledgers(self):
        """Make-ups before packages: both stand before what addons add."""
        order = []

        def watch(name):
            model = self.registry[name]
            post = model._post_for

            def _post_for(records, attendances):
                order.append(name)
                return post(records, attendances)

            self.enterContext(patch.object(model, "_post_for", _post_for))

        watch("coaching.makeup")
        watch("coaching.package")
        self.close(self.book(), "completed")
        self.assertEqual(order, ["coaching.makeup", "coaching.package"])
        self.assertEqual(len(self.posted), 1)
