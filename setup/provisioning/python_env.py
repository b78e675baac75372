"""The virtual environments: one for Odoo and the tests, one for the linters."""

import hashlib
import json
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

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
PIP_WHEEL = "pip-26.2.1-py3-none-any.whl"
PIP_SHA256 = "71138adf1f4ca900cdb7d289c21b7494329f2332b6d85f0e1c42108c0384ed3e"
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


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
    step("The peer of the benchmarks: installing from PyPI")
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
    step(f"{title}: installing from PyPI")
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
        wheel = _download_pip(HOME / "downloads")
        python = folder / "bin" / "python"
        install = [python, f"{wheel}/pip", "install", "--no-index", wheel]
        run(install, log, "Installing pip")


def _fetch(url):
    request = urllib.request.Request(
        url, headers={"Accept": "application/vnd.pypi.simple.v1+json, */*"}
    )
    server = urllib.parse.urlsplit(url).hostname
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise Stop(
            f"{server} does not give out pip ({error}); install the package "
            "python3-venv and run this again."
        ) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            raise Stop(
                f"The certificate of {server} cannot be checked; install the package "
                "ca-certificates and run this again."
            ) from error
        raise NetworkDown(
            f"The network is missing: {server} cannot be reached ({error.reason}); "
            "connect this machine (or set https_proxy) and run this again."
        ) from error


def _download_pip(folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PIP_WHEEL
    page = f"{INDEX}/pip/"
    files = json.loads(_fetch(page))["files"]
    url = next(file["url"] for file in files if file["filename"] == PIP_WHEEL)
    content = _fetch(urllib.parse.urljoin(page, url))
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise Stop("The download of pip is damaged; run this again.")
    path.write_bytes(content)
    return path


def _install(folder, requirements, title):
    """Install the requirement files; the OCA addons without what they require.

    Their metadata asks for a package `odoo`, which is not on PyPI.
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
