from . import coaching_session_mark
