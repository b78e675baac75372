"""Read by `odoo shell`, which gives `env`: calls main(env) of COACHING_SCRIPT."""

import os
import runpy

runpy.run_path(os.environ["COACHING_SCRIPT"])["main"](env)  # noqa: F821
env.cr.commit()  # noqa: F821
