import base64
import io
import zipfile
from datetime import date, datetime

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import spreadsheet
from ...tools.spreadsheet import Sheet, make_workbook
from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestClientFile(CoachingCommon):
    """Everything about a client in one file, for managers (R10, R72)."""

    def _export(self, user=None, **vals):
        """Return the sheets of the exported file: name → rows of values."""
        wizard = (
            self.env["coaching.client.file"]
            .with_user(user or self.manager)
            .create({"partner_id": self.client.id, **vals})
        )
        action = wizard.action_export()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn(f"/{wizard.id}/content/", action["url"])
        return self._read(base64.b64decode(wizard.content))

    def _read(self, content):
        """Return what an .xlsx file holds: name of a sheet → rows of values."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:

            def parse(path):
                return etree.fromstring(archive.read(f"xl/{path}"))

            texts = []
            if "xl/sharedStrings.xml" in archive.namelist():
                texts = ["".join(si.itertext()) for si in parse("sharedStrings.xml")]
            names = parse("workbook.xml").iterfind(".//{*}sheet")
            return {
                sheet.get("name"): self._read_rows(
                    parse(f"worksheets/sheet{number}.xml"), texts
                )
                for number, sheet in enumerate(names, start=1)
            }

    def _read_rows(self, sheet, texts):
        self.assertIsNone(sheet.find(".//{*}f"), "no formulas")
        self.assertIsNone(sheet.find(".//{*}hyperlink"), "no links")
        rows = []
        for row in sheet.iterfind(".//{*}row"):
            values = []
            for cell in row:
                column = ord(cell.get("r")[0]) - ord("A")
                values += [None] * (column - len(values))
                text = cell.findtext("{*}v")
                shared = cell.get("t") == "s"
                values.append(texts[int(text)] if shared else round(float(text), 5))
            rows.append(values)
        width = max(map(len, rows), default=0)
        return [row + [None] * (width - len(row)) for row in rows]

    def _serial(self, moment):
        """Return a date or time as spreadsheets count it."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, datetime.min.time())
        return round((moment - datetime(1899, 12, 30)).total_seconds() / 86400, 5)

    def _attend(self, days=1, hour=9, code="completed", **vals):
        self.travel(self.now)
        attendance = self.close(
            self.book(days=days, hour=hour, **vals), code, note=f"Day {days}"
        )
        attendance = attendance.with_user(self.coach_user)
        attendance.action_add_note(f"<p>Shared <b>{days}</b></p>")
        attendance.action_add_action_item(f"Step {days}", "2027-04-01")
        attendance.action_add_note(f"Zebra {days}", private=True)
        return attendance

    # R10 R72
    def test_one_file(self):
        self._issue_makeups("no_show")
        attendance = self._attend()
        self._attend(days=2, code="no_show")
        goal = attendance.action_add_goal("Sleep", "Eight hours", "2027-06-01")
        goal.action_record_progress(40, "Six hours", attendance.id)
        sheets = self._export()
        self.assertEqual(
            list(sheets),
            [
                "About",
                "Sessions",
                "Log",
                "Shared notes",
                "Goals",
                "Goal progress",
                "Next steps",
                "Packages",
                "Package ledger",
                "Make-ups",
                "Coaches",
                "Disputes",
            ],
        )
        self.assertIn(["Client", self.client.name], sheets["About"])
        self.assertEqual(
            sheets["Sessions"][1][:12],
            [
                attendance.session_id.name,
                self._serial(datetime(2027, 3, 2, 9)),
                self._serial(datetime(2027, 3, 2, 10)),
                "UTC",
                "Individual session",
                self.coach.name,
                "Completed",
                "Completed",
                "Day 1",
                self.env.user.name,
                self._serial(datetime(2027, 3, 2, 10, 5)),
                None,
            ],
        )
        self.assertEqual([row[6] for row in sheets["Sessions"][1:]][1], "No-show")
        log = [(row[1], row[3], row[4]) for row in sheets["Log"][1:]]
        self.assertIn((attendance.session_id.name, "Closed out", "Completed"), log)
        self.assertIn((attendance.session_id.name, "Booked", None), log)
        self.assertEqual(sheets["Shared notes"][1][4], "Shared *1*")
        self.assertEqual(
            sheets["Goals"][1],
            [
                "Sleep",
                "Eight hours",
                self.coach.name,
                self._serial(datetime(2027, 6, 1)),
                "Open",
                40,
                1,
            ],
        )
        self.assertEqual(sheets["Goal progress"][1][6], "Six hours")
        self.assertEqual([r[0] for r in sheets["Next steps"][1:]], ["Step 1", "Step 2"])
        self.assertEqual(sheets["Packages"][1][5:], [5, 0, 2, 0, 0, 3])
        ledger = sheets["Package ledger"][1:]
        self.assertEqual(sum(row[3] for row in ledger), self.package.remaining)
        self.assertEqual(len(sheets["Make-ups"]), 2)
        self.assertEqual(sheets["Coaches"][1][0], self.coach.name)

    # R95
    def test_private_notes_are_not_in_it(self):
        """Nobody's: not another's, and not those of who exports."""
        attendance = self._attend()
        attendance.with_user(self.manager).action_add_note("Zebra too", private=True)
        note = attendance.action_add_note("Of another client: Giraffe")
        note.action_withdraw()
        text = str(self._export())
        self.assertIn("Shared *1*", text)
        self.assertNotIn("Zebra", text)
        self.assertNotIn("Giraffe", text)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_managers_only(self):
        self._attend()
        for user in (self.coach_user, self.client_user, self.portal_coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._export(user)
        wizard = (
            self.env["coaching.client.file"]
            .with_user(self.manager)
            .create({"partner_id": self.client.id})
        )
        wizard.action_export()
        # the file is there for who asked for it
        with self.assertRaises(AccessError):
            wizard.with_user(self.env.ref("base.user_admin")).read(["content"])
        self.assertIn(
            "The coaching file was exported", str(self.client.message_ids[:1].body)
        )
        self.assertEqual(self.client.message_ids[:1].author_id, self.manager.partner_id)

    # R72
    def test_another_client_is_not_in_it(self):
        self._sell(self.other_client)
        self._attend(
            booking_type_id=self.individual.id, partner_ids=self.other_client.ids
        )
        session = self.book(
            days=3,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        for attendance in session.attendance_ids:
            attendance.with_user(self.coach_user).action_add_note(
                f"For {attendance.partner_id.name}"
            )
        self.travel(session.stop)
        for attendance in session.attendance_ids:
            attendance.action_close("no_show", note=attendance.partner_id.name)
        text = str(self._export())
        self.assertIn(session.name, text)
        self.assertNotIn(self.other_client.name, text)

    # R72
    def test_period(self):
        """By the days of the coach; what is not of a day is always whole."""
        self.coach.resource_calendar_id = False  # works at any time
        self.coach.tz = "Pacific/Auckland"  # 9:00 UTC is 22:00 there
        for days, hour in ((1, 9), (2, 14), (3, 9)):  # Tuesday, Thursday, Thursday
            self._attend(days, hour)
        sheets = self._export(date_from=date(2027, 3, 4), date_to=date(2027, 3, 4))
        self.assertEqual(
            [row[1] for row in sheets["Sessions"][1:]],
            [
                self._serial(datetime(2027, 3, 4, 3)),
                self._serial(datetime(2027, 3, 4, 22)),
            ],
        )
        self.assertEqual({row[3] for row in sheets["Sessions"][1:]}, {self.coach.tz})
        self.assertEqual(len(sheets["Shared notes"]), 3)
        self.assertEqual(len(sheets["Next steps"]), 4)
        self.assertEqual(len(self._export(date_to=date(2027, 3, 3))["Sessions"]), 2)
        self.assertEqual(len(self._export(date_from=date(2027, 3, 5))["Sessions"]), 1)
        with self.assertRaisesRegex(UserError, "must end after it begins"):
            self._export(date_from=date(2027, 3, 5), date_to=date(2027, 3, 4))

    def test_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.individual.with_context(lang="fr_FR").name = "Séance"
        self._attend()
        self.manager.lang = "fr_FR"
        wizard = self.env["coaching.client.file"].with_user(self.manager)
        wizard = wizard.with_context(lang="fr_FR").create(
            {"partner_id": self.client.id}
        )
        wizard.action_export()
        self.assertIn("Séance", str(self._read(base64.b64decode(wizard.content))))

    def test_queries_do_not_grow(self):
        """As many for 25 sessions as for 5."""
        self._sell(self.client, quantity=10)
        self.coach.resource_calendar_id = False  # works at any time
        counts = []
        done = 0
        self._export()  # what is cached for good
        for total in (5, 25):
            while done < total:
                done += 1
                attendance = self._attend(days=done)
                goal = attendance.action_add_goal(f"Goal {done}")
                goal.action_record_progress(done, attendance_id=attendance.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheets = self._export()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(sheets["Sessions"]), total + 1)
            self.assertEqual(len(sheets["Goals"]), total + 1)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_text_stays_text(self):
        """No formula and no link comes to life in who opens it."""
        dangers = ["=1+1", "+1", "-1", "@SUM(1)", "http://example.com", "{=1}"]
        rows = [[text] for text in dangers]
        sheets = self._read(make_workbook([Sheet("S", ["a"], rows)]))
        self.assertEqual(sheets["S"][1:], rows)
        attendance = self._attend()
        attendance.action_close("completed", note="=HYPERLINK(1)")
        self.assertEqual(self._export()["Sessions"][1][8], "=HYPERLINK(1)")

    def test_nothing_is_cut_off(self):
        """What a cell or a sheet can't hold goes on in the next."""
        long = "x" * 32767 + "y" * 10
        rows = self._read(make_workbook([Sheet("S", ["a", "b"], [[long, 1]])]))["S"]
        self.assertEqual(rows[1:], [["x" * 32767, 1], ["y" * 10, None]])
        self.patch(spreadsheet, "SHEET_ROWS", 3)
        sheets = self._read(make_workbook([Sheet("S", ["a"], [[1], [2], [3]])]))
        self.assertEqual(sheets, {"S": [["a"], [1], [2]], "S (2)": [["a"], [3]]})

    def test_names_of_sheets(self):
        names = ["a" * 40, "a" * 40, "[x]:*?/\\", ""]
        sheets = self._read(make_workbook([Sheet(name, ["a"], []) for name in names]))
        self.assertEqual(list(sheets), ["a" * 31, "a" * 27 + " (2)", "x", "-"])

    def test_nothing_known(self):
        """A client without any session has a file too."""
        stranger = self.env["res.partner"].create({"name": "=Nobody / x"})
        sheets = self._export(partner_id=stranger.id)
        self.assertEqual(len(sheets["Sessions"]), 1)
