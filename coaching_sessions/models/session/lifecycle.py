"""The life of a session: its states, and which act leads from one to another.

A state belongs to the attendance, one client in one session; the session's own follows
from those of its clients. ``coaching.attendance.write`` takes no other way than those
in here. What an act asks for beside the state (rights, the clock, a note, a make-up
that is used already) is checked where it is done: ``booking/`` and ``closing/``. What
follows from it is posted by ``_post_booking`` and ``_post_consequences``. No ORM here.
"""

OPEN = "scheduled"
# took place, or should have: the time is taken, the past keeps it
TAKEN = ("completed", "no_show")
# nobody comes: coach and client are free
CANCELLED = ("early_cancel", "late_cancel", "cancelled")
CLOSED = (*TAKEN, *CANCELLED)

# in these states the coach and the client are taken for that time
BLOCKING_STATES = (OPEN, *TAKEN)

# state → the states it may change to, and the act that does it, as the log calls it
TRANSITIONS = {
    None: {OPEN: "booked"},
    OPEN: dict.fromkeys(CLOSED, "closed"),
    # what was closed can be closed otherwise, never opened again
    "completed": dict.fromkeys(CLOSED, "corrected"),
    "no_show": dict.fromkeys(CLOSED, "corrected"),
    "early_cancel": dict.fromkeys(CLOSED, "corrected"),
    "late_cancel": dict.fromkeys(CLOSED, "corrected"),
    "cancelled": dict.fromkeys(CLOSED, "corrected"),
}


def get_act(old, new):
    """Return the act that leads from a state to another, None where none does.

    :param old: state, None for what is not booked yet
    :param str new: state; the same one where only the reason is corrected
    """
    return TRANSITIONS[old].get(new)


def get_session_state(states):
    """Return what a session counts as when its clients' states may differ.

    Open as long as one of them is; it took place when it did for one client.

    :param states: those of its attendances
    """
    states = set(states)
    if not states or OPEN in states:
        return OPEN
    for state in TAKEN:
        if state in states:
            return state
    return states.pop() if len(states) == 1 else "cancelled"
