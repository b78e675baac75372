from . import coaching_booking_type
from . import coaching_session
from . import coaching_video_google_meet
from . import calendar_event
