"""What a coach does with a series: seen first, then done."""

from . import series
