"""Databases on which real cursors, threads and servers may commit.

These tests run without the plugin of pytest-odoo: its cursor rolls everything back.
"""

import contextlib
import dataclasses
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
if str(TOP / "setup") not in sys.path:
    sys.path.append(str(TOP / "setup"))

from provisioning import environment, paths  # noqa: E402


@pytest.fixture(scope="session")
def product_template():
    """(databases, name of the template with all addons and their demo data)."""
    with environment.provisioned() as provision:
        return provision.databases, provision.databases.product()


@pytest.fixture(scope="module")
def database(product_template, request):
    """A fresh database per test module; what is committed in it stays in it."""
    databases, template = product_template
    import odoo
    import odoo.modules.registry
    import odoo.sql_db

    purpose = request.module.__name__.rpartition(".")[2]
    with databases.throw_away_copy(template, purpose[:30]) as name:
        odoo.tools.config.parse_config(
            ["-c", str(paths.ODOO_CONF), "-d", name, "--log-level=warn"],
            setup_logging=True,
        )
        yield name
        odoo.modules.registry.Registry.delete(name)
        odoo.sql_db.close_db(name)


@pytest.fixture(scope="module")
def registry(database):
    from odoo.modules.registry import Registry

    return Registry(database)


@pytest.fixture(scope="module")
def shared_world(registry):
    """A small business of the module, see ``test_races.py``."""
    from races_world import World

    return World(registry)


@pytest.fixture
def world(shared_world):
    """The world, in which nothing may be wrong after a test either."""
    yield shared_world
    assert shared_world.broken_rules() == {}


@dataclasses.dataclass(frozen=True)
class Server:
    """An Odoo server of its own process; `process` may be killed by a test."""

    url: str
    database: str
    process: subprocess.Popen
    log: Path


def _free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_server(database, *options, seconds=60):
    """Odoo serving `database` on a free port until the end of the block."""
    port = _free_port()
    log = paths.LOGS / f"server-{database}.log"
    arguments = ["-d", database, "--db-filter", f"^{database}$", "--log-level=warn"]
    command = environment.odoo_command(
        [*arguments, "--http-port", str(port), "--max-cron-threads=0", *options]
    )
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment.odoo_environment(),
            cwd=paths.HOME,
        )
    server = Server(f"http://127.0.0.1:{port}", database, process, log)
    try:
        _wait_until_up(server, seconds)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(server, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/web/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Odoo did not start:\n{server.log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def server(database):
    """Odoo with threads; `running_server(database, "--workers=2")` for processes."""
    with running_server(database) as running:
        yield running


@pytest.fixture
def start_server():
    """To start one with other options: `with start_server(database, ...) as server`."""
    return running_server
