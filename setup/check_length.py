"""Finds files of more than 300 lines that do not say at their top why.

The reason is a comment among the first lines: `# Over 300 lines: …`.
"""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
MOST = 300
SUFFIXES = (".py", ".xml", ".js", ".scss")
REASON = "Over 300 lines: "
# the reason stands behind the docstring
HEAD = 30


def is_too_long(text):
    """Return whether a file is longer than it may be without a reason."""
    lines = text.split("\n")
    return len(lines) > MOST + 1 and not any(REASON in line for line in lines[:HEAD])


def main():
    names = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hits = [
        name
        for name in names
        if name.endswith(SUFFIXES)
        and (TOP / name).is_file()
        and is_too_long((TOP / name).read_text())
    ]
    for name in hits:
        print(f"{name}: more than {MOST} lines; cut it, or say why at its top.")
    return int(bool(hits))


if __name__ == "__main__":
    sys.exit(main())
