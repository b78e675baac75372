from . import proposal
from . import offer
