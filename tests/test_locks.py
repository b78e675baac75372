"""All locks are in one file. No database."""

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
LOCKS = TOP / "coaching_sessions" / "models" / "time" / "locks.py"
CLAUSE = re.compile(
    r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|(KEY\s+)?SHARE)\b|\bLOCK\s+TABLE\b|_advisory_"
)
# a clause in a docstring tells what is done, it does nothing
QUOTED = re.compile(r"``[^`]*``")


def test_nobody_else_writes_lock_clauses():
    files = sorted(
        path
        for addon in TOP.glob("coaching_*")
        for folder in ("models", "tools", "wizards", "controllers")
        for path in (addon / folder).rglob("*.py")
    )
    assert LOCKS in files
    found = {path for path in files if CLAUSE.search(QUOTED.sub("", path.read_text()))}
    assert found == {LOCKS}
