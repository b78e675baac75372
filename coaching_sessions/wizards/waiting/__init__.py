"""The dialog that adds a client to the waiting list."""

from . import coaching_waiting_join
