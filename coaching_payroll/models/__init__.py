"""The floors of payroll, the lowest first, above those of coaching_sessions."""

from . import coach
from . import rules
from . import lines
from . import payslip
