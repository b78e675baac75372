"""Terms: what clients read and accept before they book, and that they agreed to it.

May know everything up to moving. What a booking type means for its clients is told in
sentences that are made of notice and policy (``coaching_booking_type.py``), so they are
never other than what closing does; terms have versions, and each acceptance is kept.

It hangs on the hooks of ``booking/``: two values of its own in a booking
(``terms_accepted``, ``client_agreed``), a check, and what is kept afterwards.

Hooks:

- ``coaching.booking.type._describe_terms``: a sentence more on what cancelling means.
"""

from . import coaching_booking_type
from . import coaching_session
from . import coaching_attendance
from . import coaching_notification
from . import coaching_terms
from . import coaching_terms_acceptance
from . import res_partner
from . import res_company
from . import res_config_settings
