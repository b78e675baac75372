"""What belongs to no capability but to the office: it puts the others together.

The highest floor: may know everything, and nobody knows it. The dialogs that close out
ask for notes, goals, wishes and the next booking in one go
(``coaching.attendance.action_close_out``). Settings lie with their capability.
"""

from . import coaching_attendance
from . import coaching_session
from . import ir_attachment
