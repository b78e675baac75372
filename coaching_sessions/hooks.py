"""What the ORM can't say for itself after an installation."""

from .tools.database import check_constraints, clear_removed_modules


def post_init_hook(env):
    """Fail the installation loudly when a guard could not be put in the database."""
    check_constraints(env, "coaching_sessions")


def uninstall_hook(env):
    """Take the guards away that would keep Odoo from removing its tables."""
    clear_removed_modules(env)
