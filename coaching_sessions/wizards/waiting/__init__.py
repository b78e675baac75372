"""The dialog that puts a client on the waiting list."""

from . import coaching_waiting_join
