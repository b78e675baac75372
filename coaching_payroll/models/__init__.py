from . import coaching_coach
from . import coaching_makeup_pay
from . import coaching_remuneration_rule
from . import coaching_remuneration_line
from . import coaching_attendance
from . import coaching_session
from . import hr_payslip
from . import hr_payslip_line
