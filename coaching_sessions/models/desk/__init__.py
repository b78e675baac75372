from . import coaching_attendance
