from . import coaching_attendance
from . import coaching_session
from . import ir_attachment
