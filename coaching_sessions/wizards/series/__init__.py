"""Dialogs of series, and how much of one moving and cancelling is about."""

from . import coaching_series_book
from . import coaching_series_change
from . import coaching_session_reschedule
from . import coaching_session_cancel
from . import coaching_session_book
