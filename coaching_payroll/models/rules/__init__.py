from . import coaching_makeup_pay
from . import coaching_remuneration_rule
