"""The machine's own package sources, pointed at other releases of Debian.

No server is named here: `/etc/apt` says where Debian's archive is, or the variable
COACHING_DEBIAN_MIRROR where it does not, and only the suite is changed.
"""

import dataclasses
import os
import re
from pathlib import Path

from .console import Stop

FOLDER = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MIRROR = "COACHING_DEBIAN_MIRROR"
EXAMPLE = f"{MIRROR}=https://mirror.example/debian"

# Suites of the archive itself: those of updates, security and backports have a suffix.
SUITES = {
    *("oldoldstable", "oldstable", "stable", "testing", "unstable", "sid"),
    *("buster", "bullseye", "bookworm", "trixie", "forky", "duke"),
}

# Options of the one-line format, and what the other format calls them.
FIELDS = {
    "arch": "Architectures",
    "signed-by": "Signed-By",
    "trusted": "Trusted",
    "allow-insecure": "Allow-Insecure",
    "check-valid-until": "Check-Valid-Until",
    "by-hash": "By-Hash",
}
ARCHIVE_SCHEMES = re.compile(r"(mirror\+|tor\+)*(https?|file|copy|mirror):", re.I)


@dataclasses.dataclass(frozen=True)
class Source:
    """Places that offer the same packages, as `apt` knows them."""

    uris: tuple
    suites: tuple
    components: tuple
    options: tuple = ()  # pairs of a field's name and its text

    def is_debian(self):
        """Whether it looks like Debian's archive and not like somebody else's."""
        return bool(SUITES.intersection(self.suites) and "main" in self.components)

    def signed_by_debian(self):
        return "debian-archive-" in dict(self.options).get("Signed-By", "")

    def names_no_key(self):
        return not {"Signed-By", "Trusted"}.intersection(dict(self.options))

    def text(self, suites, keyring=KEYRING):
        """The stanza for other suites, or other releases, of the same archive.

        A source that names no key, or the key of one release, gets Debian's keyring
        where that is installed.
        """
        options = dict(self.options)
        if keyring.exists() and (self.names_no_key() or self.signed_by_debian()):
            options["Signed-By"] = str(keyring)
        fields = {
            "Types": "deb",
            "URIs": " ".join(self.uris),
            "Suites": " ".join(suites),
            "Components": "main",
            **options,
        }
        return "".join(f"{name}: {value}\n" for name, value in fields.items())


def parse_one_line(text):
    """The binary package sources of a `sources.list`."""
    found = []
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        match = re.match(r"deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)(?:\s+(.*))?$", line)
        if not match or not ARCHIVE_SCHEMES.match(match[2]):
            continue
        options = []
        for option in (match[1] or "").split():
            name, _equals, value = option.partition("=")
            if field := FIELDS.get(name.lower()):
                options.append((field, value.replace(",", " ")))
        components = tuple((match[4] or "").split())
        found.append(Source((match[2],), (match[3],), components, tuple(options)))
    return found


def parse_deb822(text):
    """The binary package sources of a `.sources` file."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    stanzas = re.split(r"\n(?:[ \t]*\n)+", "\n".join(lines).strip("\n"))
    found = [_from_fields(_fields(stanza)) for stanza in stanzas]
    return [source for source in found if source]


def _fields(stanza):
    """The fields of a stanza, by their names in small letters."""
    fields, name = {}, None
    for line in stanza.splitlines():
        if line[:1] in (" ", "\t"):
            if name:  # a value that goes on, as keys do
                fields[name] += f"\n{line}"
        elif ":" in line:
            name, _colon, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _from_fields(fields):
    uris = tuple(
        uri for uri in fields.get("uris", "").split() if ARCHIVE_SCHEMES.match(uri)
    )
    enabled = fields.get("enabled", "yes").lower() not in ("no", "false", "0", "off")
    if not uris or not enabled or "deb" not in fields.get("types", "").split():
        return None
    options = tuple(
        (field, fields[field.lower()])
        for field in FIELDS.values()
        if field.lower() in fields
    )
    suites = tuple(fields.get("suites", "").split())
    return Source(uris, suites, tuple(fields.get("components", "").split()), options)


def read(folder=FOLDER):
    """All sources of a machine, from files of both formats."""
    found = []
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]:
        parse = {".list": parse_one_line, ".sources": parse_deb822}.get(path.suffix)
        if parse and path.is_file():
            found += parse(path.read_text(errors="replace"))
    return found


def given_mirror(uri, keyring=KEYRING):
    """The source of a mirror that the user names."""
    if keyring.exists():
        return Source((uri,), ("stable",), ("main",), (("Signed-By", str(keyring)),))
    if not uri.startswith(("https:", "file:")):
        raise Stop(
            f"Debian's archive keys are not installed here, so {MIRROR} has to name a "
            "mirror over https; or install the package debian-archive-keyring."
        )
    # Without the keys TLS vouches for the server instead.
    return Source((uri,), ("stable",), ("main",), (("Trusted", "yes"),))


def archives(folder=FOLDER, mirror=None):
    """Sources of Debian's archive, the likeliest one first.

    Somebody else's may use Debian's names of releases, with a key of their own: those
    come last, and who uses the sources tries one after the other.

    :raises Stop: where there is none
    """
    mirror = os.environ.get(MIRROR, "") if mirror is None else mirror
    if mirror:
        return [given_mirror(mirror)]
    found = [source for source in read(folder) if source.is_debian()]
    if not found:
        raise Stop(
            f"The package sources of this machine ({folder}) name no archive of "
            f"Debian; name a mirror of it, as in {EXAMPLE}, and run this again."
        )
    # The same archive may be listed once for each release.
    once = {}
    for source in found:
        once.setdefault((source.uris, source.options), source)
    return sorted(
        once.values(),
        key=lambda source: (not source.signed_by_debian(), not source.names_no_key()),
    )
