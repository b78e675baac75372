"""Booking step by step, and cancelling.

Hooks: ``_prepare_coaching_confirmation`` (what is shown before it is booked),
``_prepare_coaching_booking`` (what ``book`` takes), ``_get_coaching_preparation`` (what
a client is asked before a session).
"""

from . import choice
from . import times
from . import confirm
from . import cancel
