"""Dialogs that record goals."""

from . import coaching_session_goals
from . import coaching_goal_record
