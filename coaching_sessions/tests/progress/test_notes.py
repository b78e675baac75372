from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_notes import QUIET, NotesCommon


@tagged("post_install", "-at_install")
class TestNotes(NotesCommon):
    """Shared notes are for coach and client (R92-R94)."""

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
        with self.assertRaisesRegex(UserError, "Unknown kind of note “secret”"):
            self._as(self.coach_user).action_add_note("x", kind="secret")
        for body in ("", "  ", "<p><br></p>"):
            with self.assertRaisesRegex(UserError, "Write something first"):
                self._as(self.coach_user).action_add_note(body)
        with self.assertRaisesRegex(UserError, "” is not text"):
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
        # each changes what is theirs, with the author's name under each note
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
                with self.assertRaisesRegex(
                    UserError, "The session and author of a note can't change"
                ):
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

    # R92 R95
    def test_form(self):
        """The session's form shows each reader their own."""
        self._as(self.coach_user).action_add_note("Shared")
        self._as(self.coach_user).action_add_note("Private", private=True)
        for user, count in ((self.coach_user, 1), (self.manager, 0)):
            self.env.invalidate_all()
            session = self.session.with_user(user)
            self.assertEqual(len(session.note_ids), 1)
            self.assertEqual(len(session.private_note_ids), count)
