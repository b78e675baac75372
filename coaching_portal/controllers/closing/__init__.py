from . import coach_session
