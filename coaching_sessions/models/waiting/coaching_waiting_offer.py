import logging
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.local_time import to_local, to_utc
from ...tools.notice import get_deadline
from ...tools.periods import get_over_date

_logger = logging.getLogger(__name__)

# how many free times are tried for one client before the next one's turn
TRIES = 5
# how far ahead is looked in one go
LOOK_AHEAD = timedelta(days=92)


class CoachingWaiting(models.Model):
    """Offering what is free, in the order in which people came (rank 20)."""

    _inherit = "coaching.waiting"

    @api.model
    def _get_cron(self):
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "coaching_sessions.ir_cron_offer_free_times", raise_if_not_found=True
        )
        # sudo: whoever frees a time may let the waiting list know
        return self.env["ir.cron"].sudo().browse(cron_id)

    @api.model
    def _wake(self):
        """Let the cron look what it can offer, right after the commit.

        Nothing is looked for in the transaction of who cancels or moves.
        """
        # sudo: whether somebody waits, whoever it is
        if self.sudo().search_count([("state", "=", "waiting")], limit=1):
            self._get_cron()._trigger()

    @api.model
    def _cron_offer(self, limit=200):
        """Offer what is free; also times that became free without anybody's doing.

        :param int limit: clients that are read at once, the longest waiting first
        """
        self._expire_over()
        domain = [("state", "=", "waiting")]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        seen = 0
        # clients whom nothing suits stay first: go on with the next
        while entries := self.search(
            [*domain, ("id", ">", seen)], limit=limit, order="id"
        ):
            for entry in entries:
                entry._try_to_offer()
                if not progress(1):
                    return
            seen = entries[-1].id
        progress(remaining=0)

    def _try_to_offer(self):
        """Offer something; one bad entry must not stop the others."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._offer()
        except ConcurrencyError:
            _logger.info("Waiting list: %s was changed at this moment", self.id)
        except Exception:
            _logger.exception("Waiting list: nothing was offered to %s", self.id)

    @api.model
    def _expire_over(self):
        """End what nobody can wait for any more."""
        now = self.env["coaching.session"]._now()
        day = get_over_date(now)
        over = self.search([("state", "=", "waiting"), ("date_to", "<", day)])
        over |= self.search(
            [
                ("state", "=", "waiting"),
                "|",
                ("session_id.start", "<=", now),
                ("session_id.state", "not in", ("scheduled", False)),
            ]
        ).filtered("session_id")
        over.state = "expired"

    # === WHAT IS FREE === #

    def _offer(self):
        """Offer this client the first thing that suits, if there is any."""
        self.ensure_one()
        if self.session_id:
            return self._offer_seat()
        for coach, start in self._find_times()[:TRIES]:
            try:
                with self.env.cr.savepoint():
                    return self._open_offer(coach, start)
            except ConcurrencyError:
                raise
            except UserError as error:
                _logger.info("Waiting list: %s not offered %s", start, error)
        return None

    def _find_times(self):
        """Return coaches and starts that suit, the earliest first.

        By the rules for clients, and without what was offered to this client before.
        """
        self.ensure_one()
        slots = self.env["coaching.booking.type"]._find_slots(
            self._prepare_slot_request()
        )
        offered = {
            (hold.coach_id.id, hold.start) for hold in self.proposal_ids.hold_ids
        }
        times = []
        for slot in slots:
            start = fields.Datetime.to_datetime(slot["start"])
            stop = fields.Datetime.to_datetime(slot["stop"])
            if not self._suits(start, stop) or not self._get_deadline(start):
                continue
            for coach_id in slot["coach_ids"]:
                if (coach_id, start) not in offered:
                    coach = self.env["coaching.coach"].browse(coach_id)
                    times.append((coach, start))
        return times

    def _prepare_slot_request(self):
        """Return what ``coaching.booking.type._find_slots`` takes."""
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        booking_type = self.booking_type_id
        coaches = booking_type._get_bookable_coaches(self.company_id)
        earliest, latest = booking_type._get_window(now)
        first = to_utc(datetime.combine(self.date_from, time.min), self.tz)
        after = self.date_to + timedelta(days=1)
        last = to_utc(datetime.combine(after, time.min), self.tz)
        first = max(first, earliest, now + timedelta(seconds=1))
        return {
            "booking_type": booking_type,
            "coaches": coaches & self.coach_id if self.coach_id else coaches,
            "first": first,
            "last": min(last, latest or last, first + LOOK_AHEAD),
            "partners": self.partner_id,
            "exclude": self.env["coaching.session"],
        }

    def _suits(self, start, stop):
        """Return whether a time is on a day and at an hour that the client wants."""
        self.ensure_one()
        begin, end = to_local(start, self.tz), to_local(stop, self.tz)
        midnight = datetime.combine(begin.date(), time.min)
        return (
            (not self.weekdays or str(begin.weekday()) in self.weekdays)
            and (begin - midnight).total_seconds() >= self.hour_from * 3600
            and (end - midnight).total_seconds() <= self.hour_to * 3600
        )

    def _get_deadline(self, start):
        """Return until when an answer is awaited, None when it is too late for one.

        Never later than clients may book the time.
        """
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        hours = self.company_id.coaching_waiting_hours
        latest = get_deadline(start, self.booking_type_id.min_notice_hours)
        deadline = min(now + timedelta(hours=hours), latest)
        return deadline if deadline > now else None

    # === OFFERING === #

    def _open_offer(self, coach, start):
        """Hold a time for the client and tell them."""
        self.ensure_one()
        deadline = self._get_deadline(start)
        proposal = self._create_proposal(coach, deadline)
        self.env["coaching.hold"]._hold(
            self.booking_type_id,
            coach,
            [start],
            deadline,
            self.partner_id,
            proposal_id=proposal.id,
        )
        proposal._tell_other_side("proposal_free", client=True)
        return proposal

    def _offer_seat(self):
        """Offer a seat of the group, as long as fewer offers are open than seats free.

        A seat can't be held: who books it meanwhile has it.
        """
        self.ensure_one()
        session = self.session_id
        offers = self.env["coaching.proposal"].search_count(
            [("group_session_id", "=", session.id), ("state", "=", "open")]
        )
        deadline = self._get_deadline(session.start)
        # who didn't answer isn't asked again either, it is the next one's turn
        before = self.proposal_ids.filtered(
            lambda proposal: proposal.state in ("refused", "expired")
        )
        if session.seats_taken + offers >= session.seats or not deadline or before:
            return None
        proposal = self._create_proposal(session.coach_id, deadline, session)
        proposal._tell_other_side("proposal_free", client=True)
        return proposal

    def _create_proposal(self, coach, deadline, session=None):
        """Open an offer, unless the client has left or has one already.

        A guarded update: of two crons one offers.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE coaching_waiting SET state = 'offered'"
            " WHERE id = %s AND state = 'waiting'",
            (self.id,),
        )
        if not self.env.cr.rowcount:
            raise UserError(self.env._("This is no longer on the waiting list."))
        self.invalidate_recordset(["state"], flush=False)
        return self.env["coaching.proposal"]._open_for_waiting(
            self, coach, deadline, session
        )
