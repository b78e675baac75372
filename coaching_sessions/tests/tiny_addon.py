"""What an addon of somebody else does: it extends a model, as long as a test runs."""

from odoo.orm.model_classes import add_to_registry


def extend(case, definition):
    """Extend a model until a test is over, as ``_inherit`` does in an addon.

    :param case: the test
    :param definition: a class with ``_module = None``, and the model's name both as
        ``_name`` and in ``_inherit``; methods only, no fields
    """
    registry, name = case.registry, definition._name
    model = registry[name]

    def undo(before=model._base_classes__):
        model._base_classes__ = before
        registry._setup_models__(case.env.cr, [name])

    case.addCleanup(undo)
    add_to_registry(registry, definition)
    registry._setup_models__(case.env.cr, [name])
