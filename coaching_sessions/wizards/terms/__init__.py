"""What the client has to read, accept and agree to, in the dialog that books."""

from . import coaching_session_book
