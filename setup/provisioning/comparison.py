"""setup/compare-odoo-tests: do Odoo's own tests still pass with the addons?"""


def run(arguments):
    raise NotImplementedError
