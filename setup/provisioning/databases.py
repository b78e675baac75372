"""Template databases and copies of them.

`base` holds the Odoo modules that the addons depend on, `product` is a copy of it with
the addons installed. Both with demo data: Odoo loads a module's demo data only where
all the modules it depends on have theirs. Names end in a hash of what a template was
built from, and a template has its name only when it is complete.
"""

import contextlib
import os
import shutil

from psycopg2 import errors, sql

from .console import Stop, disk_full, step
from .paths import CHECKOUT_ID, DATA_DIR, LOGS, TOP, addons, digest

FILESTORE = DATA_DIR / "filestore"

# Beside what the manifests of the addons ask for.
BASE_MODULES = {
    "account",
    "calendar",
    "hr_holidays",
    "payment",
    "payroll",
    "portal",
    "rating",
    "resource",
    "sale",
    "web",
}

# Installed for their own tests only: with what they need, Odoo talks to calendars of
# others in every booking.
APART = {"coaching_google_meet", "coaching_teams"}

# Not part of what is installed in a database.
IGNORED_FOLDERS = {"__pycache__", "tests", "readme", "migrations"}
IGNORED_STATIC = {"description", "src", "tests", "lib"}
IGNORED_SUFFIXES = {".pot", ".pyc", ".md", ".rst"}

# The bundles that pages ask for, as Odoo makes them for its own browser tests.
ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


class Databases:
    """The databases of one server.

    `odoo(arguments, log, what)` runs Odoo, `script` as its standard input.
    """

    def __init__(self, connection, odoo, built_from):
        self.connection = connection
        self.odoo = odoo
        self.built_from = built_from
        # Files are kept by database name: no two servers may use the same one.
        self.site = digest(CHECKOUT_ID, connection.host, connection.port)[:8]

    def _execute(self, query, *names, parameters=None):
        identifiers = [sql.Identifier(name) for name in names]
        connection = self.connection.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(query).format(*identifiers), parameters)
                return cursor.fetchall() if cursor.description else []
        except (errors.DiskFull, errors.IoError) as error:
            raise disk_full("the databases") from error
        finally:
            connection.close()

    def names(self):
        return {row[0] for row in self._execute("SELECT datname FROM pg_database")}

    def drop(self, name):
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(FILESTORE / name, ignore_errors=True)

    def create(self, name):
        self._execute(
            "CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0", name
        )

    def copy(self, source, name):
        """Make database `name` a copy of `source`, its files included."""
        self.drop(name)
        self._disconnect(source)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        if (FILESTORE / source).is_dir():
            # Odoo never changes a stored file, so copies may share it.
            shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=_link)

    def rename(self, name, new_name):
        self._disconnect(name)
        shutil.rmtree(FILESTORE / new_name, ignore_errors=True)
        self._execute("ALTER DATABASE {} RENAME TO {}", name, new_name)
        if (FILESTORE / name).is_dir():
            (FILESTORE / name).rename(FILESTORE / new_name)

    def _disconnect(self, name):
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            parameters=[name],
        )

    @contextlib.contextmanager
    def throw_away_copy(self, source, purpose):
        """A copy that is dropped afterwards; those of killed runs are dropped now."""
        prefix = f"coaching_tmp_{self.site}_"
        for left in self.names():
            if left.startswith(prefix) and not _alive(left[len(prefix) :]):
                self.drop(left)
        name = f"{prefix}{os.getpid()}_{purpose}"
        self.copy(source, name)
        try:
            yield name
        finally:
            self.drop(name)

    def base(self):
        """The name of the template without our addons, built if it is missing."""
        manifests = {
            name: addon for name, addon in addons().items() if name not in APART
        }
        needed = {name for addon in manifests.values() for name in addon["depends"]}
        modules = sorted((BASE_MODULES | needed) - set(manifests))
        name = f"template_{self.site}_base_{digest(self.built_from, *modules)}"
        self._build(name, None, modules, "Odoo's modules")
        return name

    def product(self):
        """The name of the template with our addons, built if it is missing."""
        base = self.base()
        modules = [
            name
            for name, addon in addons().items()
            if _installable(addon) and name not in APART
        ]
        if not modules:
            return base
        content = (_content(TOP / module) for module in modules)
        name = f"template_{self.site}_product_{digest(base, *content)}"
        self._build(name, base, modules, ", ".join(modules))
        return name

    def install_apart(self, database):
        """Install the addons that are apart in a copy of the product."""
        modules = sorted(APART & set(addons()))
        log = LOGS / "apart.log"
        install = ["-d", database, "-i", ",".join(modules), "--stop-after-init"]
        self.odoo(
            [*install, "--no-http", "--log-level=info"],
            log,
            f"Installing {', '.join(modules)}",
        )
        self._check_installed(database, modules, log, with_demo=False)

    def _build(self, name, source, modules, what):
        existing = self.names()
        # The server may have outlived a deleted .odoo and the files in it.
        if name in existing and (FILESTORE / name).is_dir():
            return
        kind = name.rsplit("_", 1)[0]
        for old in existing:
            if old.startswith(kind):
                self.drop(old)
        step(f"Template database: installing {what} (a minute or two)")
        building = f"{kind}_building"
        if source:
            self.copy(source, building)
        else:
            self.drop(building)
            self.create(building)
        log = LOGS / f"{kind}.log"
        install = ["-d", building, "-i", ",".join(modules), "--with-demo"]
        self.odoo(
            [*install, "--stop-after-init", "--no-http", "--log-level=info"],
            log,
            f"Installing {what}",
        )
        self._check_installed(building, modules, log)
        if source:
            # Else the first page of each copy waits for its scripts and styles.
            shell = ["shell", "-d", building, "--no-http"]
            log = LOGS / f"{kind}_assets.log"
            self.odoo(shell, log, "Making the assets", script=ASSETS)
        self.rename(building, name)

    def _check_installed(self, database, modules, log, with_demo=True):
        """Odoo exits with success when it skips a module it cannot install."""
        connection = self.connection.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, demo FROM ir_module_module WHERE state = 'installed'"
                )
                installed = dict(cursor.fetchall())
        finally:
            connection.close()
        missing = [module for module in modules if module not in installed]
        if missing:
            raise Stop(f"Odoo did not install {', '.join(missing)}; see {log}.")
        without = [module for module in modules if not installed[module]]
        if without and with_demo:
            raise Stop(f"The demo data of {', '.join(without)} failed; see {log}.")


def _installable(manifest):
    return manifest.get("installable", True)


def _content(addon):
    """Identifies the files of an addon that matter to a database."""
    files = []
    for folder, folders, names in os.walk(addon):
        ignored = IGNORED_FOLDERS
        if os.path.basename(folder) == "static":
            ignored = IGNORED_STATIC
        folders[:] = sorted(set(folders) - ignored)
        for name in sorted(names):
            if os.path.splitext(name)[1] not in IGNORED_SUFFIXES:
                files.append(os.path.join(folder, name))
    parts = []
    for path in files:
        with open(path, "rb") as file:
            parts += [os.path.relpath(path, addon), digest(file.read())]
    return digest(*parts)


def _alive(rest):
    """Whether the process lives whose number a database's name goes on with."""
    return os.path.exists(f"/proc/{rest.split('_')[0]}")


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
