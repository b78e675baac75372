"""Dialogs for absent coaches, and for who takes over."""

from . import coaching_coach_absence
from . import coaching_session_substitute
