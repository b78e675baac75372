from . import coaching_session_message
