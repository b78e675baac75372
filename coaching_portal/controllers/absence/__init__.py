"""Days on which a coach is not available."""

from . import absence
