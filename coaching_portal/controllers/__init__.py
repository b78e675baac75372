from . import portal
from . import client
from . import package
from . import coach
from . import client_actions
