"""Proposals: pages to answer them, asking for other times and offering some."""

from . import proposal
from . import offer
