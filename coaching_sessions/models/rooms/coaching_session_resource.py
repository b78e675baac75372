from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable


class CoachingSessionResource(models.Model):
    """A room or device that a session takes, judged by the database like its coach.

    The time and whether it is taken are the session's, kept by a trigger: whatever
    moves or cancels the session moves this too.
    """

    _name = "coaching.session.resource"
    _description = "Booked Resource"
    _order = "session_id, id"
    _rec_name = "resource_id"
    _database_guards = ("coaching_session_resource_follow",)

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
    coach_id = fields.Many2one(related="session_id.coach_id")
    need_id = fields.Many2one(
        comodel_name="coaching.booking.type.need", readonly=True, ondelete="set null"
    )
    resource_id = fields.Many2one(
        comodel_name="resource.resource",
        string="Room or device",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    taken = fields.Boolean(readonly=True, default=True)

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(resource_id, resource_id, '[]') WITH =,"
        " tsrange(start, stop, '[)') WITH &&) WHERE (taken)",
        "The room is taken at that time. Choose another time.",
    )
    _check_times = models.Constraint(
        "CHECK (start < stop)", "A room booking must end after it begins."
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION coaching_session_resource_follow()
            RETURNS trigger AS $$
            DECLARE
                -- what took place after all, another session may have had the room of
                wanted boolean := CASE
                    WHEN NEW.state = 'scheduled' THEN true
                    WHEN NEW.state NOT IN ('completed', 'no_show') THEN false END;
            BEGIN
                UPDATE coaching_session_resource row
                   SET start = NEW.start, stop = NEW.stop,
                       taken = COALESCE(wanted, row.taken)
                 WHERE row.session_id = NEW.id
                   AND (row.start, row.stop, row.taken) IS DISTINCT FROM
                       (NEW.start, NEW.stop, COALESCE(wanted, row.taken));
                RETURN NULL;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS coaching_session_resource_follow
                ON coaching_session;
            CREATE TRIGGER coaching_session_resource_follow
                AFTER UPDATE OF start, stop, state ON coaching_session
                FOR EACH ROW EXECUTE FUNCTION coaching_session_resource_follow();
            """
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "Rooms of a session can't be deleted. Cancel the session instead."
            )
        )
