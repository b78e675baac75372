"""Puts the steps together: from nothing to an Odoo that runs and its databases."""

import configparser
import contextlib
import dataclasses
import os
import re
import sys

from . import odoo_source, python_env
from .console import run
from .paths import DATA_DIR, HOME, ODOO_CONF, TOP, addons, only_one

LAUNCHER = python_env.VENV / "bin" / "odoo"


@dataclasses.dataclass
class Environment:
    """What the commands work with once everything is there."""

    connection: object
    databases: object


def odoo_command(arguments):
    """Odoo's command line; its configuration is named by odoo_environment()."""
    return [str(python_env.PYTHON), str(LAUNCHER), *arguments]


def enter():
    """Go on inside the virtual environment, making it if needed."""
    with only_one():
        python_env.ensure()
    if not python_env.inside():
        arguments = [str(python_env.PYTHON), *sys.argv]
        os.execv(python_env.PYTHON, arguments)


@contextlib.contextmanager
def provisioned():
    """The Environment, while no other command sets up this checkout."""
    # These need the virtual environment.
    from . import postgres
    from .databases import Databases

    with only_one():
        odoo_id = odoo_source.ensure()
        _write_launcher()
        connection = postgres.ensure()
        _write_configuration(connection)
        built_from = f"{odoo_id} {python_env.freeze_id()}"
        databases = Databases(connection, _run_odoo, built_from)
        yield Environment(connection, databases)


def odoo_environment():
    """The process environment for Odoo: ours decides the server, not PG*."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    kept.pop("OPENERP_SERVER", None)
    # Unlike the option -c, this suits every subcommand of Odoo.
    kept["ODOO_RC"] = str(ODOO_CONF)
    # What `source .odoo/venv/bin/activate` would do.
    path = os.pathsep.join([str(python_env.VENV / "bin"), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(python_env.VENV)}


def _run_odoo(arguments, log, what, script=""):
    def progress():
        loaded = re.findall(r"Loading module (\S+) \((\d+/\d+)\)", log.read_text())
        return "module {1}: {0}".format(*loaded[-1]) if loaded else f"{what} ..."

    run(
        odoo_command(arguments),
        log,
        what,
        progress,
        script,
        env=odoo_environment(),
        cwd=HOME,
    )


def _write_launcher():
    text = f"""#!{python_env.PYTHON}
from odoo.cli.command import main

main()
"""
    if not LAUNCHER.exists() or LAUNCHER.read_text() != text:
        LAUNCHER.write_text(text)
        LAUNCHER.chmod(0o755)


def _write_configuration(connection):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    options = {
        # Odoo warns about a folder without addons.
        "addons_path": TOP if addons() else "",
        "data_dir": DATA_DIR,
        "db_host": connection.host,
        "db_port": connection.port,
        "db_user": connection.user,
        "db_password": connection.password,
        # Concurrency tests open one connection per thread.
        "db_maxconn": 80,
        # Logins of the demo data are well known: serve this machine only.
        "http_interface": "127.0.0.1",
        "list_db": False,
    }
    configuration = configparser.RawConfigParser()
    configuration["options"] = {k: v for k, v in options.items() if v != ""}
    temporary = ODOO_CONF.with_suffix(".new")
    temporary.touch(0o600)
    with temporary.open("w") as file:
        configuration.write(file)
    temporary.replace(ODOO_CONF)
