"""The page that a reminder leads to, without a login."""

from . import reconfirm
