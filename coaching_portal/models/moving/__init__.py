"""A client moves a session.

May know: booking, time and what is below. Hook: ``_prepare_portal_moving`` of
``coaching.attendance``.
"""

from . import coaching_attendance
