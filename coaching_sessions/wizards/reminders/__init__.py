from . import coaching_session_remind
