"""Coaches who are employees: their working hours and time off are the employee's.

The lowest floor of payroll.
"""

from . import coaching_availability
from . import coaching_coach
