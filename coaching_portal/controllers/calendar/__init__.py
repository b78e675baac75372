from . import calendar_entry
