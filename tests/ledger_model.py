"""What sessions, packages, make-ups and pay should be: plain Python, no Odoo.

Written from docs/requirements.md and docs/decisions.md, not from the addons' code, and
in another way: nothing is posted or compared here, what stands is worked out anew from
what happened. Only ids are taken from the database, to name the same thing.
"""

# Over 300 lines: the whole business in plain Python, to be read at once.

import dataclasses
import datetime
import pickle
import zoneinfo

HOUR = datetime.timedelta(hours=1)
BLOCKING = ("scheduled", "completed", "no_show")
RATE = 40.0

# code: (state, possible before the session begins)
OUTCOMES = {
    "completed": ("completed", False),
    "no_show": ("no_show", False),
    "client_late_cancel": ("late_cancel", True),
    "client_early_cancel": ("early_cancel", True),
    "client_emergency": ("cancelled", True),
    "coach_emergency": ("cancelled", True),
    "coach_missed": ("cancelled", False),
    "other": ("cancelled", True),
}
# as shipped: outcomes that use a paid session; all of them pay the coach in full
USING = ("completed", "no_show", "client_late_cancel")

# kind: (minutes, seats, complimentary, package, counts for pay)
KINDS = {
    "individual": (60, 1, False, True, True),
    "consultation": (30, 1, True, False, True),
    "group": (90, 2, False, True, True),
    "makeup": (60, 1, False, False, False),
}
NOTICE_HOURS = 24
COMPLETE_HOURS = 2  # group sessions complete by themselves then


class Refused(Exception):
    """The operation is not allowed and changes nothing."""


@dataclasses.dataclass(frozen=True)
class Terms:
    """How the business of one run works."""

    makeup_codes: tuple = ("no_show", "client_late_cancel")
    makeup_days: int = 30  # 0: for ever
    makeup_limit: int = 0  # a client and quarter; 0: no limit
    allowance: int = 0  # late cancellations a client and month
    excused_percent: float = 0.0
    tier_hours: int = 0  # a late cancellation with more notice is sent back; 0: none
    tier_percent: float = 0.0
    free_percent: float = 0.0  # pay for complimentary sessions that took place
    pay_at_use: bool = False
    makeups_count: bool = False  # make-up sessions count for pay themselves


@dataclasses.dataclass
class Package:
    client: int
    granted: int
    expiry: datetime.date | None
    adjusted: int = 0
    refunded: int = 0
    expired: int = 0
    cancelled: bool = False


@dataclasses.dataclass
class Session:
    coach: int
    kind: str
    start: datetime.datetime
    stop: datetime.datetime


@dataclasses.dataclass(eq=False)
class Makeup:
    client: int
    origin: int | None  # attendance that was missed
    expiry: datetime.date | None
    state: str = "issued"
    used_by: int | None = None


@dataclasses.dataclass
class Attendance:
    session: int
    client: int
    start: datetime.datetime
    stop: datetime.datetime
    day: datetime.date  # in the coach's zone
    package: int | None = None
    credit: Makeup | None = None  # attended with
    code: str | None = None
    uses: bool = False
    percent: float = 0.0
    gives: bool = False
    excused: bool = False
    notice: datetime.datetime | None = None
    pays_makeup: bool = False
    makeup: Makeup | None = None  # got for missing it

    @property
    def state(self):
        return OUTCOMES[self.code][0] if self.code else "scheduled"

    @property
    def blocking(self):
        return self.state in BLOCKING


@dataclasses.dataclass
class Payslip:
    coach: int
    until: datetime.date
    state: str = "draft"
    # attendance → amount on it
    pays: dict = dataclasses.field(default_factory=dict)
    refunded: bool = False


class Model:
    """The business as it should be."""

    def __init__(self, terms, zones, now):
        """Begin with nothing.

        :param Terms terms: how the business works
        :param dict zones: coach → name of the time zone
        :param datetime now: naive UTC
        """
        self.terms, self.zones, self.now = terms, zones, now
        self.packages = {}
        self.sessions = {}
        self.attendances = {}
        self.makeups = []
        self.payslips = {}

    def __getstate__(self):
        return self.__dict__

    def save(self):
        return pickle.dumps(self.__dict__, -1)

    def restore(self, saved):
        self.__dict__.update(pickle.loads(saved))

    # === WHAT FOLLOWS FROM WHAT HAPPENED === #

    def balance(self, package_id):
        """Return (left, held, used) of a package."""
        package = self.packages[package_id]
        mine = [a for a in self.attendances.values() if a.package == package_id]
        held = sum(not a.code for a in mine)
        used = sum(bool(a.code and a.uses) for a in mine)
        gone = package.refunded + package.expired
        return package.granted + package.adjusted - gone - held - used, held, used

    def seats_taken(self, session_id):
        return sum(a.blocking for a in self.of_session(session_id))

    def of_session(self, session_id):
        return [a for a in self.attendances.values() if a.session == session_id]

    def session_state(self, session_id):
        states = {a.state for a in self.of_session(session_id)}
        for state in BLOCKING:
            if state in states:
                return state
        return "over"

    def kind(self, attendance):
        return self.sessions[attendance.session].kind

    def waits(self, attendance):
        """Return whether not this missed session is paid but its make-up."""
        return (
            attendance.pays_makeup
            and attendance.makeup is not None
            and attendance.makeup.state in ("issued", "used")
        )

    def pay(self):
        """Return {attendance: amount} of what every session earns its coach."""
        amounts = dict.fromkeys(self.attendances, 0.0)
        earning = {}
        taken = set()

        def entitlement(id_):
            credit = self.attendances[id_].credit
            return credit.origin or id_ if credit else id_

        # a missed session comes before what makes up for it
        for id_ in sorted(amounts, key=lambda id_: (entitlement(id_) != id_, id_)):
            attendance = self.attendances[id_]
            credit = attendance.credit
            counts = KINDS[self.kind(attendance)][4] or self.terms.makeups_count
            if credit and credit.origin:
                counts |= self.waits(self.attendances[credit.origin])
            elif credit:
                counts |= attendance.pays_makeup
            if (
                not attendance.code
                or self.waits(attendance)
                or not counts
                or not attendance.percent
                or entitlement(id_) in taken
            ):
                continue
            taken.add(entitlement(id_))
            earning.setdefault(attendance.session, []).append(id_)
        for ids in earning.values():
            best = min(ids, key=lambda id_: (-self.attendances[id_].percent, id_))
            amounts[best] = RATE * self.attendances[best].percent / 100
        return amounts

    def paid(self):
        """Return {attendance: amount} of what payslips that are done have paid."""
        amounts = dict.fromkeys(self.attendances, 0.0)
        for payslip in self.payslips.values():
            if payslip.state == "done" and not payslip.refunded:
                for id_, amount in payslip.pays.items():
                    amounts[id_] += amount
        return amounts

    # === TIME === #

    def day_of(self, coach, start):
        moment = start.replace(tzinfo=datetime.timezone.utc)
        return moment.astimezone(zoneinfo.ZoneInfo(self.zones[coach])).date()

    @staticmethod
    def month(day):
        return day.year, day.month

    @staticmethod
    def quarter(day):
        return day.year, (day.month - 1) // 3

    def over(self, expiry, day):
        return expiry is not None and expiry < day

    # === BOOKING === #

    def check_free(self, coach, clients, start, stop, but=None):
        """Raise when coach or client are taken.

        :param but: session that does not count
        """
        for id_, session in self.sessions.items():
            if id_ == but or not (session.start < stop and start < session.stop):
                continue
            if session.coach == coach and self.session_state(id_) in BLOCKING:
                raise Refused("coach is taken")
        for attendance in self.attendances.values():
            if attendance.session == but or attendance.client not in clients:
                continue
            if (
                attendance.blocking
                and attendance.start < stop
                and start < attendance.stop
            ):
                raise Refused("client is taken")

    def find_group(self, coach, start):
        for id_, session in self.sessions.items():
            if (session.coach, session.kind, session.start) == (coach, "group", start):
                if self.session_state(id_) == "scheduled":
                    return id_
        return None

    def book(self, kind, coach, clients, start, package=None, missed=None):
        """Return what each client attends with; the ids are not known yet.

        :return: list of (client, package or None, set of possible credits)
        """
        minutes, seats, _free, needs_package, _pay = KINDS[kind]
        stop = start + datetime.timedelta(minutes=minutes)
        if start <= self.now:
            raise Refused("in the past")
        if len(clients) > seats or (len(clients) > 1 and (package or missed)):
            raise Refused("too many clients")
        joined = self.find_group(coach, start) if kind == "group" else None
        if joined:
            if self.seats_taken(joined) + len(clients) > seats:
                raise Refused("no seat left")
            if any(a.blocking and a.client in clients for a in self.of_session(joined)):
                raise Refused("takes part already")
        self.check_free(coach, clients, start, stop, but=joined)
        day = self.day_of(coach, start)
        taken = []
        for client in clients:
            if kind == "makeup":
                credits = self.usable_credits(client, day, missed)
                taken.append((client, None, credits))
            elif missed:
                raise Refused("not a make-up")
            elif needs_package or package:
                taken.append((client, self.usable_package(client, day, package), ()))
            else:
                taken.append((client, None, ()))
        return taken

    def usable_package(self, client, day, wanted):
        found = [
            id_
            for id_, package in self.packages.items()
            if package.client == client
            and not package.cancelled
            and not self.over(package.expiry, day)
            and self.balance(id_)[0] > 0
            and wanted in (None, id_)
        ]
        if not found:
            raise Refused("no package")
        far = datetime.date.max
        return min(found, key=lambda id_: (self.packages[id_].expiry or far, id_))

    def usable_credits(self, client, day, missed):
        if missed:
            makeup = self.attendances[missed].makeup
            if not makeup or makeup.client != client:
                raise Refused("gave no make-up")
            found = [makeup]
        else:
            found = [makeup for makeup in self.makeups if makeup.client == client]
        found = [
            makeup
            for makeup in found
            if makeup.state == "issued" and not self.over(makeup.expiry, day)
        ]
        if not found:
            raise Refused("no make-up")
        far = datetime.date.max
        first = min(makeup.expiry or far for makeup in found)
        # of those that expire on one day any is as good as the other
        return [makeup for makeup in found if (makeup.expiry or far) == first]

    def booked(self, session_id, kind, coach, start, attends):
        """Note a booking.

        :param list attends: (attendance id, client, package or None, credit or None)
        """
        stop = start + datetime.timedelta(minutes=KINDS[kind][0])
        self.sessions.setdefault(session_id, Session(coach, kind, start, stop))
        for id_, client, package, credit in attends:
            self.attendances[id_] = Attendance(
                session_id,
                client,
                start,
                stop,
                self.day_of(coach, start),
                package,
                credit,
            )
            if credit:
                credit.state, credit.used_by = "used", id_

    def reschedule(self, session_id, start):
        session = self.sessions[session_id]
        if self.session_state(session_id) != "scheduled" or session.start <= self.now:
            raise Refused("begun or closed")
        if start <= self.now:
            raise Refused("in the past")
        stop = start + (session.stop - session.start)
        moving = [a for a in self.of_session(session_id) if not a.code]
        self.check_free(
            session.coach, [a.client for a in moving], start, stop, but=session_id
        )
        day = self.day_of(session.coach, start)
        session.start, session.stop = start, stop
        for attendance in moving:
            attendance.start, attendance.stop, attendance.day = start, stop, day
            package = self.packages.get(attendance.package)
            if (package and self.over(package.expiry, day)) or (
                attendance.credit and self.over(attendance.credit.expiry, day)
            ):
                raise Refused("not valid any more on that day")

    # === CLOSING === #

    def check_possible(self, ids, code, notice=None):
        if notice and notice > self.now:
            raise Refused("notice in the future")
        for id_ in ids:
            if self.attendances[id_].start > self.now and not OUTCOMES[code][1]:
                raise Refused("has not begun")

    def close(self, ids, code, notice=None, uses=None):
        """Close attendances, or correct them: all or none.

        :param bool uses: overrides the terms unless None
        """
        self.check_possible(ids, code, notice)
        changed = [
            id_
            for id_ in ids
            if self.attendances[id_].code != code
            or (OUTCOMES[code][1] and notice and notice != self.attendances[id_].notice)
        ]
        changed.sort(key=lambda id_: (self.attendances[id_].start, id_))
        were_blocking = {id_: self.attendances[id_].blocking for id_ in changed}
        # who is excused stays so; what is not needed any more is free later on
        taken = {id_ for id_, a in self.attendances.items() if a.excused}
        for id_ in changed:
            self.attendances[id_].excused = False
        for id_ in sorted(changed, key=lambda id_: id_ not in taken):
            self._judge(id_, code, notice, uses, taken)
        for id_ in changed:
            if self.attendances[id_].blocking and not were_blocking[id_]:
                self._check_back(self.attendances[id_], id_)
        self._settle_credits(changed)
        self._settle_makeups(changed)
        for package_id, package in self.packages.items():
            # what expired is found again by a correction that needs it
            missing = min(max(-self.balance(package_id)[0], 0), package.expired)
            package.expired -= missing
            if self.balance(package_id)[0] < 0:
                raise Refused("nothing left in the package")
        return changed

    def _judge(self, id_, code, notice, uses, taken):
        terms, attendance = self.terms, self.attendances[id_]
        complimentary = KINDS[self.kind(attendance)][2]
        before = OUTCOMES[code][1]
        told = (notice or attendance.notice or self.now) if before else None
        # the terms
        if complimentary:
            used, gives = code == "completed", False
            percent = terms.free_percent if code == "completed" else 0.0
        else:
            used, gives = code in USING, code in terms.makeup_codes
            percent = 100.0 if used else 0.0
        if code == "client_late_cancel" and not complimentary:
            if terms.tier_hours and attendance.start - told > terms.tier_hours * HOUR:
                used, percent, gives = False, terms.tier_percent, False
            elif uses is None and self._is_excused(id_, taken):
                attendance.excused = True
                used, percent, gives = False, terms.excused_percent, False
        if used and uses is False:
            gives = False  # sent back by hand, and not made up for as well
        attendance.code, attendance.notice = code, told
        attendance.uses = used if uses is None else uses
        attendance.percent, attendance.gives = percent, gives
        attendance.pays_makeup = terms.pay_at_use

    def _is_excused(self, id_, taken):
        """Return whether the client has an excuse left, or this session has it.

        :param set taken: attendances that were excused before
        """
        attendance = self.attendances[id_]
        others = sum(
            (other.excused or other_id in taken)
            and other.client == attendance.client
            and self.month(other.day) == self.month(attendance.day)
            for other_id, other in self.attendances.items()
            if other_id != id_
        )
        return id_ in taken or others < self.terms.allowance

    def _check_back(self, attendance, id_):
        """Raise when the time of what took place after all was given away."""
        session = self.sessions[attendance.session]
        if self.seats_taken(attendance.session) > KINDS[session.kind][1]:
            raise Refused("the seat was given away")
        self.check_free(
            session.coach, [], session.start, session.stop, but=attendance.session
        )
        for other_id, other in self.attendances.items():
            if (
                other_id != id_
                and other.client == attendance.client
                and other.blocking
                and other.start < attendance.stop
                and attendance.start < other.stop
            ):
                raise Refused("the client's time was given away")

    def _settle_credits(self, ids):
        for id_ in ids:
            attendance = self.attendances[id_]
            credit = attendance.credit
            if not credit:
                continue
            mine = credit.used_by == id_
            if mine and not attendance.uses:
                credit.state, credit.used_by = "issued", None
            elif not mine and attendance.uses:
                # used in time it is no less used for having expired since
                if credit.state not in ("issued", "expired"):
                    raise Refused("the make-up is not to be had any more")
                credit.state, credit.used_by = "used", id_

    def _settle_makeups(self, ids):
        due = []
        for id_ in ids:
            attendance = self.attendances[id_]
            is_due = attendance.gives and self.kind(attendance) != "makeup"
            has = attendance.makeup and attendance.makeup.state != "revoked"
            if has and not is_due:
                if attendance.makeup.state == "used":
                    raise Refused("the make-up is used")
                attendance.makeup.state = "revoked"
            elif is_due and not has:
                due.append(id_)
        for id_ in due:
            attendance = self.attendances[id_]
            if self._is_limit_reached(attendance):
                continue
            attendance.makeup = Makeup(attendance.client, id_, self._new_expiry())
            self.makeups.append(attendance.makeup)

    def _is_limit_reached(self, attendance):
        limit = self.terms.makeup_limit
        quarter = self.quarter(attendance.day)
        given = sum(
            makeup.state != "revoked"
            and makeup.client == attendance.client
            and makeup.origin is not None
            and self.quarter(self.attendances[makeup.origin].day) == quarter
            for makeup in self.makeups
        )
        return bool(limit) and given >= limit

    def _new_expiry(self):
        days = self.terms.makeup_days
        return self.now.date() + datetime.timedelta(days=days) if days else None

    def cancel(self, session_id, who, client=None, code=None, refund="policy"):
        """Cancel a session.

        :param str who: ``client``, ``coach`` or ``manager``
        :param client: who cancels, if a client
        :param str code: as staff says
        """
        session = self.sessions[session_id]
        ids = [
            id_
            for id_, a in self.attendances.items()
            if a.session == session_id
            and not a.code
            and (who != "client" or a.client == client)
        ]
        if not ids or session.start <= self.now:
            raise Refused("nothing to cancel")
        if not code and who == "coach":
            code = "coach_emergency"
        elif not code:
            early = session.start - self.now > NOTICE_HOURS * HOUR
            code = "client_early_cancel" if early else "client_late_cancel"
        uses = {"policy": None, "full": False, "none": True}[refund]
        return self.close(ids, code, uses=uses)

    def mark(self, session_ids, code):
        """Close what is open in sessions, each for itself; returns the failed ids."""
        failed = []
        ids = [id_ for id_, a in self.attendances.items() if a.session in session_ids]
        for id_ in sorted(ids, key=lambda id_: (self.attendances[id_].start, id_)):
            saved = self.save()
            try:
                if self.attendances[id_].code not in (None, code):
                    raise Refused("closed already")
                self.close([id_], code)
            except Refused:
                self.restore(saved)
                failed.append(id_)
        return failed

    def complete_due(self):
        """Complete group sessions that are over for some hours."""
        oldest = self.now - 7 * 24 * HOUR
        for id_, session in self.sessions.items():
            due = session.stop + COMPLETE_HOURS * HOUR
            if session.kind != "group" or self.session_state(id_) != "scheduled":
                continue
            if session.stop <= self.now and oldest < due <= self.now:
                ids = [i for i, a in self.attendances.items() if a.session == id_]
                self.close(
                    [i for i in ids if not self.attendances[i].code], "completed"
                )

    # === MAKE-UPS === #

    def expire(self):
        for makeup in self.makeups:
            if makeup.state == "issued" and self.over(makeup.expiry, self.last_day()):
                makeup.state = "expired"

    def grant(self, client):
        makeup = Makeup(client, None, self._new_expiry())
        self.makeups.append(makeup)
        return makeup

    def revoke(self, makeup):
        if makeup.state == "used":
            raise Refused("the make-up is used")
        if makeup.state == "revoked":
            return
        makeup.state = "revoked"
        if makeup.origin:
            # what staff takes back is not given again by looking once more
            self.attendances[makeup.origin].gives = False

    def extend(self, makeup, date):
        if makeup.state not in ("issued", "expired") or not makeup.expiry:
            raise Refused("can't be extended")
        if date <= makeup.expiry:
            raise Refused("not longer")
        makeup.state, makeup.expiry = "issued", date

    # === PACKAGES === #

    def extend_package(self, package_id, date):
        package = self.packages[package_id]
        if package.cancelled or not package.expiry or date <= package.expiry:
            raise Refused("not longer")
        package.expiry = date
        if not self.over(date, self.last_day()):
            package.expired = 0

    def last_day(self):
        """Return the day that is not over yet everywhere on earth."""
        return (self.now - 12 * HOUR).date()

    def expire_packages(self):
        for id_, package in self.packages.items():
            if not package.cancelled and self.over(package.expiry, self.last_day()):
                package.expired += self.balance(id_)[0]

    def adjust(self, package_id, quantity):
        package = self.packages[package_id]
        if package.cancelled or not quantity or -quantity > self.balance(package_id)[0]:
            raise Refused("not to be taken")
        if quantity > 0 and self.over(package.expiry, self.last_day()):
            raise Refused("expired")
        package.adjusted += quantity

    def transfer(self, package_id, client, quantity):
        """Return what the other client gets."""
        package = self.packages[package_id]
        if package.cancelled or package.client == client:
            raise Refused("not to be transferred")
        if not 0 < quantity <= self.balance(package_id)[0]:
            raise Refused("not enough")
        package.adjusted -= quantity
        return Package(client, quantity, package.expiry)

    def take_back(self, package_id):
        """Cancel what was sold."""
        package = self.packages[package_id]
        left, held, _used = self.balance(package_id)
        if held:
            raise Refused("sessions are booked")
        package.refunded += left
        package.cancelled = True

    def bring_back(self, package_id):
        package = self.packages[package_id]
        package.refunded, package.cancelled = 0, False

    # === PAYSLIPS === #

    def gather(self, payslip):
        """Put on a payslip what its coach earned until its last day and is not paid."""
        earned, paid = self.pay(), self.paid()
        payslip.pays = {
            id_: earned[id_] - paid[id_]
            for id_, attendance in self.attendances.items()
            if self.sessions[attendance.session].coach == payslip.coach
            and attendance.day <= payslip.until
            and earned[id_] != paid[id_]
        }

    def finish(self, payslip):
        self.gather(payslip)
        payslip.state = "done"

    def refund(self, payslip):
        if payslip.refunded:
            raise Refused("refunded already")
        if payslip.pays:
            payslip.refunded = True
