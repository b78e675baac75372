from . import coaching_demo
from . import coaching_demo_practice
