from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageExpiry(CoachingCommon):
    """The last day of a package: what is lost, what comes back, who is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # others of the database are none of these tests' business
        cls.env["coaching.package"].search([]).filtered(
            lambda package: package != cls.package
        ).write({"expiry_date": False})
        cls.company.coaching_expiry_notice_days = 14
        cls.last_day = date(2027, 8, 31)

    def run_cron(self, name):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *args, **kwargs: 1):
            getattr(self.env["coaching.package"], name)()

    def expire(self, moment=None):
        self.travel(moment or datetime(2027, 9, 2, 8))
        self.run_cron("_cron_expire")

    def notices(self):
        return self.env["coaching.notification"].search(
            [("kind", "=", "package_expiring"), ("package_id", "=", self.package.id)]
        )

    def assertSums(self, package):
        """The counters are the sums of the lines, those of what expired too."""
        package.invalidate_recordset()
        for counter, kinds in {
            "granted": ("grant", "adjust"),
            "refunded": ("refund",),
            "expired": ("expire",),
        }.items():
            lines = package.move_ids.filtered(lambda line, k=kinds: line.kind in k)
            self.assertEqual(abs(sum(lines.mapped("quantity"))), package[counter])

    # === LOST === #

    def test_what_is_left_expires(self):
        """A line in the ledger, once, however often the cron runs."""
        self.close(self.book(days=1), "completed")
        self.expire(datetime(2027, 8, 31, 23))
        self.assertBalance(self.package, remaining=4, used=1)
        # somewhere it is the last day yet
        self.expire(datetime(2027, 9, 1, 11, 59))
        self.assertBalance(self.package, remaining=4, used=1)
        self.expire(datetime(2027, 9, 1, 12, 0))
        self.assertBalance(self.package, remaining=0, used=1)
        self.assertEqual(self.package.expired, 4)
        line = self.package.move_ids[0]
        self.assertEqual((line.kind, line.quantity), ("expire", -4))
        self.assertIn("Aug 31, 2027", line.reason.replace("08/31/2027", "Aug 31, 2027"))
        count = len(self.package.move_ids)
        self.run_cron("_cron_expire")
        self.assertEqual(len(self.package.move_ids), count)
        self.assertSums(self.package)

    def test_held_stays_held(self):
        """What is booked on the last day is still used when it is closed out later."""
        session = self.book(start=datetime(2027, 8, 31, 13))
        self.expire()
        self.assertBalance(self.package, remaining=0, held=1)
        session.attendance_ids.action_close("completed")
        self.assertBalance(self.package, remaining=0, used=1)
        self.run_cron("_cron_expire")
        self.assertEqual(self.package.expired, 4)

    def test_sent_back_after_the_last_day_expires_too(self):
        session = self.book(start=datetime(2027, 8, 31, 13))
        self.expire()
        session.attendance_ids.action_close("client_early_cancel")
        self.assertBalance(self.package, remaining=1)
        self.run_cron("_cron_expire")
        self.assertBalance(self.package, remaining=0)
        self.assertEqual(self.package.expired, 5)
        self.assertSums(self.package)

    def test_one_bad_package_stops_no_other(self):
        other = self._sell(self.other_client)
        Package = type(self.package)
        expire = Package._expire

        def fail(packages):
            if self.package in packages:
                raise ValueError("broken")
            expire(packages)

        with (
            patch.object(Package, "_expire", fail),
            mute_logger(
                "odoo.addons.coaching_sessions.models.base.coaching_batch_mixin"
            ),
        ):
            self.expire()
        self.assertBalance(other, remaining=0)
        self.assertBalance(self.package, remaining=5)

    def test_many_cost_little(self):
        """The cron takes batches, not packages."""
        counts = []
        for count in (2, 20):
            for _number in range(count):
                self._sell(self.other_client)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.expire()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.travel(self.now)
        self.assertLessEqual(counts[1], counts[0] + 3)

    # === BACK === #

    def test_extend_brings_back_what_expired(self):
        # R122
        self.close(self.book(days=1), "completed")
        self.expire()
        self.package.with_user(self.manager).action_extend("2027-10-31", "Was ill")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(self.package.expired, 0)
        self.assertSums(self.package)
        lines = self.package.move_ids.filtered(lambda line: line.kind == "expire")
        self.assertEqual(lines[0].reversal_of_id, lines[1])
        self.book(start=datetime(2027, 9, 6, 9))
        # and it expires again
        self.expire(datetime(2027, 11, 2, 8))
        self.assertBalance(self.package, remaining=0, held=1, used=1)
        self.assertEqual(self.package.expired, 3)
        self.package.action_extend("2027-12-31")
        self.assertBalance(self.package, remaining=3, held=1, used=1)
        self.assertSums(self.package)

    def test_extend_into_the_past_brings_nothing_back(self):
        self.expire(datetime(2027, 12, 1, 8))
        self.package.action_extend("2027-09-30")
        self.assertBalance(self.package, remaining=0)

    def test_correction_after_the_last_day(self):
        """A session that expired after it was returned is there for a correction."""
        attendance = self.close(self.book(days=1), "client_early_cancel")
        self.expire()
        self.assertBalance(self.package, remaining=0)
        self.assertEqual(self.package.expired, 5)
        attendance.action_close("completed")
        self.assertBalance(self.package, remaining=0, used=1)
        self.assertEqual(self.package.expired, 4)
        self.assertSums(self.package)
        attendance.action_close("client_early_cancel")
        self.run_cron("_cron_expire")
        self.assertBalance(self.package, remaining=0)
        attendance.action_close("no_show")
        self.assertBalance(self.package, remaining=0, used=1)
        self.package.action_extend("2027-10-31")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertSums(self.package)

    def test_correction_of_several_after_the_last_day(self):
        attendances = self.env["coaching.attendance"]
        for hour in (8, 9, 10, 11, 13):
            self.travel(self.now)
            attendances |= self.book(hour=hour).attendance_ids
        self.travel(attendances[0].stop + timedelta(days=1))
        attendances.action_close("coach_emergency")
        self.expire()
        attendances[:3].action_close("completed")
        self.assertBalance(self.package, remaining=0, used=3)
        self.assertEqual(self.package.expired, 2)
        attendances.action_close("completed")
        self.assertBalance(self.package, remaining=0, used=5)
        self.assertEqual(self.package.expired, 0)
        self.assertSums(self.package)

    # === TOLD === #

    def test_warning(self):
        """Coaches see that a package expires soon, while something is left."""
        # R121
        session = self.book(days=1)
        Package = self.env["coaching.package"]
        for moment, soon in (
            (self.now, False),
            (datetime(2027, 8, 16, 12), False),
            (datetime(2027, 8, 17, 12), True),
            (datetime(2027, 8, 31, 12), True),
            (datetime(2027, 9, 1, 12), False),
        ):
            self.travel(moment)
            self.env.invalidate_all()
            self.assertEqual(self.package.expires_soon, soon, moment)
            self.assertEqual(
                self.package in Package.search([("expires_soon", "=", True)]), soon
            )
            self.assertEqual(
                self.package in Package.search([("expires_soon", "=", False)]), not soon
            )
        self.travel(datetime(2027, 8, 17, 12))
        self.env.invalidate_all()
        self.assertTrue(session.with_user(self.coach_user).package_expires_soon)
        self.company.coaching_expiry_notice_days = 0
        self.env.invalidate_all()
        self.assertFalse(self.package.expires_soon)
        self.assertFalse(Package.search([("expires_soon", "=", True)]) & self.package)

    def test_no_warning_when_nothing_is_left(self):
        Package = self.env["coaching.package"]
        self.travel(datetime(2027, 8, 20, 8))
        self.package._post_line("adjust", -5)
        self.assertFalse(self.package.expires_soon)
        self.assertNotIn(self.package, Package.search([("expires_soon", "=", True)]))
        self.run_cron("_cron_notify_expiring")
        self.assertFalse(self.notices())

    def test_notice(self):
        """Two weeks before: one email, in the client's words."""
        # R123
        self.travel(datetime(2027, 8, 16, 8))
        self.run_cron("_cron_notify_expiring")
        self.assertFalse(self.notices())
        self.travel(datetime(2027, 8, 17, 8))
        self.run_cron("_cron_notify_expiring")
        self.run_cron("_cron_notify_expiring")
        self.travel(datetime(2027, 8, 20, 8))
        self.run_cron("_cron_notify_expiring")
        notice = self.notices()
        self.assertEqual(notice.partner_id, self.client)
        notice._send()
        self.assertEqual(notice.state, "sent")
        self.assertIn(self.package.name, notice.mail_id.body_html)
        self.assertIn("5 of 5 left", notice.mail_id.body_html)
        self.assertIn("08/31/2027", notice.mail_id.body_html)
        self.assertNotIn("400", notice.mail_id.body_html)

    def test_notice_after_an_extension(self):
        """Another last day, another email; the old one is no longer true."""
        self.travel(datetime(2027, 8, 17, 8))
        self.run_cron("_cron_notify_expiring")
        self.package.with_user(self.manager).action_extend("2027-09-30")
        notice = self.notices()
        notice._send()
        self.assertEqual(notice.state, "skipped")
        self.run_cron("_cron_notify_expiring")
        self.assertEqual(self.notices(), notice)
        self.travel(datetime(2027, 9, 16, 8))
        self.run_cron("_cron_notify_expiring")
        self.assertEqual(len(self.notices()), 2)

    def test_notice_of_what_is_used_up_meanwhile(self):
        self.travel(datetime(2027, 8, 17, 8))
        self.run_cron("_cron_notify_expiring")
        self.package._post_line("adjust", -5)
        self.notices()._send()
        self.assertEqual(self.notices().state, "skipped")

    def test_who_may_extend(self):
        for user in (self.coach_user, self.client_user):
            self.book(days=user.id % 3 + 1, hour=9)
            with self.assertRaises(AccessError):
                self.package.with_user(user).action_extend("2028-01-01")
