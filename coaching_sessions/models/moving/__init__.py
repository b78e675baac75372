"""Sessions that move: to another time, to another coach, one or many at once.

May know everything up to booking. Whatever moves sessions makes a ``Move`` of each
(``tools/move.py``) and gives them to ``coaching.session._move``, the one way there is.

Hooks on ``coaching.session``:

- ``_pre_move(moves)``: what has to be done before sessions are written (rooms),
- ``_post_move(moves)``: whatever follows from moves (proposals, engagements, yours),
- ``_prepare_move_values(move)``: what is written to a session that moves,
- ``_describe_move(move)`` and ``_tell_moves(moves)``: what the log and emails say,
- ``_get_wanted_at()``: since when clients want other times.
"""

from . import coaching_booking_type
from . import coaching_session_move
from . import coaching_session_move_rules
from . import coaching_session_moving
