"""The coach's page of a session, and closing it out with one tap.

Hook: ``_prepare_coaching_close_out_values`` (that page).
"""

from . import coach_session
