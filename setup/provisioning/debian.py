"""Packages from Debian, downloaded and unpacked without touching the system."""

import os
import re
import shutil
import subprocess

from .apt_sources import archives
from .console import DiskFull, Stop, megabytes, run
from .paths import HOME, LOGS

APT = HOME / "apt"


def available():
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


class PrivateApt:
    """An apt of its own: its sources, lists and cache are folders in `.odoo/`.

    `installed=False` ignores what the system has, `suites=None` uses its sources as
    they are; else they are these suites of the archive that the system's sources name.
    """

    def __init__(self, name, suites=None, installed=False):
        self.name = name
        self.suites = suites
        self.home = APT / name
        self.archives = self.home / "cache" / "archives"
        self.options = [
            f"Dir::State={self.home / 'state'}",
            f"Dir::State::Lists={self.home / 'state' / 'lists'}",
            f"Dir::Cache={self.home / 'cache'}",
            "Debug::NoLocking=1",
            # apt's own user may not be able to enter this checkout.
            "APT::Sandbox::User=root",
            "Acquire::Languages=none",
            "Acquire::Retries=2",
            "Acquire::http::Timeout=30",
            "Acquire::https::Timeout=30",
        ]
        if suites:
            self.options += [
                "Dir::Etc::SourceList=/dev/null",
                f"Dir::Etc::SourceParts={self.home / 'sources'}",
                "Dir::Etc::Preferences=/dev/null",
                "Dir::Etc::PreferencesParts=/dev/null",
            ]
        status = "/var/lib/dpkg/status" if installed else "/dev/null"
        self.options.append(f"Dir::State::status={status}")

    def _command(self, *arguments):
        options = [part for option in self.options for part in ("-o", option)]
        return ["apt-get", *options, *arguments]

    def _run(self, what, *arguments, progress=None, **options):
        run(
            self._command(*arguments),
            LOGS / f"apt-{self.name}-{arguments[0]}.log",
            what,
            progress,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            **options,
        )

    def update(self):
        for folder in (self.home / "state" / "lists", self.archives):
            (folder / "partial").mkdir(parents=True, exist_ok=True)
        if not self.suites:
            return self._read_lists()
        (self.home / "sources").mkdir(exist_ok=True)
        for source in archives():
            text = source.text(self.suites)
            (self.home / "sources" / "debian.sources").write_text(text)
            try:
                return self._read_lists()
            except DiskFull:
                raise
            except Stop as error:
                failure = error
        raise failure

    def _read_lists(self):
        # Without this apt takes unreachable servers for a warning.
        self._run("Reading Debian's package lists", "update", "--error-on=any")

    def download(self, packages):
        """The .deb files of exactly these packages."""
        folder = self.home / "packages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        listing = subprocess.run(
            self._command("--print-uris", "download", *packages),
            capture_output=True,
            text=True,
            cwd=folder,
        )
        if listing.returncode:
            raise Stop(
                f"Debian does not offer all of: {' '.join(packages)} "
                f"({listing.stderr.strip().splitlines()[-1:]})."
            )
        sizes = re.findall(r"^'\S+' \S+ (\d+) ", listing.stdout, re.M)
        total = sum(map(int, sizes))

        def progress():
            done = sum(file.stat().st_size for file in folder.rglob("*.deb*"))
            return f"{megabytes(done)} of {megabytes(total)} downloaded"

        self._run(
            "Downloading from Debian",
            "download",
            *packages,
            progress=progress,
            cwd=folder,
        )
        return sorted(folder.glob("*.deb"))

    def download_with_dependencies(self, packages):
        """The .deb files of these packages and all they need that is missing."""
        self._run(
            "Downloading from Debian",
            "install",
            "--download-only",
            "--yes",
            "--no-install-recommends",
            *packages,
            progress=lambda: "{} downloaded".format(
                megabytes(sum(f.stat().st_size for f in self.archives.rglob("*.deb")))
            ),
        )
        return sorted(self.archives.glob("*.deb"))


def unpack(files, root):
    root.mkdir(parents=True, exist_ok=True)
    for file in files:
        log = LOGS / "unpack.log"
        run(["dpkg-deb", "-x", file, root], log, f"Unpacking {file.name}")
