from . import coaching_booking_type
from . import coaching_session
from . import coaching_attendance
from . import coaching_terms
from . import coaching_terms_acceptance
from . import res_partner
from . import res_company
from . import res_config_settings
