"""A client books, cancels, and books the next one.

May know: entitlement and what is below. No hooks in the models; the controllers have
some for the page on which a booking is confirmed.
"""

from . import coaching_booking_type
from . import coaching_attendance
