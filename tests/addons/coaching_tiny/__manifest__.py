{
    "name": "Coaching: A Tiny Addon",
    "summary": "Uses every hook an integrator needs; for tests/test_hooks.py",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_payroll"],
    "data": ["security/ir.model.access.csv"],
}
