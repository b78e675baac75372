"""Free times as pages show them, day by day, for booking and for moving.

May know: session. No hooks.
"""

from . import coaching_booking_type
from . import coaching_session
