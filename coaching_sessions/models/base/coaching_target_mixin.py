from odoo import api, models


class CoachingTargetMixin(models.AbstractModel):
    """Records name others only to who may read those.

    Odoo tells the name of whatever a form points at, saved or not, and takes what it
    points at from the caller: from the values, the context, or the user's own defaults.
    """

    _name = "coaching.target.mixin"
    _description = "Refers to Records"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_named(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        """Refuse to fill in a form about records that the user may not read."""
        self._check_named(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_named(self, values):
        """Raise unless the user may read what values point at."""
        names = [
            name for name, value in values.items() if value and self._is_target(name)
        ]
        if names and not self.env.su:
            self.new({name: values[name] for name in names})._check_targets(names)

    @api.model
    def _get_initial_values(self, names):
        """Return what fields begin with, whatever defaults a user has set.

        :param names: fields that only methods change
        """
        fields = [self._fields[name] for name in names]
        return {
            field.name: field.default(self) if field.default else False
            for field in fields
        }

    @api.model
    def _is_target(self, name):
        """Return whether a field points at what not everybody may read."""
        field = self._fields.get(name)
        return bool(
            field
            and field.relational
            # what is shown of several, Odoo reads as the user
            and (field.store or field.type == "many2one")
            and (
                field.comodel_name == "res.partner"
                or field.comodel_name.startswith("coaching.")
            )
        )

    def _check_targets(self, names=None):
        """Raise unless the user may read what these records point at.

        :param names: fields to look at, by default all that are stored
        """
        for name in names or self._fields:
            field = self._fields[name]
            if not self._is_target(name) or not (names or field.store):
                continue
            targets = self[name]
            if field.type == "one2many" and hasattr(targets, "_check_targets"):
                targets._check_targets()
            else:
                targets._origin.check_access("read")
