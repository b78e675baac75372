from . import coach
from . import rules
from . import lines
from . import payslip
