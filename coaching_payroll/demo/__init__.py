from . import coaching_demo
