from . import portal
from . import client
from . import package
from . import coach
