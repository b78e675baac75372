"""Lines on a payslip: gathered, paid, taken back with its refund.

The highest floor of payroll: may know everything below.
"""

from . import hr_payroll_structure
from . import hr_payslip
from . import hr_payslip_awaiting
from . import hr_payslip_line
from . import res_company
from . import res_config_settings
from . import coaching_remuneration_line
