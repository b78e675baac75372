"""Moving a session to another time."""

from . import move
