from . import coaching_dispute_accept
from . import coaching_dispute_reject
