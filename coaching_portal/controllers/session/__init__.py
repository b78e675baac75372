from . import client
from . import coach
