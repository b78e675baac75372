"""The reserved slot of a client that closing out has removed, and putting it back.

May know: closing and what is below, no sibling.
"""

from . import coaching_session
