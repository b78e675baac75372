from . import portal
from . import client
from . import package
from . import coach
from . import client_actions
from . import reconfirm
from . import calendar_entry
from . import proposal
