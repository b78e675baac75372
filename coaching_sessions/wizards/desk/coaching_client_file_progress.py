from odoo import models
from odoo.tools import html2plaintext


class CoachingClientFile(models.TransientModel):
    """Shared notes, goals and next steps in the file of a client (R94, R96)."""

    _inherit = "coaching.client.file"

    def _get_client_file_sheets(self, attendances):
        return [
            *super()._get_client_file_sheets(attendances),
            self._get_note_sheet(attendances),
            self._get_goal_sheet(),
            self._get_goal_progress_sheet(),
            self._get_action_item_sheet(),
        ]

    def _get_note_sheet(self, attendances):
        env = self.env
        notes = env["coaching.note"].search(
            [("attendance_id", "in", attendances.ids)], order="id"
        )
        columns = [
            env._("Session"),
            env._("Written on (%(zone)s)", zone=self._get_zone()),
            env._("Written by"),
            env._("Kind"),
            env._("Note"),
        ]
        rows = [
            [
                note.session_id.name,
                self._to_zone(note.create_date),
                note.author_id.name,
                self._get_label(note, "kind"),
                html2plaintext(note.body, include_references=True),
            ]
            for note in notes
        ]
        return self._make_sheet(env._("Shared notes"), columns, rows)

    def _get_goal_sheet(self):
        env = self.env
        columns = [
            env._("Goal"),
            env._("Description"),
            env._("Coach"),
            env._("Target date"),
            env._("Status"),
            env._("Progress (%)"),
            env._("Sessions held"),
        ]
        rows = [
            [
                goal.name,
                goal.description,
                goal.coach_id.name,
                goal.target_date,
                self._get_label(goal, "state"),
                goal.progress_percent,
                goal.session_count,
            ]
            for goal in self._search_own("coaching.goal")
        ]
        return self._make_sheet(env._("Goals"), columns, rows)

    def _get_goal_progress_sheet(self):
        env = self.env
        columns = [
            env._("When (%(zone)s)", zone=self._get_zone()),
            env._("Goal"),
            env._("Who"),
            env._("Progress (%)"),
            env._("Status"),
            env._("Session"),
            env._("Note"),
        ]
        lines = env["coaching.goal.progress"].search(
            [("goal_id.partner_id", "=", self.partner_id.id)], order="id"
        )
        rows = [
            [
                self._to_zone(line.date),
                line.goal_id.name,
                line.user_id.name,
                line.percent,
                self._get_label(line, "state"),
                line.attendance_id.session_id.name,
                line.note,
            ]
            for line in lines
        ]
        return self._make_sheet(env._("Goal progress"), columns, rows)

    def _get_action_item_sheet(self):
        env = self.env
        columns = [
            env._("Next step"),
            env._("Session"),
            env._("Coach"),
            env._("Due"),
            env._("Status"),
            env._("Done on (%(zone)s)", zone=self._get_zone()),
            env._("Done by"),
        ]
        rows = [
            [
                item.description,
                item.session_id.name,
                item.coach_id.name,
                item.due_date,
                self._get_label(item, "state"),
                self._to_zone(item.done_at),
                item.done_by_id.name,
            ]
            for item in self._search_own("coaching.action.item")
        ]
        return self._make_sheet(env._("Next steps"), columns, rows)
