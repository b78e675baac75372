from . import coaching_booking_type
from . import coaching_session
from . import coaching_video_teams
from . import calendar_event
