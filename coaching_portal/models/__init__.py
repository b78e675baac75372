"""The floors of the portal: each statement is one, the lowest first.

They have the names of the floors of ``coaching_sessions``, and so have the folders of
``controllers``, ``views`` and ``tests``; ``controllers/base.py`` belongs to the lowest.
A file may know its own folder and the floors below, and anything of
``coaching_sessions``; what lies above extends the hooks that a lower floor offers
(``setup/check_floors.py``). The templates of upper floors extend the pages of low ones,
whose parts they find by class, in the order of the floors: by their priority.
"""

from . import base
from . import session
from . import time
from . import calendar
from . import closing
from . import entitlement
from . import booking
from . import moving
from . import terms, video, reminders, disputes, messages, engagement
from . import proposals
from . import waiting, absence
from . import series
from . import desk
