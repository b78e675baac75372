"""Lists of sessions, and the client's page of one.

Hooks: ``_prepare_coaching_session_values`` and ``_get_coaching_done`` (that page),
``_prepare_coaching_coach_values`` (the coach's list). ``_act_on_coaching_session`` does
something with a session and goes back to its page.
"""

from . import client
from . import coach
