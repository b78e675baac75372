"""Rooms and devices: what a session needs besides its coach.

A booking type has needs (``coaching.booking.type.need``), each met by one of several
resources of Odoo; a session takes one of each (``coaching.session.resource``), which an
exclusion constraint keeps to itself. Free rooms come into the free times of coaches by
``coaching.availability._get_loaders``. It knows booking and moving, by their hooks
only; it offers none of its own.
"""

from . import coaching_booking_type_need
from . import coaching_booking_type
from . import coaching_availability
from . import coaching_session
from . import coaching_session_resource
from . import resource_resource
