"""What a client attends a session with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Attending:
    """What was decided for one client, before anything is written.

    - ``kind``: ``makeup``; ``package``; ``none`` where nothing is needed; ``owed``
      where it may be paid for later; ``missing`` where it can't be booked
    - ``package``, ``makeup``: the record that is drawn on
    - ``owed_slot``: first of the client's numbers of owed sessions that it takes
    - ``refusal``: why it can't be booked, as a sentence; empty where it can
    """

    kind: str
    package: Any = None
    makeup: Any = None
    owed_slot: int = 0
    refusal: str = ""


def find_owed_slot(owed, count, limit=None):
    """Return the first number that a client's next owed session takes.

    Numbers that were given back leave gaps, which may be too small for it: neither the
    highest number nor the number of sessions goes beyond the limit.

    :param owed: (first number, number of sessions) of what is owed already
    :param int count: number of sessions that it takes
    :param int limit: sessions that may be owed in all, None for any number
    :return: int, None where it can't be owed
    """
    slot = 1
    for first, size in sorted(owed):
        if slot + count <= first:
            break
        slot = first + size
    most = max(slot + count - 1, sum(size for _first, size in owed) + count)
    if not count or (limit is not None and most > limit):
        return None
    return slot
