"""What is said of a session that moves, in one thing for all who follow it up."""

from dataclasses import dataclass
from datetime import datetime

from .booking_request import BookingRequest


@dataclass(frozen=True, eq=False, kw_only=True)
class Move:
    """A session that goes to another time, to another coach, or both.

    Made before anything is written, so it knows what was. Times are naive UTC.

    - ``request``: what a booking there would ask for, with the new start, stop, coach
    - ``kind``: of the email that tells of it: ``moved``, or what an upper floor adds
    - ``wanted_at``: when the client asked for it, None for what staff moves
    - ``reason``: why, for the log; ``message``: sentence for clients
    - ``told``: False where whoever moves it tells people later, of more at once
    """

    session: object
    request: BookingRequest
    old_start: datetime
    old_stop: datetime
    old_coach: object
    kind: str = "moved"
    wanted_at: datetime | None = None
    reason: str = ""
    message: str = ""
    told: bool = True

    @property
    def start(self):
        """When it begins from now on."""
        return self.request.start

    @property
    def stop(self):
        """When it ends from now on."""
        return self.request.stop

    @property
    def coach(self):
        """Its coach from now on."""
        return self.request.coach

    @property
    def changes_time(self):
        """Whether it begins or ends at another time."""
        return (self.start, self.stop) != (self.old_start, self.old_stop)

    @property
    def changes_coach(self):
        """Whether the coach changes."""
        return self.coach != self.old_coach
