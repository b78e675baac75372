"""What the ORM can't say for itself after an installation."""

from odoo.addons.coaching_sessions.tools.database import (
    check_constraints,
    clear_removed_modules,
)


def post_init_hook(env):
    """Check the guards, and leave alone what was closed before payroll came."""
    check_constraints(env, "coaching_payroll")
    env["coaching.remuneration.line"]._note_past_as_paid()


def uninstall_hook(env):
    """Take the guards away, and the rule out of structures that stay.

    Payslips that are done keep their lines and with them the salary rule, whose code
    would not work any more.
    """
    env.ref("coaching_payroll.hr_salary_rule_coaching").active = False
    # payroll alone knows no structure of every company
    shared = env["hr.payroll.structure"].search([("company_id", "=", False)])
    shared.company_id = env.ref("base.main_company")
    clear_removed_modules(env)
