"""Where things are, what they were built from, and who may build them now."""

import ast
import contextlib
import fcntl
import hashlib
import json
from pathlib import Path

from .console import note

TOP = Path(__file__).resolve().parents[2]
SETUP = TOP / "setup"
HOME = TOP / ".odoo"
STAMPS = HOME / "stamps"
DATA_DIR = HOME / "data"

# Tells this checkout's sockets and databases from those of another one.
CHECKOUT_ID = hashlib.sha256(str(TOP).encode()).hexdigest()[:8]

# `.odoo` may be a link that several work trees share: the configuration names the
# addons of one, and two may run at once.
ODOO_CONF = HOME / f"odoo-{CHECKOUT_ID}.conf"
LOGS = HOME / "logs" / (CHECKOUT_ID if HOME.is_symlink() else "")


def digest(*parts):
    joined = "\0".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def read_stamp(name):
    """What step `name` was last finished with, or None."""
    try:
        return json.loads((STAMPS / name).read_text())
    except (OSError, ValueError):
        return None


def write_stamp(name, value):
    STAMPS.mkdir(parents=True, exist_ok=True)
    temporary = STAMPS / f"{name}.new"
    temporary.write_text(json.dumps(value))
    temporary.replace(STAMPS / name)


def addons():
    """The addons of this checkout, by name: {name: manifest}."""
    return {
        manifest.parent.name: ast.literal_eval(manifest.read_text())
        for manifest in sorted(TOP.glob("*/__manifest__.py"))
    }


@contextlib.contextmanager
def only_one():
    """Let one command provision at a time; the others wait for it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("Waiting for another command to finish setting up this checkout ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
