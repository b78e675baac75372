"""An upgrade from the commit before the folders keeps every ledger, view and setting.

Where git has that commit, its addons are installed and used: a business lives in them
and makes them its own (`upgrade_shell.py`). Then today's code upgrades a copy of
that database, and the two are compared row by row.

Where git does not have it (a shallow clone), what the commit brought is compared with
what today's addons bring: `data/upgrade_base.json`. After a release, set `BASE` to its
commit and write that file anew, with git's history at hand:

    .odoo/venv/bin/python tests/test_upgrade.py
"""

import io
import json
import re
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "setup")]

import upgrade_database as db  # noqa: E402
from provisioning import environment, paths  # noqa: E402
from test_lifecycle import odoo, upgrade  # noqa: E402

# what upgrade_custom.py adds to what a business makes its own
OWN = "Own: "

# The last commit with all files of an addon in one folder: what businesses have.
BASE = "0863753f787dddca57232955d6742118a09721de"
SCRIPTS = ("shell", "business", "custom")
KEPT = TESTS / "data" / "upgrade_base.json"

# What is not in today's addons any more and no loss: {line of the failing test: why}.
GONE = {}


# === THE DATABASES === #


def history():
    """Return the files of the base commit as an archive, or None and why not."""
    what = [*db.ADDONS, "setup/demo_story.py"]
    try:
        done = subprocess.run(
            ["git", "-C", paths.TOP, "archive", "--format=tar", BASE, *what],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return None, "git is not installed"
    if done.returncode:
        return None, f"git has no commit {BASE[:7]}: {done.stderr.decode().strip()}"
    return done.stdout, ""


def build(databases, archive, folder):
    """Return the name of the database that a business left with the base commit.

    It is kept as a template until something changes that it was made from, and for
    a month at most: its sessions are booked from today on.
    """
    prefix = f"template_{databases.site}_before_"
    scripts = [(TESTS / f"upgrade_{name}.py").read_text() for name in SCRIPTS]
    key = paths.digest(databases.base(), BASE, *scripts, f"{date.today():%Y-%m}")
    existing = databases.names()
    if prefix + key in existing:
        return prefix + key
    for name in existing:
        if name.startswith(prefix):
            databases.drop(name)
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder)
    building = f"{prefix}building"
    databases.copy(databases.base(), building)
    options = ["-d", building, "--no-http", f"--addons-path={folder}"]
    log = paths.LOGS / "upgrade_before.log"
    install = [*options, "-i", ",".join(db.ADDONS), "--with-demo", "--stop-after-init"]
    databases.odoo(install, log, "Installing the addons of the base commit")
    script = f"""
import runpy
runpy.run_path({str(folder / "setup" / "demo_story.py")!r})["main"](env)
{_shell("before(env)")}
"""
    log = paths.LOGS / "upgrade_story.log"
    shell = ["shell", *options, "--log-level=warn"]
    databases.odoo(shell, log, "A business on the base commit", script=script)
    databases.rename(building, prefix + key)
    return prefix + key


def _shell(call):
    return f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
import upgrade_shell
upgrade_shell.{call}
"""


@pytest.fixture(scope="session")
def before(product_template, tmp_path_factory):
    """The name of a database of the base commit, in which a business lived."""
    archive, missing = history()
    if archive is None:
        pytest.skip(f"{missing}; test_nothing_is_lost compares with {KEPT.name}")
    databases, _template = product_template
    with paths.only_one():
        return build(databases, archive, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="session")
def upgraded(product_template, before):
    """(name of a copy that today's code upgraded, what the upgrade logged)."""
    databases, _template = product_template
    with databases.throw_away_copy(before, "upgraded") as name:
        yield name, upgrade(name)


@pytest.fixture(scope="session")
def seen(upgraded, tmp_path_factory):
    """What today's code shows of the upgraded database, see `upgrade_shell`."""
    path = tmp_path_factory.mktemp("seen") / "seen.json"
    odoo(upgraded[0], "shell", script=_shell(f"after(env, {str(path)!r})"))
    return json.loads(path.read_text())


@pytest.fixture
def both(product_template, before, upgraded):
    """Connections to the database before and after its upgrade."""
    connection = product_template[0].connection
    pair = [connection.connect(before), connection.connect(upgraded[0])]
    yield pair
    for one in pair:
        one.close()


# === THE TESTS === #


def none(lines):
    """Fail with all lines, if there are any."""
    lines = list(lines)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} changes:", *lines]), pytrace=False)


def test_nothing_is_lost(product_template):
    """All XML ids, fields, columns, guards of the base commit are in today's addons."""
    databases, template = product_template
    # others may copy the template, which ends all connections to it
    with databases.throw_away_copy(template, "inventory") as name:
        connection = databases.connection.connect(name)
        today = db.inventory(connection)
        connection.close()
    kept = db.unpack(json.loads(KEPT.read_text()))
    none(db.lost(kept, today, GONE))


def test_what_is_kept_is_what_was(before, product_template):
    """The file for clones without history says what the base commit brings."""
    connection = product_template[0].connection.connect(before)
    try:
        assert json.loads(KEPT.read_text()) == db.pack(db.inventory(connection))
    finally:
        connection.close()


def test_there_was_something_to_keep(both):
    """Every table of the addons had rows, so that comparing them says something."""
    with both[0].cursor() as cursor:
        empty = []
        for table in db.tables_of_the_business(both[0]):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if not cursor.fetchone()[0]:
                empty.append(table)
    assert empty == []


def test_the_upgrade_says_nothing(upgraded):
    """It logs no warning, and no error."""
    log = re.findall(r"^.* (?:WARNING|ERROR|CRITICAL) .*$", upgraded[1], re.MULTILINE)
    none(log)


def test_every_row_is_kept(both):
    """Ledgers, bookings, settings, templates, crons, rights: all are as they were."""
    none(db.changed_rows(*both))


def test_emails_keep_what_is_own(both):
    """What a business wrote into an email stays in it."""
    bodies = []
    for connection in both:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, body_html->>'en_US' FROM mail_template")
            bodies.append(dict(cursor.fetchall()))
    own = {key for key, body in bodies[0].items() if body and OWN in body}
    assert own
    none(key for key in own if OWN not in bodies[1][key])


def test_every_xml_id_is_kept(both):
    """Each names the record that it named, and who may write to it."""
    old, new = map(db.xml_ids, both)
    none(f"{k}: {v} → {new.get(k)}" for k, v in old.items() if new.get(k) != v)


def test_every_guard_is_kept(both):
    """Constraints, triggers and indexes are there, with the same definition."""
    old, new = map(db.guards, both)
    none(f"{k}: {v} → {new.get(k)}" for k, v in old.items() if new.get(k) != v)
    none(db.lost(*map(db.inventory, both), GONE))


def test_every_customised_view_is_kept(seen):
    """What a business changed in our views still shows, wherever that was."""
    none(f"{view}: {marks}" for view, marks in seen["views"].items())


def test_every_figure_is_kept(seen):
    """What is computed on reading is what it was, balances and pay among it."""
    changed = []
    for model, fields in seen["before"].items():
        for name, values in fields.items():
            now = seen["after"].get(model, {}).get(name)
            if now is not None and now != values:
                some = [key for key in values if now.get(key) != values[key]][:3]
                changed += [
                    f"{model} {key}, {name}: {values[key]} → {now.get(key)}"
                    for key in some
                ]
    none(changed)


def test_the_business_goes_on(seen):
    """A session is booked, closed and corrected; counters are sums of the ledger."""
    steps = seen["went_on"]
    left = steps[0]["left"]
    held = steps[0]["held"]
    used = steps[0]["used"]
    assert [
        (step["what"], step["left"] - left, step["held"] - held, step["used"] - used)
        for step in steps
    ] == [
        ("before", 0, 0, 0),
        ("booked", -1, 1, 0),
        ("completed", -1, 0, 1),
        ("corrected", 0, 0, 0),
    ]
    assert [step["pay"] for step in steps] == [0, 0, 70, 0]
    for step in steps:
        assert (step["sum"], step["claimed"]) == (step["left"], step["held"])


def test_no_rule_is_broken(both):
    """What must hold in every database holds in the upgraded one."""
    from races_rules import broken_rules

    with both[1].cursor() as cursor:
        assert broken_rules(cursor) == {}


# === THE FILE === #


def main():
    """Write the file anew that clones without history compare with."""
    import tempfile

    archive, missing = history()
    if archive is None:
        sys.exit(missing)
    with environment.provisioned() as provision, tempfile.TemporaryDirectory() as name:
        databases = provision.databases
        template = build(databases, archive, Path(name))
        connection = databases.connection.connect(template)
        kept = db.pack(db.inventory(connection))
        connection.close()
    KEPT.parent.mkdir(exist_ok=True)
    text = json.dumps(kept, indent=0, ensure_ascii=False, sort_keys=True)
    KEPT.write_text(f"{text}\n")
    print(f"{KEPT}: {len(text)} bytes")


if __name__ == "__main__":
    main()
