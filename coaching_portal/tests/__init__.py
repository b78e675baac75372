from . import test_local_time
from . import test_portal_access
from . import test_portal_client
from . import test_portal_actions
from . import test_portal_coach
from . import test_portal_package
from . import test_portal_performance
from . import test_ui
