"""What a booking asks for, once it is parsed and checked.

Made in one place from what ``coaching.session.book`` is given
(``coaching.session._prepare_booking``); what moves a session makes one of the session.
It never changes on its way to the ledger: who knows more makes another one of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, kw_only=True, eq=False)
class BookingRequest:
    """One session that is to be, or to be somewhere else.

    Records come as superuser: whoever asks for it has been checked before.

    An upper floor, or an addon, that takes a value of its own with a booking names its
    key in ``coaching.session._get_booking_keys``, parses it in
    ``_prepare_booking_extra``, and finds it in ``extra`` wherever the request comes by.
    """

    # coaching.booking.type, coaching.coach (empty: any who is free), res.partner
    booking_type: Any
    coach: Any
    partners: Any
    # naive UTC
    start: datetime
    stop: datetime
    # coaching.package to draw on; empty: the one that expires first
    package: Any = None
    # coaching.attendance to make up for; empty: the make-up that expires first
    missed: Any = None
    # leave packages alone, where none is needed
    without_package: bool = False
    note: str = ""
    # coaching.session that is to be somewhere else; empty: a new booking. What ends new
    # bookings (an archived type, another list of coaches) does not end what is booked
    session: Any = None
    # by the rules for clients: not too late or early, what is offered to them only
    by_client: bool = False
    # this very time was offered, so it is neither too late nor off the grid
    offered: bool = False
    # whoever calls has looked just now: rules and free time are not looked at again
    judged: bool = False
    # it may be a seat in a group session that is there
    joins: bool = True
    # what a look at the free time saw: whether time is held there that it may have;
    # None: nobody has looked yet
    meets_holds: bool | None = None
    # the caller tells the clients
    quiet: bool = False
    # what upper floors add, by names of their own
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))

    @property
    def length(self) -> timedelta:
        return self.stop - self.start

    @cached_property
    def busy_start(self) -> datetime:
        """When the coach begins to be taken: what is kept free before it included."""
        minutes = (
            self.booking_type.buffer_before_minutes
            + self.booking_type.preparation_minutes
        )
        return self.start - timedelta(minutes=minutes)

    @cached_property
    def busy_stop(self) -> datetime:
        """Until when the coach is taken, with what is kept free after it."""
        return self.stop + timedelta(minutes=self.booking_type.buffer_after_minutes)

    @property
    def chosen_by_client(self) -> bool:
        """Whether a client chose the time, and may take only what is offered."""
        return self.by_client and not self.offered

    def but(self, **changes) -> "BookingRequest":
        """Return another request, alike but for these values.

        ``extra`` is added to what is there.
        """
        if "extra" in changes:
            changes["extra"] = {**self.extra, **changes["extra"]}
        return replace(self, **changes)
