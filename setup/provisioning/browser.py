"""Chromium for the browser tests and wkhtmltopdf for PDF reports."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from . import debian
from .console import DiskFull, Stop, note, run, step
from .paths import HOME, LOGS

FOLDER = HOME / "browser"
WRAPPERS = FOLDER / "bin"

# The names that Odoo's tests look for, in this order.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")

# Unpacked privately, these must stay the system's: they belong to its loader.
SYSTEM_LIBRARIES = re.compile(r"^(libc6|libc-bin|libgcc-s1|libstdc\+\+6|gcc-.*-base)_")

# Where /usr/bin has a script that looks for the rest in the system.
PROGRAMS = {"chromium": "usr/lib/chromium/chromium"}

WRAPPER = """#!/bin/sh
# A private copy: its libraries are beside it, not in the system.
export LD_LIBRARY_PATH={libraries}
export FONTCONFIG_PATH={fonts}
exec {program} "$@"
"""


def ensure():
    """Make a browser available on PATH; a sentence if there is none to be had."""
    if given := os.environ.get("ODOO_BROWSER_BIN"):
        if not _works(given):
            raise Stop(
                f"ODOO_BROWSER_BIN={given} does not run; point it to a Chromium or "
                "Chrome, or unset it."
            )
        _wrap("google-chrome", given)
    _use_wrappers()
    if any(_works(shutil.which(name)) for name in BROWSERS if shutil.which(name)):
        return
    step("Browser: getting Debian's chromium")
    for get in (_install, _unpack):
        try:
            if get("chromium"):
                return
        except DiskFull:
            raise
        except Stop as error:
            note(str(error))
    raise Stop(
        "The browser tests need Chromium and it cannot be had here; install chromium "
        "or google-chrome, set ODOO_BROWSER_BIN, or leave them out with --no-browser."
    )


def ensure_pdf():
    """wkhtmltopdf as far as possible; without it Odoo goes on without PDFs."""
    _use_wrappers()
    if shutil.which("wkhtmltopdf") or (FOLDER / "no-wkhtmltopdf").exists():
        return
    step("PDF reports: getting Debian's wkhtmltopdf")
    for get in (_install, _unpack):
        try:
            if get("wkhtmltopdf"):
                return
        except Stop:
            continue
    note("wkhtmltopdf cannot be had here: reports will be HTML only.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "no-wkhtmltopdf").touch()


def _use_wrappers():
    path = os.environ.get("PATH", os.defpath)
    if str(WRAPPERS) not in path.split(os.pathsep):
        os.environ["PATH"] = f"{WRAPPERS}{os.pathsep}{path}"


def _works(program):
    """Whether it runs: Ubuntu's chromium is a stub that asks for snap."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, timeout=60, text=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return not answer.returncode and any(c.isdigit() for c in answer.stdout)


def _install(package):
    """As root, the ordinary way."""
    if os.geteuid() or not shutil.which("apt-get") or not _is_debian():
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    log = LOGS / f"install-{package}.log"
    install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    try:
        run(install, log, f"Installing {package}", env=environment)
    except Stop:
        update = LOGS / "apt-update.log"
        run(["apt-get", "update"], update, "Reading package lists", env=environment)
        run(install, log, f"Installing {package}", env=environment)
    return _works(package)


def _unpack(package):
    """Not root: the package and what it needs, unpacked beside the system."""
    if not debian.available():
        return False
    sources = [debian.PrivateApt(f"{package}-bookworm", ("bookworm",))]
    if _is_debian():
        sources.insert(0, debian.PrivateApt(package, installed=True))
    for apt in sources:
        try:
            if _unpack_from(apt, package):
                return True
        except DiskFull:
            raise
        except Stop as error:
            note(str(error))
    return False


def _is_debian():
    """Ubuntu's chromium is a stub that installs a snap: not what we want."""
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in f"\n{release.read_text()}\n"


def _unpack_from(apt, package):
    apt.update()
    files = apt.download_with_dependencies([package])
    root = FOLDER / package
    shutil.rmtree(root, ignore_errors=True)
    kept = [file for file in files if not SYSTEM_LIBRARIES.match(file.name)]
    debian.unpack(kept, root)
    shutil.rmtree(apt.home, ignore_errors=True)
    libraries = [
        folder
        for pattern in ("usr/lib/*-linux-gnu*", "lib/*-linux-gnu*")
        for folder in root.glob(pattern)
    ]
    libraries += [folder / "nss" for folder in libraries]
    program = root / PROGRAMS.get(package, f"usr/bin/{package}")
    WRAPPERS.mkdir(parents=True, exist_ok=True)
    wrapper = WRAPPERS / package
    wrapper.write_text(
        WRAPPER.format(
            libraries=shlex.quote(":".join(map(str, libraries))),
            fonts=shlex.quote(str(root / "etc" / "fonts")),
            program=shlex.quote(str(program)),
        )
    )
    wrapper.chmod(0o755)
    return _works(str(wrapper))


def _wrap(name, program):
    """Put `program` on PATH under the name that Odoo looks for first."""
    WRAPPERS.mkdir(parents=True, exist_ok=True)
    link = WRAPPERS / name
    link.unlink(missing_ok=True)
    link.symlink_to(shutil.which(program) or program)
