"""Writing about a session, by client and coach."""

from . import message
