from . import coaching_session_close
from . import coaching_session_close_group
from . import coaching_session_close_group_line
from . import coaching_client_file
from . import coaching_client_file_progress
from . import coaching_client_file_package
from . import coaching_client_file_relation
