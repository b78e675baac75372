import logging
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common_video import ZoomCommon
from .zoom_server import ACCOUNT


@tagged("post_install", "-at_install")
class TestVideoZoomSettings(ZoomCommon):
    """Recordings, secrets and settings."""

    # === RECORDINGS === #

    def test_recording_in_the_cloud(self):  # R90, R91
        self.individual.video_recording = "cloud"
        session = self.book()
        self.run_video()
        [asked] = self.zoom.ours
        self.travel(session.stop + timedelta(minutes=20))
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertFalse(session.recording_url)
        self.zoom.recordings[asked["id"]] = {
            "share_url": "https://example.zoom.us/rec/share/abc",
            "recording_play_passcode": "xyz",
            "recording_files": [],
        }
        # not more often than every hour
        before = len(self.zoom.requests)
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertEqual(len(self.zoom.requests), before)
        self.travel(session.stop + timedelta(hours=2))
        session.attendance_ids.action_close("completed")
        self.run_cron("coaching.session", "_cron_find_recordings")
        url = "https://example.zoom.us/rec/share/abc?pwd=xyz"
        coached = session.with_user(self.coach_user)
        coached.invalidate_recordset()
        self.assertEqual(coached.recording_link, url)
        self.assertEqual(coached.action_open_recording()["url"], url)
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertFalse(theirs.recording_link)

    def test_recordings_that_clients_see(self):  # R91
        self.individual.write(
            {"video_recording": "cloud", "video_share_recording": True}
        )
        session = self.book()
        self.run_video()
        [asked] = self.zoom.ours
        self.zoom.recordings[asked["id"]] = {"share_url": "https://a.example.com/r"}
        self.travel(session.stop + timedelta(hours=2))
        self.run_cron("coaching.session", "_cron_find_recordings")
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertEqual(theirs.recording_link, "https://a.example.com/r")

    def test_recordings_are_not_looked_for_for_ever(self):
        self.individual.video_recording = "cloud"
        session = self.book()
        self.run_video()
        before = len(self.zoom.requests)
        self.travel(session.stop + timedelta(days=5))
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertEqual(len(self.zoom.requests), before)

    # === SECRETS === #

    def test_secrets_are_in_no_log_and_no_error(self):
        secrets = [ACCOUNT["client_secret"], "token-"]
        lines = []
        handler = logging.Handler()
        handler.emit = lambda record: lines.append(record.getMessage())
        for name in ("", "odoo", "odoo.addons.coaching_sessions", "urllib3"):
            logger = logging.getLogger(name)
            level = logger.level
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)
            self.addCleanup(logger.setLevel, level)
            self.addCleanup(logger.removeHandler, handler)
        # also where Zoom, or something between, sends them back
        echo = {"message": f"{ACCOUNT['client_secret']} {ACCOUNT['account_id']}"}
        for number, fault in enumerate(
            ({"status": 400}, {"status": 500}, {"status": 401}, {"lose": True}), 1
        ):
            self.zoom.faults.clear()
            self.zoom.fail(times=99, body=echo, **fault)
            self.book(days=number)
            self.env["coaching.zoom.account"].search([]).token = False
            self.run_video()
        errors = self.env["coaching.video.meeting"].search([]).mapped("error")
        self.assertGreaterEqual(len(list(filter(None, errors))), 4)
        # the ORM's own lines show what it writes: at a level nobody runs with
        lines = [line for line in lines if "coaching_zoom_account" not in line]
        text = "\n".join([*lines, *filter(None, errors)])
        for told in ("Zoom was not reached", "Zoom answered 500", "POST /oauth/token"):
            self.assertIn(told, text)
        for secret in secrets:
            self.assertNotIn(secret, text)
        self.assertNotIn(ACCOUNT["account_id"], text)

    def test_nobody_reads_the_secrets(self):
        account = self.env["coaching.zoom.account"].search([])
        self.run_video()
        admin = self.env.ref("base.user_admin")
        for user in (admin, self.manager, self.coach_user):
            theirs = account.with_user(user)
            theirs.invalidate_recordset()
            for name in (*ACCOUNT, "token"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        theirs.read([name])
                    with self.assertRaises(AccessError):
                        theirs.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                theirs.write({"client_secret": "x"})
        with self.assertRaises(AccessError):
            account.with_user(self.manager).read(["company_id"])

    # === SETTINGS === #

    def test_settings(self):
        admin = new_test_user(
            self.env,
            "an_admin",
            "base.group_system,coaching_sessions.group_coaching_manager",
        )
        self.env["coaching.zoom.account"].search([]).unlink()
        Settings = self.env["res.config.settings"].with_user(admin)
        settings = Settings.create({})
        self.assertFalse(settings.coaching_zoom_connected)
        action = settings.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "warning")
        with Form(Settings) as form:
            form.coaching_zoom_account_id = ACCOUNT["account_id"]
            form.coaching_zoom_client_id = ACCOUNT["client_id"]
            form.coaching_zoom_client_secret = ACCOUNT["client_secret"]
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "success")
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM res_config_settings t")
        self.assertNotIn(ACCOUNT["client_secret"], str(self.env.cr.fetchall()))
        self.env.invalidate_all()
        # shown as entered, never read; left empty it stays
        settings = Settings.create({})
        self.assertTrue(settings.coaching_zoom_connected)
        self.assertFalse(settings.coaching_zoom_client_secret)
        settings.execute()
        account = self.env["coaching.zoom.account"]._get_for(self.company)
        self.assertEqual(account.client_secret, ACCOUNT["client_secret"])
        with Form(Settings) as form:
            form.coaching_zoom_client_secret = "wrong-secret-2"
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertNotIn("wrong-secret-2", action["params"]["message"])
        self.zoom.fail(503)
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "danger")
