"""Asking for another time, offering some, and answering.

May know: moving and what is below. Hooks of ``coaching.proposal``:
``_get_portal_starts`` and ``_prepare_portal_terms``.
"""

from . import coaching_proposal
from . import coaching_session
from . import coaching_attendance
