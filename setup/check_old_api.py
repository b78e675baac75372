"""Finds what Odoo 19 no longer has and the linters do not know: paths as arguments."""

import os
import re
import sys

OLD = re.compile(
    r"""_sql_constraints|type=.json.[,)]|odoo\.osv|group_operator|\bgroups_id\b"""
    r"""|\.read_group\(|\._(cr|uid|context)\b|toggle_active|user_has_groups"""
    r"""|check_access_rights|def name_get|def _name_search|hr\.contract["']"""
    r"""|numbercall|auto_join|<tree\b|<group[^>]*\bexpand=|\battrs=|t-esc="""
    r"""|kanban-box|oe_chatter|publicWidget"""
)
SUFFIXES = (".py", ".xml", ".js")


def old_api(text):
    """(line number, what was found) of each use of an API from before Odoo 19."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := OLD.search(line):
            yield number, found[0]


def main(paths):
    hits = 0
    for path in paths:
        for folder, folders, names in os.walk(path):
            folders[:] = [f for f in folders if f not in ("migrations", "lib")]
            for name in sorted(names):
                if not name.endswith(SUFFIXES):
                    continue
                file = os.path.join(folder, name)
                with open(file, encoding="utf-8") as source:
                    for number, found in old_api(source.read()):
                        print(f"{file}:{number}: not in Odoo 19: {found}")
                        hits += 1
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
