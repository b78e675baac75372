from odoo import models
from odoo.tools import format_date, html2plaintext


class CoachingEngagement(models.Model):
    """Notes and goals that a new coach may read, as text (R67)."""

    _inherit = "coaching.engagement"

    def _get_shared_sections(self):
        sections = super()._get_shared_sections()
        if self.shares_notes:
            before = self._get_attendances_before()
            sections.append(
                (self.env._("Shared notes"), self._get_shared_notes(before))
            )
        if self.shares_goals:
            coach = self.handed_over_from_id.coach_id
            sections.append((self.env._("Goals"), self._get_shared_goals(coach)))
        return sections

    def _get_shared_notes(self, attendances):
        """Return rows of the notes that coach and client both read."""
        Note = self.env["coaching.note"]
        notes = Note.search(
            [
                ("attendance_id", "in", attendances.ids),
                ("create_date", "<=", self.handed_over_at),
            ],
            order="start desc, id desc",
        )
        kinds = dict(Note._fields["kind"]._description_selection(self.env))
        return [
            [
                format_date(self.env, note.attendance_id._get_local_date()),
                kinds[note.kind],
                html2plaintext(note.body),
            ]
            for note in notes
        ]

    def _get_shared_goals(self, coach):
        """Return rows of the goals that the client worked on with a coach."""
        Goal = self.env["coaching.goal"]
        goals = Goal.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                "|",
                ("coach_id", "=", coach.id),
                ("attendance_ids.coach_id", "=", coach.id),
                ("create_date", "<=", self.handed_over_at),
            ]
        )
        states = dict(Goal._fields["state"]._description_selection(self.env))
        return [
            [goal.name, states[goal.state], f"{goal.progress_percent} %"]
            for goal in goals
        ]
