"""The terms on the pages of others: they are shown, and accepted where one books."""

from . import terms
