from . import coaching_session_substitute
from . import coaching_coach_absence
from . import coaching_coach_time_off
from . import coaching_session_absence
