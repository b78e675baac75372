from . import reconfirm
