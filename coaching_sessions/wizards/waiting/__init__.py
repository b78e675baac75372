from . import coaching_waiting_join
