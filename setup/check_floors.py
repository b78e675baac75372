"""Which file knows of something that lives on a floor above its own, or beside it?

The floor of a file is its folder; the order of the floors is read from the addon's
`models/__init__.py`, where each import statement is a floor and the folders that one
statement imports are siblings. A file may know its own folder and the floors below.

    python3 setup/check_floors.py [--list] [--top CHECKOUT]

Python files are searched for calls, attributes, names in strings and SQL, imports;
XML and CSV files for ids, models, fields and methods of buttons. What is allowed all
the same stands in `setup/floors_allowed.txt`, with a reason a line; a line that is not
needed any more is an error, so the list only gets shorter.
"""

import argparse
import sys
from pathlib import Path

from floors.addon import read_addons
from floors.allowed import MOST, read_allowed

TOP = Path(__file__).resolve().parents[1]
# What there was before there were floors, at the commit before the folders.
AT_THE_BEGINNING = 106


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="what is allowed, too")
    parser.add_argument("--top", type=Path, default=TOP, help="another checkout")
    options = parser.parse_args(arguments)
    list_of_allowed = options.top / "setup" / "floors_allowed.txt"
    references = [
        reference
        for addon in read_addons(options.top)
        for reference in addon.get_references()
    ]
    try:
        text = list_of_allowed.read_text() if list_of_allowed.exists() else ""
        allowed = read_allowed(text)
    except ValueError as error:
        print(f"{list_of_allowed.name}: {error}")
        return 1
    known = {(reference.file, reference.name) for reference in references}
    new = [r for r in references if (r.file, r.name) not in allowed]
    if options.list:
        for r in references:
            print(f"{r.capability:11} knows {r.other:11} {r.name:38} {r.file}:{r.line}")
    for r in new:
        print(
            f"{r.file}:{r.line}: {r.capability} knows {r.name} of {r.other}, which is"
            " not below it. Offer a hook here and extend it there, or move it down."
        )
    gone = sorted(set(allowed) - known)
    for file, name in gone:
        print(f"{list_of_allowed.name}: {file} {name} is needed no more, delete it.")
    too_many = len(allowed) > MOST
    if too_many:
        print(f"{list_of_allowed.name}: {len(allowed)} lines, at most {MOST}.")
    print(
        f"floors: {AT_THE_BEGINNING} references upward were there, {len(references)}"
        f" are left ({len(known & set(allowed))} allowed)."
    )
    return int(bool(new or gone or too_many))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
