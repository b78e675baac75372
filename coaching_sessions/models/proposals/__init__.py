from . import coaching_hold
from . import coaching_proposal
from . import coaching_proposal_rights
from . import coaching_proposal_answer
from . import coaching_proposal_client
from . import coaching_session
from . import coaching_attendance
from . import coaching_notification
