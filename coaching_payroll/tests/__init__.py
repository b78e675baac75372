from . import test_access
from . import test_main_job
from . import test_remuneration
from . import test_payslip
from . import test_dispute_pay
from . import test_performance
from . import test_makeup_pay
from . import test_matrix
