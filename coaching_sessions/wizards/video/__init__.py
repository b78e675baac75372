from . import coaching_session_video
