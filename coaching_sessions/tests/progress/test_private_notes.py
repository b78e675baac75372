import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_notes import QUIET, NotesCommon


@tagged("post_install", "-at_install")
class TestPrivateNotes(NotesCommon):
    """Private notes are for their author alone (R95)."""

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
        """No log, no message, no email, no tracking."""

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
