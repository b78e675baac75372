from odoo import api, fields, models


class CoachingSession(models.Model):
    """A follow-up of moves, and the sentence for what takes time."""

    _inherit = "coaching.session"

    tiny_moves = fields.Text(default="", readonly=True)

    @api.model
    def _post_move(self, moves):
        super()._post_move(moves)
        for move in moves:
            line = f"{move.old_start} > {move.start}\n"
            move.session.tiny_moves = f"{move.session.tiny_moves or ''}{line}"

    @api.model
    def _get_obstacle_message(self, reason, request):
        if reason == "retreat":
            return f"{request.coach.name} is on a retreat. Choose another day."
        return super()._get_obstacle_message(reason, request)
