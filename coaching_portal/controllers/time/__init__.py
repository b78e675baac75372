"""The zone that times are shown in, and choosing another one."""

from . import timezone
