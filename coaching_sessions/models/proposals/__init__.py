"""Other times that are proposed, and held until somebody picks one (R51, R99-R102).

May know everything up to moving, and nothing of its siblings. Whatever proposes times
adds a ``kind`` here: a waiting list (``waiting``), a coach who is not there
(``absence``).

Hooks on ``coaching.proposal``:

- ``_use_time(hold)``: moves what was proposed for; who books anew extends it,
- ``_find_hold(start)`` and ``_get_starts()``: the times there are to choose from,
- ``_on_none_chosen()``: what follows from one that was declined or expired,
- ``_get_next_kind(kind)``: what takes the place of one that is open,
- ``_get_url(partner)``: where somebody answers.
"""

from . import coaching_hold
from . import coaching_proposal
from . import coaching_proposal_rights
from . import coaching_proposal_open
from . import coaching_proposal_state
from . import coaching_proposal_answer
from . import coaching_proposal_asked
from . import coaching_session
from . import coaching_session_next_times
from . import coaching_attendance
from . import coaching_notification
