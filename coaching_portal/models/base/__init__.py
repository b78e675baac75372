"""What the pages of all capabilities say in the same way: days, times, numbers and the
rows of what is shown before anything is done.

May know: nothing of the portal. No hooks.
"""

from . import coaching_session
