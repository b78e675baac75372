"""The client's pages of packages and make-ups."""

from . import package
