from . import coaching_session_book
from . import coaching_session_cancel
