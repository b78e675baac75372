"""Joining on video, and watching the recording.

May know: booking and what is below, no sibling.
"""

from . import coaching_session
from . import coaching_attendance
