from . import test_booking
from . import test_close
from . import test_package
from . import test_makeup
from . import test_bad_input
from . import test_ledger_guards
from . import test_performance
from . import test_ui
