"""Where the setup gets Debian's packages: from the machine's own sources."""

import subprocess
from pathlib import Path

import pytest
from provisioning import apt_sources
from provisioning.console import Stop

KEY = "/usr/share/keyrings/debian-archive-keyring.gpg"


@pytest.fixture
def keyring(tmp_path):
    path = tmp_path / "keyring.gpg"
    path.touch()
    return path


@pytest.fixture
def apt(tmp_path):
    """The folder /etc/apt of a machine; `apt(**{name: text})` writes its files."""
    folder = tmp_path / "apt"
    (folder / "sources.list.d").mkdir(parents=True)

    def write(files):
        for name, text in files.items():
            (folder / name).write_text(text)
        return folder

    return write


def test_one_line():
    """The old format, as installers and images leave it."""
    sources = apt_sources.parse_one_line(
        f"""
        # deb http://commented.example/debian bookworm main
        deb cdrom:[Debian GNU/Linux 12.0.0 _Bookworm_ - amd64]/ bookworm main
        deb http://a.example/debian bookworm main contrib  # as a note
        deb-src http://a.example/debian bookworm main
        deb [ arch=amd64,arm64 signed-by={KEY} ] https://b.example/debian sid main
        deb [trusted=yes lang=de]tor+http://c.example/debian/ trixie main
        deb mirror+file:/etc/apt/mirrors/debian.list bookworm main
        deb http://flat.example/debian ./
        """
    )
    assert sources == [
        apt_sources.Source(
            ("http://a.example/debian",), ("bookworm",), ("main", "contrib")
        ),
        apt_sources.Source(
            ("https://b.example/debian",),
            ("sid",),
            ("main",),
            (("Architectures", "amd64 arm64"), ("Signed-By", KEY)),
        ),
        apt_sources.Source(
            ("tor+http://c.example/debian/",),
            ("trixie",),
            ("main",),
            (("Trusted", "yes"),),
        ),
        apt_sources.Source(
            ("mirror+file:/etc/apt/mirrors/debian.list",), ("bookworm",), ("main",)
        ),
        apt_sources.Source(("http://flat.example/debian",), ("./",), ()),
    ]
    assert [source.is_debian() for source in sources] == [True] * 4 + [False]


def test_deb822():
    """The new format, with notes, keys inside and stanzas that are off."""
    sources = apt_sources.parse_deb822(
        f"""# A note
Types: deb deb-src
# http://snapshot.example/archive/debian
URIs: http://a.example/debian
  https://b.example/debian
Suites: bookworm bookworm-updates
Components: main non-free-firmware
Signed-By: {KEY}

Types: deb-src
URIs: http://a.example/debian
Suites: bookworm
Components: main


enabled: no
types: deb
uris: http://a.example/debian
suites: bookworm
components: main
 \t
Types: deb
URIs: copy:/srv/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0
 -----END PGP PUBLIC KEY BLOCK-----
"""
    )
    first, second = sources
    assert first.uris == ("http://a.example/debian", "https://b.example/debian")
    assert first.suites == ("bookworm", "bookworm-updates")
    assert first.components == ("main", "non-free-firmware")
    assert first.options == (("Signed-By", KEY),)
    assert second.uris == ("copy:/srv/debian",)
    key = dict(second.options)["Signed-By"]
    assert key.splitlines()[1:3] == [" -----BEGIN PGP PUBLIC KEY BLOCK-----", " ."]
    assert apt_sources.parse_deb822(second.text(["bookworm"])) == [
        apt_sources.Source(second.uris, ("bookworm",), ("main",), (("Signed-By", key),))
    ]


@pytest.mark.parametrize(
    ("suites", "components", "is_debian"),
    [
        (("bookworm",), ("main",), True),
        (("trixie-updates", "trixie"), ("contrib", "main"), True),
        (("stable",), ("main",), True),
        (("bookworm-security",), ("main",), False),
        (("bookworm-updates", "bookworm-backports"), ("main",), False),
        (("buster/updates",), ("main",), False),
        (("bookworm",), ("stable",), False),
        (("noble",), ("main", "universe"), False),
        (("nodistro",), ("main",), False),
    ],
)
def test_which_is_the_archive(suites, components, is_debian):
    """Updates, security, other distributions and other vendors are none."""
    source = apt_sources.Source(("http://a.example",), suites, components)
    assert source.is_debian() == is_debian


def test_keys(keyring, tmp_path):
    """Debian's keyring for Debian's archive; what somebody else signed stays so."""

    def signed_by(*options, keyring=keyring):
        source = apt_sources.Source(("http://a.example",), ("sid",), ("main",), options)
        text = source.text(["sid", "bookworm"], keyring)
        assert "Suites: sid bookworm\nComponents: main\n" in text
        return [line for line in text.splitlines() if line.startswith("Signed-By")]

    one_release = "/usr/share/keyrings/debian-archive-bookworm-stable.gpg"
    ours = [f"Signed-By: {keyring}"]
    assert signed_by() == ours
    assert signed_by(("Signed-By", one_release)) == ours, "it did not sign sid"
    assert signed_by(("Signed-By", "/srv/own.gpg")) == ["Signed-By: /srv/own.gpg"]
    assert signed_by(("Trusted", "yes")) == []
    missing = tmp_path / "missing"
    assert signed_by(keyring=missing) == []
    assert signed_by(("Signed-By", KEY), keyring=missing) == [f"Signed-By: {KEY}"]


def test_likeliest_first(apt):
    """All files of both formats; Debian's before those with keys of their own."""
    folder = apt(
        {
            "sources.list": "deb [signed-by=/srv/own.gpg] http://own.example bookworm"
            " main\ndeb http://plain.example/debian bookworm main\n",
            "sources.list.d/debian.sources": "Types: deb\nURIs: http://d.example\n"
            f"Suites: bookworm\nComponents: main\nSigned-By: {KEY}\n\n"
            "Types: deb\nURIs: http://d.example\n"
            f"Suites: sid\nComponents: main\nSigned-By: {KEY}\n",
            "sources.list.d/off.list.disabled": "deb http://off.example sid main\n",
            "sources.list.d/other.list": "deb http://other.example nodistro main\n",
        }
    )
    found = apt_sources.archives(folder, mirror="")
    assert [source.uris for source in found] == [
        ("http://d.example",),
        ("http://plain.example/debian",),
        ("http://own.example",),
    ]


def test_none(apt):
    """A machine of another kind is told which variable to set."""
    folder = apt({"sources.list": "deb http://u.example/ubuntu noble main\n"})
    with pytest.raises(Stop, match="COACHING_DEBIAN_MIRROR=https://mirror.example"):
        apt_sources.archives(folder, mirror="")
    (source,) = apt_sources.archives(folder, mirror="https://m.example/debian")
    assert source.uris == ("https://m.example/debian",)
    assert apt_sources.read(folder / "missing") == []


def test_given_mirror(keyring, tmp_path):
    """Without Debian's keys only TLS or this machine vouch for a mirror."""
    signed = apt_sources.given_mirror("http://m.example", keyring)
    assert signed.options == (("Signed-By", str(keyring)),)
    missing = tmp_path / "missing"
    trusted = apt_sources.given_mirror("https://m.example", missing)
    assert trusted.options == (("Trusted", "yes"),)
    with pytest.raises(Stop, match="over https"):
        apt_sources.given_mirror("http://m.example", missing)


def test_no_registry_is_named():
    """Where packages come from is the machine's to say."""
    hosts = ["".join(parts) for parts in _REGISTRIES]
    found = subprocess.run(
        ["git", "grep", "--ignore-case", "--fixed-strings", "--line-number"]
        + [part for host in hosts for part in ("-e", host)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    if found.returncode > 1:
        pytest.skip(f"not a clone: {found.stderr}")
    assert found.stdout == ""


# In two parts, so that this file names none either.
_REGISTRIES = [
    ("pypi", ".org"),
    ("python", "hosted"),
    ("debian", ".org"),
    ("ubuntu", ".com"),
    ("registry.", "npm"),
    ("npm", "js."),
    ("unp", "kg."),
    ("jsde", "livr"),
]
