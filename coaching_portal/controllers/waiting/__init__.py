"""The waiting list of a client."""

from . import waiting
