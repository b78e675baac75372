"""What a session is worth, and whether a make-up is paid when it is issued or used.

May know coaches.
"""

from . import coaching_makeup_pay
from . import coaching_remuneration_rule
