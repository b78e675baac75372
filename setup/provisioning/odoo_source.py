"""Finding Odoo 19: given, importable, packaged by Debian, or from its repository."""

import os
import runpy
import shutil
import subprocess
from pathlib import Path

from . import debian, python_env
from .console import DiskFull, NetworkDown, Stop, note, run, step
from .paths import HOME, LOGS, digest, read_stamp, write_stamp

SERIES = "19.0"
ROOT = HOME / "root"
CLONE = HOME / "odoo"
REPOSITORY = "https://github.com/odoo/odoo.git"

# The package's static files are links into the other ones. Font Awesome is 4.7 only
# up to trixie; the icons of later ones have other names.
DEBIAN_SUITES = ("sid", "bookworm")
DEBIAN_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-inconsolata",
    "fonts-font-awesome/bookworm",
)


# Left out by Debian for its licence, but listed in an asset bundle: the web client
# logs an error then, which fails every browser test. (It blurs video backgrounds.)
STRIPPED_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """Make `import odoo` work in the environment; returns what identifies it."""
    given = os.environ.get("ODOO_SOURCE", "")
    stamp = read_stamp("odoo")
    if stamp and stamp["given"] == given and _series(Path(stamp["path"])) == SERIES:
        path = Path(stamp["path"])
    else:
        path = _given(given) if given else _found() or _fetched()
        write_stamp("odoo", {"given": given, "path": str(path)})
    _link(path)
    return digest(path, _revision(path))


def _series(path):
    """The series of the Odoo whose package `odoo` lies in `path`, or None."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        return None
    return runpy.run_path(str(release)).get("series")


def _given(text):
    path = Path(text).expanduser().resolve()
    for candidate in (path, path.parent):
        series = _series(candidate)
        if series == SERIES:
            step(f"Odoo: using ODOO_SOURCE, {candidate}")
            return candidate
        if series:
            raise Stop(
                f"ODOO_SOURCE={text} holds Odoo {series}; point it to Odoo {SERIES} or "
                "unset it."
            )
    raise Stop(
        f"ODOO_SOURCE={text} holds no Odoo (odoo/release.py is missing); point it to a "
        f"checkout of Odoo {SERIES} or unset it."
    )


def _found():
    """An Odoo 19 that the machine's own Python can import."""
    code = "import odoo.release as r; print(r.__file__)"
    answer = subprocess.run(
        [python_env.base_python(), "-c", code],
        capture_output=True,
        text=True,
        cwd="/",
    )
    if answer.returncode:
        return None
    path = Path(answer.stdout.strip()).parents[1]
    if _series(path) != SERIES:
        return None
    step(f"Odoo: using the installed one, {path}")
    return path


def _fetched():
    tried = []
    for fetch in (_from_debian, _from_repository):
        try:
            return fetch()
        except DiskFull:
            raise
        except Stop as error:
            tried.append(error)
            note(str(error))
    if all(isinstance(error, NetworkDown) for error in tried):
        raise Stop(
            "Odoo 19 cannot be downloaded because the network cannot be reached; "
            "connect this machine, or set ODOO_SOURCE to a checkout of Odoo 19.0."
        )
    raise Stop(
        "Odoo 19 is neither in Debian nor in its repository to be had from here; get a "
        "checkout of its branch 19.0 and set ODOO_SOURCE to that folder."
    )


def _from_debian():
    if not debian.available():
        raise Stop("This machine has no apt to get Debian's package odoo-19 with.")
    packages = ROOT / "usr" / "lib" / "python3" / "dist-packages"
    key = digest(*DEBIAN_SUITES, *DEBIAN_PACKAGES)
    if read_stamp("root") == key and _series(packages) == SERIES:
        return packages
    step("Odoo: downloading Debian's package odoo-19")
    apt = debian.PrivateApt("odoo", DEBIAN_SUITES)
    apt.update()
    files = apt.download(DEBIAN_PACKAGES)
    note("unpacking")
    shutil.rmtree(ROOT, ignore_errors=True)
    debian.unpack(files, ROOT)
    # A second copy of every module, without its data files.
    shutil.rmtree(packages / "addons", ignore_errors=True)
    stub = packages / "odoo" / "addons" / STRIPPED_FILE
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("// not in Debian's package\n")
    shutil.rmtree(apt.home)
    if _series(packages) != SERIES:
        raise Stop("Debian's package odoo-19 does not hold Odoo 19.0.")
    write_stamp("root", key)
    return packages


def _from_repository():
    if not shutil.which("git"):
        raise Stop("This machine has no git to clone Odoo's repository with.")
    if _series(CLONE) == SERIES:
        return CLONE
    step("Odoo: cloning branch 19.0 of its repository (about 500 MB)")
    building = CLONE.with_suffix(".new")
    shutil.rmtree(building, ignore_errors=True)
    command = ["git", "clone", "--depth=1", f"--branch={SERIES}", "--single-branch"]
    run(
        [*command, "--progress", REPOSITORY, building],
        LOGS / "odoo-clone.log",
        "Cloning Odoo",
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )
    shutil.rmtree(CLONE, ignore_errors=True)
    building.rename(CLONE)
    return CLONE


def _revision(path):
    if (path / ".git").exists():
        answer = subprocess.run(
            ["git", "-C", path, "rev-parse", "HEAD"], capture_output=True, text=True
        )
        return answer.stdout.strip()
    return (path / "odoo" / "release.py").stat().st_mtime_ns


def _link(path):
    link = python_env.site_packages() / "odoo-source.pth"
    if not link.exists() or link.read_text() != f"{path}\n":
        link.write_text(f"{path}\n")
