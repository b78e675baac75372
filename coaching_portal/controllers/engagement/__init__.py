"""Putting back the reserved slot that closing out has removed."""

from . import reserved_slot
