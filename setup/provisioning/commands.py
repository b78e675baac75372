"""The commands: each starts with nothing and gets what it needs first."""

import argparse
import ast
import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys

from . import environment, python_env
from .console import Stop, note, sentence_for, step
from .environment import odoo_command, odoo_environment, provisioned
from .paths import HOME, SETUP, TOP

DEMO_DATABASE = "coaching_demo"
PEER_MODULE = "resource_booking"
LEDGERS = "bench_ledgers"  # takes long, only when asked for


def run(name, arguments):
    """Run a command; every expected failure ends as one sentence."""
    # As an exception, so that programs we run and databases we made go with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        # complain before minutes of downloads
        if name == "demo":
            demo_options(arguments)
        elif name == "bench":
            bench_options(arguments)
        elif name == "stop" and not python_env.VENV.exists():
            note("Nothing is set up here, so nothing runs.")
            return 0
        environment.enter()
        return COMMANDS[name](arguments) or 0
    except KeyboardInterrupt:
        return 130
    except (Stop, OSError) as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        print(f"error: {sentence}", file=sys.stderr)
        return 1


def replace_process(command):
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, odoo_environment())


def odoo(arguments):
    with provisioned():
        pass
    replace_process(odoo_command(arguments))


def shell(arguments):
    if not arguments or arguments[0].startswith("-"):
        raise Stop("Give the database: setup/shell DB [< script].")
    with provisioned() as provision:
        existing = provision.databases.names()
    if arguments[0] not in existing:
        raise Stop(
            f"There is no database {arguments[0]}; setup/demo makes {DEMO_DATABASE}."
        )
    options = ["-d", arguments[0], "--no-http", "--log-level=warn", *arguments[1:]]
    replace_process(odoo_command(["shell", *options]))


def test(arguments):
    from . import testing

    return testing.run(arguments)


def demo_options(arguments):
    parser = argparse.ArgumentParser(
        prog="setup/demo",
        description=(
            "A database with demo data, the main story, then the server. The database "
            f"{DEMO_DATABASE} is made anew each time, and what was entered in it is "
            "gone; --keep goes on with the one that is there."
        ),
    )
    parser.add_argument("--no-serve", action="store_true", help="stop before serving")
    parser.add_argument(
        "--keep", action="store_true", help="go on with the database of last time"
    )
    parser.add_argument("--port", type=int, default=8069)
    options = parser.parse_args(arguments)
    if not options.no_serve:
        require_free_port(options.port)
    return options


def demo(arguments):
    from . import browser

    options = demo_options(arguments)
    with provisioned() as provision:
        browser.ensure_pdf()
        databases = provision.databases
        template = databases.product()
        fresh = not options.keep or DEMO_DATABASE not in databases.names()
        if fresh and DEMO_DATABASE in databases.names():
            note(
                f"{DEMO_DATABASE} is made anew, what was entered in it goes; to keep "
                "it: setup/demo --keep."
            )
        if fresh:
            step(f"Demo database: {DEMO_DATABASE}")
            databases.copy(template, DEMO_DATABASE)
    story = SETUP / "demo_story.py"
    if story.exists() and fresh:
        run_script(DEMO_DATABASE, story)
    if options.no_serve:
        return
    print(f"\nhttp://localhost:{options.port}  (stop with Ctrl+C)")
    for role, login, password in logins_of(story):
        print(f"  {role}: {login} / {password}")
    serve = ["-d", DEMO_DATABASE, "--db-filter", f"^{DEMO_DATABASE}$"]
    port = ["--http-port", str(options.port)]
    replace_process(odoo_command([*serve, *port, "--log-level=warn"]))


def stop(arguments):
    from . import postgres

    argparse.ArgumentParser(
        prog="setup/stop", description="Stops the PostgreSQL that the setup started."
    ).parse_args(arguments)
    postgres.Server().stop()


def logins_of(story):
    """The story's LOGINS, read and not run: it imports Odoo, which is not set up."""
    text = story.read_text() if story.exists() else ""
    for node in ast.parse(text).body:
        names = [getattr(target, "id", "") for target in getattr(node, "targets", [])]
        if "LOGINS" in names:
            return ast.literal_eval(node.value)
    return [("Administrator", "admin", "admin")]


def require_free_port(port):
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Stop(
                    f"Port {port} is taken by another program; stop that one or choose "
                    f"another port: setup/demo --port {port + 1}."
                ) from error
            raise


def run_script(database, script, options=(), **variables):
    """Run `main(env)` of a script in a database and commit.

    What the script is to know goes into its process environment.
    """
    runner = SETUP / "provisioning" / "run_main.py"
    shell = ["shell", "-d", database, "--no-http", "--log-level=warn"]
    command = odoo_command([*shell, *options])
    with runner.open() as code:
        status = subprocess.run(
            command,
            stdin=code,
            env={**odoo_environment(), **variables, "COACHING_SCRIPT": str(script)},
            cwd=HOME,
        ).returncode
    if status:
        raise Stop(f"{script.relative_to(TOP)} failed on database {database}.")


def bench_options(arguments):
    parser = argparse.ArgumentParser(
        prog="setup/bench", description="Benchmarks, on databases that are thrown away."
    )
    parser.add_argument("names", nargs="*", help="of setup/benchmarks; all quick ones")
    parser.add_argument(
        "--ledgers",
        nargs="?",
        type=int,
        const=100_000,
        metavar="OPERATIONS",
        help="packages, make-ups and pay against a plain model (100000 operations)",
    )
    parser.add_argument(
        "--peer",
        action="store_true",
        help="beside OCA's resource_booking, which is installed for that",
    )
    return parser.parse_args(arguments)


def install_peer(database):
    """Install the peer in a database.

    :return: options of Odoo and variables of its environment that find it
    """
    python_env.ensure_peer()
    addons_path = f"{TOP},{python_env.PEER / 'odoo' / 'addons'}"
    options = [f"--addons-path={addons_path}"]
    variables = {"PYTHONPATH": str(python_env.PEER)}
    install = ["-d", database, "-i", PEER_MODULE, "--stop-after-init", "--no-http"]
    subprocess.run(
        odoo_command([*install, *options, "--log-level=warn"]),
        env={**odoo_environment(), **variables},
        cwd=HOME,
        check=True,
    )
    return options, variables


def bench(arguments):
    options = bench_options(arguments)
    scripts = sorted((SETUP / "benchmarks").glob("*.py"))
    variables = {}
    if options.ledgers:
        options.names.append(LEDGERS)
        variables["COACHING_OPERATIONS"] = str(options.ledgers)
    wanted = [s for s in scripts if s.stem in (options.names or {s.stem} - {LEDGERS})]
    if not wanted:
        note("There is no such benchmark in setup/benchmarks.")
        return 1
    with provisioned() as provision:
        template = provision.databases.product()
    for script in wanted:
        with provision.databases.throw_away_copy(template, "bench") as database:
            print(f"\n{script.stem}", flush=True)
            found = install_peer(database) if options.peer else ((), {})
            run_script(database, script, found[0], **variables, **found[1])
    return 0


def compare_odoo_tests(arguments):
    from . import comparison

    return comparison.run(arguments)


COMMANDS = {
    "odoo": odoo,
    "shell": shell,
    "test": test,
    "demo": demo,
    "stop": stop,
    "bench": bench,
    "compare-odoo-tests": compare_odoo_tests,
}
