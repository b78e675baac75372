from . import choice
from . import times
from . import confirm
from . import cancel
