"""Closing out a session with a form, with all that is asked then."""

from . import close_out
