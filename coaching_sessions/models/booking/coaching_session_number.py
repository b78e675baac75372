from odoo import api, models
from odoo.tools import SQL


class CoachingSession(models.Model):
    """Numbers of new sessions."""

    _inherit = "coaching.session"

    @api.model
    def _next_numbers(self, count):
        """Return numbers for new sessions."""
        # the company's own one, as `next_by_code` chooses; all it takes in one query
        sequence = self.env["ir.sequence"].search_fetch(
            [
                ("code", "=", "coaching.session"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            ["implementation", "use_date_range", "prefix", "suffix", "padding"],
            order="company_id",
            limit=1,
        )
        if sequence.implementation == "no_gap" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        # as many as are needed in one go, of which Odoo's sequences know nothing
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in rows]
