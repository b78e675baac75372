from odoo import api, models


class CoachingCachedMixin(models.AbstractModel):
    """Configuration that is asked for so often that the answers are cached.

    Whoever stands on it may look its rows up in a method with ``ormcache``: what was
    cached is forgotten whenever a row is added, changed or removed.
    """

    _name = "coaching.cached.mixin"
    _description = "Cached Coaching Configuration"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
