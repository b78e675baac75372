from . import reserved_slot
