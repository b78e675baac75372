from . import close_out
