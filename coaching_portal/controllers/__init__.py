"""The pages, in the order of the floors (``models/__init__.py``).

The order counts: each class extends ``CustomerPortal``, and of these what is imported
later comes first.
"""

from . import base
from . import session
from . import time
from . import calendar
from . import closing
from . import entitlement
from . import booking
from . import moving
from . import terms, reminders, disputes, messages, engagement
from . import proposals
from . import waiting, absence
from . import series
from . import desk
