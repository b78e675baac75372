from . import coaching_dialog_mixin
