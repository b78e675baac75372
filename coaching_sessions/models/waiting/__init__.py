"""Clients who wait for a time or for a seat, and are offered what becomes free.

May know proposals and everything below: an offer is a proposal of the kind ``waiting``.
It listens to ``coaching.session._on_time_freed`` (``time``), so nobody has to know that
somebody waits.
"""

from . import coaching_waiting
from . import coaching_waiting_join
from . import coaching_waiting_offer
from . import coaching_proposal
from . import coaching_session
from . import res_company
from . import res_config_settings
