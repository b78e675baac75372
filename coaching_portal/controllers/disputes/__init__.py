"""Objecting to what is recorded."""

from . import dispute
