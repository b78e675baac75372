"""What a client attends with: packages, make-ups, what is owed, and their sale.

May know everything up to closing. Packages keep a ledger (``coaching.package.move``);
make-ups are credits with a state. Both follow from closing through
``_post_consequences``, make-ups first. A booking takes what it needs with
``coaching.attendance._take_entitlement``, a move keeps it with ``_keep_entitlement``.
What that is, one method decides for everybody who tells or takes it:
``coaching.attendance._choose_attending`` (``coaching_attendance_attending.py``).

Hooks:

- ``coaching.package._get_expiry_recipients``: who is told that the last day is near,
- ``sale.order.line._prepare_coaching_package_values``: what is sold as a package.
"""

from . import coaching_attendance_makeup
from . import coaching_attendance_package
from . import coaching_attendance_owed
from . import coaching_attendance_attending
from . import coaching_booking_type
from . import coaching_package
from . import coaching_package_adjust
from . import coaching_package_balance
from . import coaching_package_choose
from . import coaching_package_claim
from . import coaching_package_expiry
from . import coaching_package_owed
from . import coaching_package_sale
from . import coaching_package_move
from . import coaching_makeup
from . import coaching_makeup_issue
from . import coaching_makeup_staff
from . import account_move
from . import payment_transaction
from . import product_template
from . import res_partner
from . import sale_order
from . import sale_order_line
from . import coaching_package_lack
from . import res_partner_booking
from . import res_company
from . import res_config_settings
from . import coaching_attendance_returned
from . import coaching_attendance_describe
from . import coaching_session
from . import coaching_session_log
from . import coaching_notification
from . import coaching_sums_check
