from . import hr_payslip
from . import hr_payslip_awaiting
from . import hr_payslip_line
from . import res_company
from . import res_config_settings
from . import coaching_remuneration_line
