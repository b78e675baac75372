"""Test files in groups that take about as long, by what they took last time."""

import json
import re

from .paths import HOME, TOP

DURATIONS = HOME / "test-durations.json"

# For files that were never measured here.
SECONDS_A_FILE = 3
SECONDS_A_TEST = 0.2
SECONDS_A_TEST_OF_PAGES = 0.6
SECONDS_A_TOUR = 6
TEST = re.compile(r"^ *def test_", re.M)
PAGES = re.compile(r"HttpCase|url_open|PortalCommon")
TOUR = re.compile(r"start_tour\(|browser_js\(|\.tour\(")


def test_files(paths):
    """The test files below folders, and files themselves, sorted and as paths."""
    found = set()
    for path in paths:
        found |= {path} if path.is_file() else set(path.rglob("test_*.py"))
    return sorted(found)


def seconds_of(files):
    """About how long each file takes: {file: seconds}."""
    measured = read_durations()
    return {file: measured.get(name_of(file)) or _estimate(file) for file in files}


def name_of(file):
    return file.relative_to(TOP).as_posix()


def _estimate(file):
    text = file.read_text()
    tests, tours = len(TEST.findall(text)), len(TOUR.findall(text))
    each = SECONDS_A_TEST_OF_PAGES if PAGES.search(text) else SECONDS_A_TEST
    return SECONDS_A_FILE + each * tests + SECONDS_A_TOUR * tours


def balanced(seconds, count):
    """Files in at most `count` groups of about the same seconds, the same each time.

    :param seconds: {file: seconds}
    :return: list of sorted lists of files, none of them empty
    """
    groups = [[] for _ in range(count)]
    totals = [0.0] * count
    for file in sorted(seconds, key=lambda file: (-seconds[file], file)):
        smallest = totals.index(min(totals))
        groups[smallest].append(file)
        totals[smallest] += seconds[file]
    return [sorted(group) for group in groups if group]


def read_durations():
    try:
        return json.loads(DURATIONS.read_text())
    except (OSError, ValueError):
        return {}


def add_durations(seconds):
    """Remember how long files took: {name of a file: seconds}.

    One time that the machine was busy should not decide on its own, so what was
    known counts half.
    """
    known = read_durations()
    for name, value in seconds.items():
        known[name] = (known.get(name, value) + value) / 2
    there = {
        name: round(value, 1)
        for name, value in sorted(known.items())
        if (TOP / name).exists()
    }
    temporary = DURATIONS.with_suffix(".new")
    temporary.write_text(json.dumps(there, indent=0))
    temporary.replace(DURATIONS)
