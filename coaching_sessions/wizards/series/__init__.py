from . import coaching_series_book
from . import coaching_series_change
from . import coaching_session_series_dialogs
from . import coaching_session_book
