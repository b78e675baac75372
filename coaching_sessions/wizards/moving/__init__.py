"""Dialogs that move sessions."""

from . import coaching_session_reschedule
