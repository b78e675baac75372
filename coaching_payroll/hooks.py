"""What the ORM can't say for itself after an installation."""

from odoo.addons.coaching_sessions.tools.database import check_constraints


def post_init_hook(env):
    """Fail the installation loudly when a guard could not be put in the database."""
    check_constraints(env, "coaching_payroll")
