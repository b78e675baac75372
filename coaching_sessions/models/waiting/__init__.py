from . import coaching_waiting
from . import coaching_waiting_join
from . import coaching_waiting_offer
from . import coaching_proposal
from . import coaching_session
from . import res_company
from . import res_config_settings
