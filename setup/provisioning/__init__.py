"""Gets Odoo 19, PostgreSQL and template databases for this checkout.

Only the standard library is used until the virtual environment is there; the commands
then go on inside it. Everything made lives in `.odoo/` and can be deleted at any time.
"""
