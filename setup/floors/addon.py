"""The floors of an addon, and which of its files know what is not below them."""

import ast
import dataclasses
from pathlib import Path

from .definitions import Definitions
from .python_names import python_names
from .xml_names import csv_names, xml_names

PYTHON_FOLDERS = ("models", "wizards", "controllers")
XML_FOLDERS = ("views", "data", "wizards", "security")
# Names that Odoo's own models have too, or that every third model of ours has: what
# they stand for can't be told where the model is not known.
COMMON = set(
    "tz resource_id resource_ids body weekday error company_id partner_ids partner_id"
    " name state active kind message note reason start stop join write create unlink"
    " search init _log _get start_date display_name currency_id sequence user_id"
    " message_ids calendar_id lang date_from date_to color phone email".split()
)


@dataclasses.dataclass(frozen=True, order=True)
class Reference:
    """A file that knows a name of another folder."""

    file: str  # below the checkout
    line: int
    name: str
    capability: str
    other: str


class Addon:
    """The floors of an addon, what its files define and what they know.

    :param folder: the addon's folder
    :param below: the addons that this one depends on, whose names it may know
    """

    def __init__(self, folder, below=()):
        self.folder = folder
        self.below = below
        self.floors = read_floors(folder / "models" / "__init__.py")
        self.level = {
            name: level for level, names in enumerate(self.floors) for name in names
        }
        self.definitions = Definitions([addon.definitions for addon in below])
        self.trees = {
            path: ast.parse(path.read_text())
            for path in self._paths(PYTHON_FOLDERS, "py")
        }
        self.documents = self._read(XML_FOLDERS, "xml")
        self.tables = self._read(XML_FOLDERS, "csv")
        for path, tree in self.trees.items():
            self.definitions.read_python(tree, self.capability(path))
        for path, text in self.documents.items():
            self.definitions.read_xml(text, self.capability(path))
        for path, text in self.tables.items():
            self.definitions.read_csv(text, self.capability(path))

    def _paths(self, folders, suffix):
        for folder in folders:
            for path in sorted((self.folder / folder).rglob(f"*.{suffix}")):
                if self.capability(path) in self.level:
                    yield path

    def _read(self, folders, suffix):
        return {path: path.read_text() for path in self._paths(folders, suffix)}

    def capability(self, path):
        """Return the folder below models/, views/, … that a file lies in.

        A file beside the folders counts as one of that name: ``controllers/base.py``.
        """
        parts = path.relative_to(self.folder).parts
        return parts[1] if len(parts) > 2 else path.stem

    def get_references(self):
        """Return every Reference upward or sideways, sorted."""
        name = self.folder.name
        found = set()
        for path, tree in self.trees.items():
            found.update(self._judge(path, python_names(tree, name, self.definitions)))
        for path, text in self.documents.items():
            found.update(self._judge(path, xml_names(text, name, self.definitions)))
        for path, text in self.tables.items():
            found.update(self._judge(path, csv_names(text, name)))
        return sorted(found)

    def _judge(self, path, names):
        capability = self.capability(path)
        own = self.level[capability]
        file = path.relative_to(self.folder.parent).as_posix()
        for key, line in names:
            homes = self._get_homes(key)
            lowest = min((self.level[home] for home in homes), default=-1)
            nearest = {home for home in homes if self.level[home] == lowest}
            if lowest > own or (lowest == own and capability not in nearest):
                yield Reference(file, line, describe(key), capability, min(nearest))

    def _get_homes(self, key):
        """Return the capabilities that define what a key stands for, if it is told."""
        kind, name = key[0], key[-1]
        if kind == "file":
            # the folder below models/, wizards/, … that is imported from
            return set([part for part in name.split(".") if part in self.level][:1])
        homes = self.definitions.homes.get(key, set())
        plain = name.removesuffix("()")
        if kind == "name" and (
            plain in COMMON
            or "_" not in plain
            or len(self.definitions.models_of[name]) > 3
        ):
            return set()
        if any(key in addon.definitions.homes for addon in self.below):
            return set()
        return homes


def describe(key):
    """Return the name of a key, as the list of exceptions has it."""
    kind, *names = key
    return f"{kind}:{names[0]}" if kind in ("xml", "file", "table") else ".".join(names)


def read_floors(file):
    """Return the floors of an addon: a list of lists of folders, lowest first."""
    if not file.exists():
        return []
    return [
        [alias.name for alias in node.names]
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ImportFrom)
        and node.level == 1
        and not node.module
        and all((file.parent / alias.name).is_dir() for alias in node.names)
    ]


def read_addons(top: Path):
    """Return the Addon objects of a checkout that have floors, lower addons first."""
    manifests = {
        path.parent.name: ast.literal_eval(path.read_text())
        for path in sorted(top.glob("*/__manifest__.py"))
    }
    addons = {}

    def read(name):
        if name not in addons and name in manifests:
            direct = [read(other) for other in manifests[name]["depends"]]
            below = {addon for addon in direct if addon}
            below |= {addon for other in below for addon in other.below}
            addons[name] = Addon(top / name, sorted(below, key=lambda a: a.folder))
        return addons.get(name)

    for name in manifests:
        read(name)
    return [addon for addon in addons.values() if len(addon.floors) > 1]
