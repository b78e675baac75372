"""The dialog that offers other times."""

from . import coaching_session_propose
from . import coaching_session_propose_line
