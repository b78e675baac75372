"""Packages and make-ups: the client's pages of them, and what sessions draw on.

May know: session, closing. No hooks.
"""

from . import coaching_attendance
from . import coaching_makeup
from . import coaching_package
from . import coaching_package_move
