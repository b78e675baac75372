from . import coaching_package_extend
from . import coaching_makeup_change
from . import coaching_package_adjust
from . import coaching_package_share
from . import coaching_package_transfer
