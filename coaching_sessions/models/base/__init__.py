"""What every capability stands on; knows nothing of coaching but the groups.

The lowest floor. Mixins to name in ``_inherit``:

- ``coaching.ledger.mixin``: lines that are added and taken back, never changed; its
  docstring says how a new ledger stands on it,
- ``coaching.shared.mixin``: configuration that counts for every company,
- ``coaching.cached.mixin``: configuration whose answers are cached,
- ``coaching.batch.mixin``: crons in which one bad record stops no other,
- ``coaching.staff.mixin``: who may act as coach or manager,
- ``coaching.target.mixin``: forms that tell no name of what the user may not read.

Nobody from outside takes part in the chatter of our records (``mail_thread.py``).
``coaching.sums.check`` says every hour what does not add up.

``res.company._fetch_coaching`` reads the settings of coaching and nothing else.

Hooks: of the ledger ``_prepare_reversal_values``, ``_get_unchangeable_message`` and
``_get_undeletable_message``; of the staff ``_get_staff_coaches`` and
``_get_staff_message``; of the check of sums ``_find_errors``.
"""

from . import base
from . import ir_default
from . import coaching_shared_mixin
from . import coaching_staff_mixin
from . import coaching_target_mixin
from . import coaching_ledger_mixin
from . import coaching_cached_mixin
from . import coaching_batch_mixin
from . import res_company
from . import mail_thread
from . import mail_message
from . import coaching_sums_check
