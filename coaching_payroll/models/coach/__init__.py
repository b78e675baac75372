from . import coaching_availability
from . import coaching_coach
