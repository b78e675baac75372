from . import coaching_dialog_mixin
from . import coaching_dispute_accept
from . import coaching_dispute_reject
from . import coaching_session_book
from . import coaching_session_cancel
from . import coaching_session_close
from . import coaching_session_reschedule
from . import coaching_package_extend
