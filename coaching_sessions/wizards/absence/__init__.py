"""Dialogs for coaches who are not there, and for who stands in."""

from . import coaching_coach_absence
from . import coaching_session_substitute
