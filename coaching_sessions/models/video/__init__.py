"""Video: the link of a session, from Odoo, a service or by hand.

What is wanted is a row (``coaching.video.meeting``) that is compared with its session
whenever that changes (``_update_projections``); a cron carries it out after the commit
(``coaching_video_meeting_run.py``). Services are models, one a file; Zoom has a folder.
It knows sessions, their calendar and the outbox; nobody below knows of video.

To add a service: ``selection_add`` on ``video_provider`` of ``coaching.booking.type``,
and a model ``coaching.video.provider.<value>`` that inherits
``coaching.video.provider``, or ``coaching.video.provider.calendar`` where the link
comes with a synchronised calendar; ``coaching_google_meet`` is an example.
"""

from . import coaching_booking_type
from . import coaching_coach
from . import coaching_session_log
from . import coaching_notification
from . import coaching_video_provider
from . import coaching_video_provider_calendar
from . import coaching_video_provider_discuss
from . import coaching_video_provider_fixed
from . import coaching_video_provider_backup
from . import coaching_video_meeting
from . import coaching_video_meeting_run
from . import coaching_session_video
from . import coaching_session_video_link
from . import coaching_session_video_event
from . import coaching_attendance
from . import coaching_session_recording
from . import zoom
