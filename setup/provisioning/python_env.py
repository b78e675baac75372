"""The virtual environments: one for Odoo and the tests, one for the linters."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .console import NetworkDown, Stop, megabytes, require_free_space, run, step
from .paths import HOME, LOGS, SETUP, TOP, digest, read_stamp, write_stamp

VENV = HOME / "venv"
LINT = HOME / "lint"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = (SETUP / "odoo-requirements.txt", TOP / "requirements.txt")
LINT_REQUIREMENTS = (SETUP / "lint-requirements.txt",)
PEER = HOME / "peer"
PEER_REQUIREMENTS = SETUP / "peer-requirements.txt"
SPACE_NEEDED = 4e9

# Used where Python comes without ensurepip (Debian without python3-venv).
PIP_PACKAGE = "python3-pip-whl"
PIP_WHEELS = "usr/share/python-wheels/pip-*.whl"


def inside():
    """Whether this process runs in the virtual environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def base_python():
    """The Python that the environments are made from, seen from outside or inside."""
    found = getattr(sys, "_base_executable", None) or sys.executable
    return os.path.realpath(found)


def site_packages():
    version = "python{}.{}".format(*sys.version_info[:2])
    return VENV / "lib" / version / "site-packages"


def freeze_id():
    """Identifies the installed packages, indirect ones included."""
    return (read_stamp("venv") or {}).get("packages", "")


def ensure():
    _ensure(VENV, REQUIREMENTS, "Python packages")


def ensure_lint():
    _ensure(LINT, LINT_REQUIREMENTS, "Linters")


def ensure_peer():
    """Install what the benchmarks are compared with beside our packages."""
    text = PEER_REQUIREMENTS.read_text()
    if read_stamp(PEER.name) == text and PEER.is_dir():
        return
    step("The peer of the benchmarks: installing with pip")
    shutil.rmtree(PEER, ignore_errors=True)
    wanted = re.findall(r"^[^#\s]+", text, re.M)
    _pip(VENV, ["--no-deps", "--target", PEER, *wanted], "The peer", len(wanted))
    write_stamp(PEER.name, text)


def _ensure(folder, requirements, title):
    key = digest(
        platform.python_version(),
        base_python(),
        folder.resolve(),  # scripts hold their path: a moved checkout starts again
        *(path.read_text() for path in requirements),
    )
    stamp = read_stamp(folder.name)
    if stamp and stamp["key"] == key and (folder / "bin" / "python").exists():
        return
    require_free_space(HOME, SPACE_NEEDED)
    step(f"{title}: installing with pip")
    if not stamp or stamp["python"] != [platform.python_version(), base_python()]:
        shutil.rmtree(folder, ignore_errors=True)
    if not (folder / "bin" / "pip").exists():
        _create(folder)
    _install(folder, requirements, title)
    freeze = subprocess.run(
        [folder / "bin" / "pip", "freeze", "--local"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    write_stamp(
        folder.name,
        {
            "key": key,
            "python": [platform.python_version(), base_python()],
            "packages": digest(freeze),
        },
    )


def _create(folder):
    shutil.rmtree(folder, ignore_errors=True)
    log = LOGS / f"{folder.name}.log"
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        with_pip = False
    else:
        with_pip = True
    command = [base_python(), "-m", "venv", folder]
    if not with_pip:
        command.insert(3, "--without-pip")
    run(command, log, "Creating a virtual environment")
    if not with_pip:
        wheel = _pip_wheel()
        python = folder / "bin" / "python"
        install = [python, f"{wheel}/pip", "install", "--no-index", wheel]
        run(install, log, "Installing pip")


def _pip_wheel():
    """pip where Python comes without it: Debian's, unpacked beside the system."""
    unpacked = HOME / "downloads" / "pip"
    for root in (Path("/"), unpacked):
        if wheels := sorted(root.glob(PIP_WHEELS)):
            return wheels[-1]
    missing = "This Python comes without pip; install the package python3-venv"
    if not debian.available():
        raise Stop(f"{missing} and run this again.")
    apt = debian.PrivateApt("pip")
    try:
        apt.update()
        debian.unpack(apt.download([PIP_PACKAGE]), unpacked)
    except NetworkDown:
        raise
    except Stop as error:
        raise Stop(f"{missing} and run this again ({error})") from error
    shutil.rmtree(apt.home, ignore_errors=True)
    return sorted(unpacked.glob(PIP_WHEELS))[-1]


def _install(folder, requirements, title):
    """Install the requirement files; the OCA addons without what they require.

    Their metadata asks for a package `odoo`, which no index has.
    """
    lines = [line for path in requirements for line in path.read_text().splitlines()]
    addons = [line for line in lines if re.match(r"odoo-addon-", line)]
    others = [line for line in lines if line not in addons]
    listed = HOME / "downloads" / f"{folder.name}-requirements.txt"
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text("\n".join(others) + "\n")
    _pip(folder, ["-r", listed], f"{title}", len(others))
    if addons:
        _pip(folder, ["--no-deps", *addons], "OCA addons", len(addons))


def _pip(folder, arguments, title, expected):
    log = LOGS / f"{folder.name}-pip.log"
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def progress():
        text = log.read_text(errors="replace")
        done = len(re.findall(r"^(?:Collecting|Requirement already)", text, re.M))
        loaded = re.findall(r"Downloading .*\((\d+(?:\.\d+)?) ([kMG])B\)", text)
        size = sum(float(n) * {"k": 1e3, "M": 1e6, "G": 1e9}[u] for n, u in loaded)
        if "Installing collected packages" in text:
            return f"{title}: unpacking {megabytes(size)}"
        return f"{title}: {done} of about {expected}, {megabytes(size)} downloaded"

    command = [folder / "bin" / "python", "-m", "pip", "install", "--no-input"]
    run(
        [*command, "--progress-bar=off", *arguments],
        log,
        f"Installing {title} with pip",
        progress,
        env=environment,
        cwd=HOME,
    )
