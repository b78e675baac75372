from . import coaching_session_reschedule
