"""A session as a file for the client's own calendar."""

from . import calendar_entry
