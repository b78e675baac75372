import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestNotes(CoachingCommon):
    """Shared notes are for coach and client, private ones for their author alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "x_colleague", "coaching_sessions.group_coaching_coach"
        )
        cls.env["coaching.coach"].create({"user_id": cls.colleague.id, "tz": "UTC"})
        cls.stranger = new_test_user(cls.env, "x_stranger", "base.group_portal")

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.session.attendance_ids

    def _book_group(self, clients):
        """Book these clients into one session."""
        for client in clients - self.client:
            self._sell(client)
        return self.book(
            days=2, booking_type_id=self.group_type.id, partner_ids=clients.ids
        )

    def _as(self, user, attendance=None):
        return (attendance or self.attendance).with_user(user)

    # R92 R93 R94
    def test_shared_note(self):
        """During a session and after it, of any kind; the client reads it."""
        self.travel(self.session.start)
        note = self._as(self.coach_user).action_add_note("<p>Breathe</p>")
        self.close(self.session, "completed")
        self._as(self.coach_user).action_add_note("Read\nchapter 1", kind="homework")
        notes = self.env["coaching.note"].with_user(self.client_user).search([])
        self.assertEqual(notes.mapped("kind"), ["homework", "note"])
        self.assertEqual(notes[1].body, "<p>Breathe</p>")
        self.assertEqual(notes[0].body, "<p>Read<br>chapter 1</p>")
        self.assertEqual(notes.author_id, self.coach_user)
        self.assertEqual(notes.partner_id, self.client)
        self.assertEqual(self.session.with_user(self.manager).note_ids, notes)
        self.assertEqual(note.with_user(self.manager).body, "<p>Breathe</p>")

    # R93
    def test_no_visibility_is_guessed(self):
        with self.assertRaisesRegex(UserError, "no kind of note “secret”"):
            self._as(self.coach_user).action_add_note("x", kind="secret")
        for body in ("", "  ", "<p><br></p>"):
            with self.assertRaisesRegex(UserError, "Write something first"):
                self._as(self.coach_user).action_add_note(body)
        with self.assertRaisesRegex(UserError, "is not a text"):
            self._as(self.coach_user).action_add_note(["x"])

    def test_notes_are_sanitised(self):
        for private in (False, True):
            note = self._as(self.coach_user).action_add_note(
                "<p onclick='x()'>Hi<script>alert(1)</script>"
                "<a href='javascript:x()'>a</a></p>",
                private=private,
            )
            for danger in ("script", "onclick"):
                self.assertNotIn(danger, note.body)
        note = self._as(self.coach_user).action_add_note("1 < 2 & 3 > 2")
        self.assertEqual(note.body, "<p>1 &lt; 2 &amp; 3 &gt; 2</p>")

    # R94
    @mute_logger(*QUIET)
    def test_clients_of_a_group_read_their_own(self):
        session = self._book_group(
            self.client | self.other_client | self.stranger.partner_id
        )
        for attendance in session.attendance_ids:
            self._as(self.coach_user, attendance).action_add_note(
                f"For {attendance.partner_id.name}"
            )
        for user in (self.client_user, self.stranger):
            notes = self.env["coaching.note"].with_user(user).search([])
            self.assertEqual(notes.partner_id, user.partner_id)
            self.assertFalse(
                notes.search([("body", "ilike", self.other_client.name)]),
                "no guessing either",
            )
            with self.assertRaises(AccessError):
                session.with_user(user).read(["note_ids"])
            with self.assertRaises(AccessError):
                session.with_user(user).search([("note_ids.body", "ilike", "for")])

    @mute_logger(*QUIET)
    def test_who_writes_shared_notes(self):
        note = self._as(self.coach_user).action_add_note("Mine")
        by_manager = self._as(self.manager).action_add_note("The office's")
        for user in (self.client_user, self.stranger, self.colleague):
            with self.assertRaises(AccessError):
                self._as(user).action_add_note("No")
            with self.assertRaises(AccessError):
                note.with_user(user).action_rewrite("No")
            with self.assertRaises(AccessError):
                note.with_user(user).action_withdraw()
            with self.assertRaises(AccessError):
                note.with_user(user).write({"body": "No"})
            with self.assertRaises(AccessError):
                self.env["coaching.note"].with_user(user).create(
                    {"attendance_id": self.attendance.id, "body": "No"}
                )
        # each changes what is his, with everybody's name under his own words
        for user, foreign in ((self.manager, note), (self.coach_user, by_manager)):
            self.assertTrue(foreign.with_user(user).body)
            with self.assertRaises(AccessError):
                foreign.with_user(user).write({"body": "No"})
        note.with_user(self.coach_user).write({"body": "<p>Better</p>"})
        self.assertEqual(note.body, "<p>Better</p>")
        self.assertEqual(note.write_uid, self.coach_user)

    def test_a_note_stays_with_session_and_author(self):
        other = self.book(days=2).attendance_ids
        for private in (False, True):
            note = self._as(self.coach_user).action_add_note("Mine", private=private)
            for vals in (
                {"attendance_id": other.id},
                {"author_id": self.manager.id},
            ):
                with self.assertRaisesRegex(UserError, "stays with its session"):
                    note.write(vals)
            forged = note.create(
                {
                    "attendance_id": other.id,
                    "author_id": self.manager.id,
                    "body": "Forged",
                }
            )
            self.assertEqual(forged.author_id, self.coach_user)
            self.assertFalse(note.copy_data()[0].get("author_id"))

    def test_withdraw(self):
        """Shared by mistake: the client does not see it any more, we do."""
        note = self._as(self.coach_user).action_add_note("Of another client")
        note.with_user(self.coach_user).action_withdraw()
        notes = self.env["coaching.note"].with_user(self.client_user)
        everything = notes.with_context(active_test=False)
        self.assertFalse(everything.search([("id", "=", note.id)]))
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            notes.browse(note.id).read(["body"])
        self.assertTrue(note.with_user(self.manager).body)
        with self.assertRaisesRegex(UserError, "Withdraw the note"):
            note.sudo().unlink()

    def test_portal_coach(self):
        """Coaches with a portal login write, rewrite and delete by the methods."""
        attendance = self.book(days=3, coach_id=self.other_coach.id).attendance_ids
        mine = self._as(self.portal_coach_user, attendance)
        note = mine.action_add_note("Shared")
        private = mine.action_add_note("Just me", private=True)
        self.assertEqual(private.author_id, self.portal_coach_user)
        note.action_rewrite("Shared again")
        private.action_rewrite("Just me again")
        self.assertEqual(private.body, "<p>Just me again</p>")
        for record in (note, private):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                record.write({"body": "No"})
        private.action_delete()
        self.assertFalse(private.exists())

    # === PRIVATE NOTES === #

    def _others(self):
        """Return everybody who must not read the coach's private notes."""
        everything = new_test_user(
            self.env,
            "x_everything",
            "base.group_system,base.group_no_one,base.group_erp_manager"
            ",coaching_sessions.group_coaching_manager",
        )
        return {
            "manager": self.manager,
            "administrator": self.env.ref("base.user_admin"),
            "all groups": everything,
            "colleague": self.colleague,
            "client": self.client_user,
            "portal coach": self.portal_coach_user,
            "stranger": self.stranger,
        }

    # R95 (complaint 14: privacy of notes from one's own staff)
    @mute_logger(*QUIET)
    def test_private_note_is_the_author_s_alone(self):
        note = self._as(self.coach_user).action_add_note("Zebra", private=True)
        self.assertEqual(note.read(["body"])[0]["body"], "<p>Zebra</p>")
        # error messages name records
        self.assertEqual(note.display_name, "Private note")
        for who, user in self._others().items():
            theirs = note.with_user(user)
            theirs.invalidate_recordset()
            with self.subTest(who):
                for fields in (["body"], ["id"], ["display_name"], ["partner_id"]):
                    with self.assertRaises(AccessError) as caught:
                        theirs.read(fields)
                    self.assertNotIn("Zebra", str(caught.exception))
                    self.assertNotIn(self.session.name, str(caught.exception))
                for attempt in (
                    lambda theirs=theirs: theirs.write({"body": "No"}),
                    lambda theirs=theirs: theirs.unlink(),
                    lambda theirs=theirs: theirs.copy(),
                    lambda theirs=theirs: theirs.export_data(["body"]),
                    lambda theirs=theirs: theirs.action_rewrite("No"),
                    lambda theirs=theirs: theirs.action_delete(),
                    lambda theirs=theirs: theirs.action_open(),
                ):
                    # an AccessError, or no right to export anything at all
                    with self.assertRaises(UserError):
                        attempt()
                self.assertFalse(self._found(theirs, []))
        self.assertEqual(note.body, "<p>Zebra</p>")

    def _found(self, notes, domain):
        """Return how many notes the user finds, by any way there is to count."""
        try:
            return (
                notes.search_count(domain)
                + len(notes.search(domain))
                + notes._read_group(domain, [], ["__count"])[0][0]
                + len(notes.name_search("Private"))
            )
        except AccessError:
            return 0

    # R95
    @mute_logger(*QUIET)
    def test_private_notes_are_no_oracle(self):
        """Nothing leads there from what others may read."""
        self._as(self.coach_user).action_add_note("Zebra", private=True)
        self.assertEqual(
            len(self.session.with_user(self.coach_user).private_note_ids), 1
        )
        names = [
            (model, field.name)
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.comodel_name == "coaching.private.note"
        ]
        self.assertEqual(names, [(type(self.session), "private_note_ids")])
        self.assertFalse(self.session._fields["private_note_ids"].search)
        for who, user in self._others().items():
            with self.subTest(who):
                theirs = self.session.with_user(user)
                # not searchable at all, for nobody
                with self.assertRaises(Exception) as caught:
                    theirs.search([("private_note_ids.body", "ilike", "zebra")])
                self.assertIn("private_note_ids", str(caught.exception))
                with contextlib.suppress(AccessError):
                    self.assertFalse(theirs.private_note_ids)
                # rights of the superuser don't count for another's notes
                self.assertFalse(theirs.sudo().private_note_ids)

    # R95
    def test_private_notes_leave_no_trace(self):
        """No log, no message, no mail, no tracking."""

        def traces():
            self.env.flush_all()
            return [
                self.env[model].search_count([])
                for model in (
                    "coaching.session.log",
                    "coaching.notification",
                    "mail.message",
                    "mail.mail",
                    "mail.tracking.value",
                )
            ]

        before = traces()
        with self.assertNoLogs("odoo", level="INFO"):
            note = self._as(self.coach_user).action_add_note("Zebra", private=True)
            note.action_rewrite("Zebra 2")
            note.action_delete()
        self.assertEqual(traces(), before)
        self.assertNotIn("message_ids", note._fields)

    # R95
    @mute_logger(*QUIET)
    def test_no_rule_opens_private_notes(self):
        """A rule that gives a group everything changes nothing: ours is global."""
        note = self._as(self.coach_user).action_add_note("Zebra", private=True)
        model = self.env["ir.model"]._get("coaching.private.note")
        group = self.env.ref("coaching_sessions.group_coaching_manager")
        self.env["ir.rule"].create(
            {
                "name": "Everything",
                "model_id": model.id,
                "domain_force": "[(1, '=', 1)]",
                "groups": group.ids,
            }
        )
        with self.assertRaises(AccessError):
            note.with_user(self.manager).read(["body"])

    # R95
    def test_a_manager_s_private_note_is_not_the_coach_s(self):
        note = self._as(self.manager).action_add_note("About the coach", private=True)
        self.assertEqual(note.with_user(self.manager).author_id, self.manager)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            note.with_user(self.coach_user).read(["body"])
        self.assertFalse(self.session.with_user(self.coach_user).private_note_ids)

    # R92 R95
    def test_form(self):
        """The session's form shows each reader what is his."""
        self._as(self.coach_user).action_add_note("Shared")
        self._as(self.coach_user).action_add_note("Private", private=True)
        for user, count in ((self.coach_user, 1), (self.manager, 0)):
            self.env.invalidate_all()
            session = self.session.with_user(user)
            self.assertEqual(len(session.note_ids), 1)
            self.assertEqual(len(session.private_note_ids), count)
