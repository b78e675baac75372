"""The floors of the house: each statement is one, the lowest first.

A file may know its own folder and the floors below, never a sibling or a floor above;
what lies above extends the hooks that a lower floor offers (``setup/check_floors.py``).
What lives in a folder, and which hooks it offers, is said in its ``__init__.py``.
"""

from . import base
from . import catalog
from . import session
from . import policy
from . import outbox, time
from . import calendar
from . import closing
from . import entitlement
from . import booking
from . import moving
from . import rooms, terms, video, reminders, disputes, messages
from . import engagement
from . import progress, proposals
from . import waiting, absence
from . import series
from . import desk
