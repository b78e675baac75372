"""The way into every command of this folder: `main("odoo")`, `main("test")`, ...

Kept in syntax that Python 3.6 understands, so that one that is too old gets a
sentence and not a traceback. The work is in the `provisioning` package.
"""

import os
import shutil
import sys

OLDEST = (3, 10)
NEWEST_TRIED = (3, 13)


def use_suitable_python():
    """Go on with a Python that Odoo 19 supports, when this one is not it."""
    if OLDEST <= sys.version_info[:2] <= NEWEST_TRIED:
        return
    for minor in range(NEWEST_TRIED[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found] + sys.argv)
    if sys.version_info[:2] < OLDEST:
        version = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"error: Python {version} is too old for Odoo 19; install Python 3.10 or "
            "newer (for instance the package python3.12) and run this again."
        )


def main(command):
    use_suitable_python()
    from provisioning import commands

    sys.exit(commands.run(command, sys.argv[1:]))
