from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.booking_request import BookingRequest
from ...tools.coach_time import GUARDS, KEPT, TABLE, make_coach_time
from ...tools.database import make_append_only

# what becomes of a held time, next to being held
RELEASED = [("taken", "Taken"), ("released", "Released"), ("expired", "Expired")]


class CoachingHold(models.Model):
    """A coach's time that is kept for somebody until it expires (R99).

    Judged together with sessions in one table (``tools/coach_time.py``): a time is
    either booked or held, and held once. Never changed but for its state, and never
    deleted: what was offered to whom can be read back.
    """

    _name = "coaching.hold"
    _description = "Held Time"
    _order = "start, id"
    _check_company_auto = True
    _database_tables = (TABLE,)
    _database_functions = (KEPT,)
    _database_guards = (*GUARDS, KEPT)

    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="For",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: for nobody in particular.",
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    # with the time kept free around it, as sessions have it
    busy_start = fields.Datetime(string="Busy start", required=True, readonly=True)
    busy_stop = fields.Datetime(string="Busy until", required=True, readonly=True)
    expires_at = fields.Datetime(string="Held until", required=True, readonly=True)
    state = fields.Selection(
        string="Status",
        selection=[("held", "Held"), *RELEASED],
        required=True,
        readonly=True,
        default="held",
        index=True,
    )

    _check_times = models.Constraint(
        "CHECK (busy_start <= start AND start < stop AND stop <= busy_stop)",
        "A held time must end after it starts.",
    )
    _held_index = models.Index("(coach_id, expires_at) WHERE state = 'held'")

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table, mutable=("state",))
        make_coach_time(self.env.cr)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Held times can't be deleted. Release them instead.")
        )

    # === COMPUTE METHODS === #

    @api.depends("start")
    @api.depends_context("tz", "lang", "uid")
    def _compute_display_name(self):
        for hold in self:
            # in the reader's time zone, not the database's
            hold.display_name = (
                self.env["coaching.session"]._format_time(hold.start)
                if hold.start
                else False
            )

    # === BUSINESS METHODS === #

    @api.model
    def _hold(self, booking_type, coach, starts, expires_at, partner=None, **values):
        """Keep times of a coach, all of them or none.

        :param booking_type: ``coaching.booking.type``, for how long and its buffers
        :param coach: ``coaching.coach``
        :param list starts: naive UTC
        :param datetime expires_at: naive UTC; from then on others may have them
        :param partner: ``res.partner`` they are for, none by default
        :param values: of further fields; ``length`` where it is not the type's
        :return: ``coaching.hold`` in the order of ``starts``
        :raise UserError: when one of them is taken, saying which
        """
        Session = self.env["coaching.session"]
        length = values.pop("length", None)
        length = length or timedelta(minutes=booking_type.duration_minutes)
        partner = partner or self.env["res.partner"]
        Session._take_turns(coach, partner)
        self._expire_due(coach)
        holds = self.browse()
        with self.env.cr.savepoint():
            for start in starts:
                request = BookingRequest(
                    booking_type=booking_type,
                    coach=coach,
                    partners=partner,
                    start=start,
                    stop=start + length,
                )
                # one by one: the sentence names the time that is taken
                with Session._readable_conflicts(request):
                    holds |= self._create_hold(request, expires_at, values)
        return holds

    @api.model
    def _create_hold(self, request, expires_at, values):
        hold = self.create(
            {
                "coach_id": request.coach.id,
                "partner_id": request.partners.id,
                "booking_type_id": request.booking_type.id,
                "company_id": request.coach.company_id.id,
                "expires_at": expires_at,
                **self.env["coaching.session"]._prepare_session_times(request),
                **values,
            }
        )
        # the constraint judges now
        hold.flush_recordset()
        return hold

    def _release(self, state="released"):
        """Release these times; what is no longer held stays as it is.

        A guarded update: of two who would take a held time, one gets it.

        :param str state: what becomes of them: taken, released or expired
        :return: those that were held until now
        """
        if not self:
            return self
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE coaching_hold
               SET state = %s, write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
             WHERE id IN %s AND state = 'held' RETURNING id
            """,
            (state, self.env.uid, tuple(self.ids)),
        )
        released = self.browse(row[0] for row in self.env.cr.fetchall())
        released.invalidate_recordset(["state", "write_uid", "write_date"], flush=False)
        return released

    @api.model
    def _get_taken_intervals(self, coaches, start, stop, partner=None):
        """Return what is held of these coaches' time for others, in one query.

        :param coaches: ``coaching.coach``
        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :param partner: ``res.partner`` whose own held times count as free
        :return: dict of coach → sorted list of (start, stop), naive UTC with buffers
        """
        domain = [
            ("coach_id", "in", coaches.ids),
            ("state", "=", "held"),
            ("expires_at", ">", self.env["coaching.session"]._now()),
            ("busy_start", "<", stop),
            ("busy_stop", ">", start),
        ]
        if partner:
            domain += ["|", ("partner_id", "=", False)]
            domain += [("partner_id", "not in", partner.ids)]
        # sudo: that a coach's time is taken is no secret, for whom is not told
        holds = self.sudo().search_fetch(
            domain, ["coach_id", "busy_start", "busy_stop"], order="busy_start, id"
        )
        taken = {coach: [] for coach in coaches}
        by_id = {coach.id: coach for coach in coaches}
        for hold in holds:
            taken[by_id[hold.coach_id.id]].append((hold.busy_start, hold.busy_stop))
        return taken
