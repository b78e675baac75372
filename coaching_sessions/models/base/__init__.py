from . import base
from . import ir_default
from . import coaching_shared_mixin
from . import coaching_staff_mixin
from . import coaching_target_mixin
from . import coaching_ledger_mixin
from . import coaching_cached_mixin
from . import coaching_batch_mixin
