"""Which file knows of something that lives on a floor above its own, or beside it?

The floor of a file is its folder; the order of the floors is read from the addon's
`models/__init__.py`, where each import statement is a floor and the folders that one
statement imports are siblings. A file may know its own folder and the floors below.

    python3 setup/check_floors.py [--list]

Python files are searched for calls, attributes, names in strings and SQL, imports, and
XML files for ids, models, fields and methods of buttons. What is allowed all the same
stands in `setup/floors_allowed.txt`, with a reason a line; a line that is not needed
any more is an error, so the list only gets shorter.
"""

import ast
import collections
import dataclasses
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SETUP = Path(__file__).resolve().parent
TOP = SETUP.parent
ALLOWED = SETUP / "floors_allowed.txt"
# What there was before there were floors, at the commit before the folders.
AT_THE_BEGINNING = 106
# No more than this many exceptions, for good.
MOST_ALLOWED = 10

PYTHON_FOLDERS = ("models", "wizards", "controllers")
XML_FOLDERS = ("views", "data", "wizards", "security")
# Names that Odoo's own models have too, or that every third model of ours has: what
# they stand for can't be told from the name.
COMMON = set(
    "tz resource_id resource_ids body weekday error company_id partner_ids partner_id"
    " name state active kind message note reason start stop join write create unlink"
    " search init _log _get start_date display_name currency_id sequence user_id"
    " message_ids calendar_id lang date_from date_to color phone email line_ids".split()
)
# Of these the dots count: words of prose are not names.
SQL_WORDS = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|CHECK|WHERE)\b")
WORD = re.compile(r"[a-z_]+(?:\.[a-z_]+)+|[a-z_]+")
MODEL = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@dataclasses.dataclass(frozen=True, order=True)
class Reference:
    """A file that knows a name of another folder."""

    file: str  # below the addon
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
        self.defined = collections.defaultdict(set)  # name → capabilities
        self.field_models = collections.defaultdict(set)  # field → models
        self.trees = {
            path: ast.parse(path.read_text())
            for kind in PYTHON_FOLDERS
            for path in self._paths(kind, "py")
        }
        self.documents = {
            path: path.read_text()
            for kind in XML_FOLDERS
            for path in self._paths(kind, "xml")
        }
        for path, tree in self.trees.items():
            self._define_python(path, tree)
        for path, text in self.documents.items():
            for xml_id in re.findall(r'<\w+[^>]*\bid="([\w.]+)"', text):
                self.defined[f"xml:{xml_id}"].add(self.capability(path))

    def _paths(self, kind, suffix):
        for path in sorted((self.folder / kind).rglob(f"*.{suffix}")):
            if self.capability(path) in self.level:
                yield path

    def capability(self, path):
        """Return the folder below models/, views/, … that a file lies in."""
        parts = path.relative_to(self.folder).parts
        return parts[1] if len(parts) > 2 else ""

    # === WHAT IS DEFINED === #

    def _define_python(self, path, tree):
        capability = self.capability(path)
        self.defined[f"file:{path.stem}"].add(capability)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self._define_class(capability, node)

    def _define_class(self, capability, node):
        attributes = dict(_literals(node))
        model = attributes.get("_name") or attributes.get("_inherit")
        model = model if isinstance(model, str) else ""
        if "_name" in attributes:
            self.defined[model].add(capability)
            self.defined["table:" + model.replace(".", "_")].add(capability)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self.defined[f"{statement.name}()"].add(capability)
            if not isinstance(statement, ast.Assign):
                continue
            call = statement.value
            if not isinstance(call, ast.Call):
                continue
            function, name = ast.unparse(call.func), statement.targets[0].id
            if function.startswith("fields."):
                self.defined[name].add(capability)
                self.field_models[name].add(model)
            elif function.startswith("models."):
                self.defined[model.replace(".", "_") + name].add(capability)

    # === WHAT IS KNOWN === #

    def get_references(self):
        """Return every Reference upward or sideways, sorted."""
        found = set()
        for path, tree in self.trees.items():
            for name, line in _python_names(tree):
                found |= self._judge(path, line, name)
        for path, text in self.documents.items():
            for name, line in _xml_names(text, self.folder.name):
                found |= self._judge(path, line, name)
        return sorted(found)

    def _judge(self, path, line, name):
        homes = self.defined.get(name)
        plain = name.rstrip("()").partition(":")[2] or name.rstrip("()")
        if not homes or plain in COMMON or len(self.field_models[name]) > 3:
            return set()
        if "_" not in plain and "." not in plain:
            return set()
        if any(name in addon.defined for addon in self.below):
            return set()
        capability = self.capability(path)
        lowest = min(self.level[home] for home in homes)
        nearest = {home for home in homes if self.level[home] == lowest}
        own = self.level[capability]
        if lowest < own or (lowest == own and capability in nearest):
            return set()
        file = path.relative_to(self.folder.parent).as_posix()
        return {Reference(file, line, name, capability, min(nearest))}


def read_floors(file):
    """Return the floors of an addon: a list of lists of folders, lowest first."""
    return [
        [alias.name for alias in node.names]
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ImportFrom)
        and node.level == 1
        and not node.module
        and all((file.parent / alias.name).is_dir() for alias in node.names)
    ]


def _literals(node):
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            target = getattr(statement.targets[0], "id", "")
            if target in ("_name", "_inherit"):
                try:
                    yield target, ast.literal_eval(statement.value)
                except ValueError:
                    continue


def _python_names(tree):
    """Yield what a file calls, reads, imports or names in a string, and where."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{node.func.attr}()", line
        elif isinstance(node, ast.Attribute):
            yield node.attr, line
        elif isinstance(node, ast.ImportFrom) and node.level and node.module:
            yield f"file:{node.module.rpartition('.')[2]}", line
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
        ):
            for name in _names_in_string(node.value):
                yield name, line


def _names_in_string(text):
    in_sql = SQL_WORDS.search(text)
    for word in WORD.findall(text):
        if word == text or in_sql:
            yield word
            yield f"table:{word}"
    if MODEL.fullmatch(text):
        module, _, xml_id = text.partition(".")
        yield f"xml:{xml_id}"
        yield from text.split(".")


def _xml_names(text, addon):
    """Yield the ids, fields and methods that a file of data names, and where."""
    for number, line in enumerate(text.split("\n"), 1):
        for attribute in ("ref", "inherit_id", "parent", "action", "groups"):
            for value in re.findall(rf'\b{attribute}="([\w.,]+)"', line):
                for part in value.split(","):
                    yield f"xml:{part.removeprefix(addon + '.')}", number
        for xml_id in re.findall(r"(?:%\(|ref\(')([\w.]+)", line):
            yield f"xml:{xml_id.removeprefix(addon + '.')}", number
        button = re.search(r'<button\b[^>]*\bname="(\w+)"', line)
        if button:
            yield f"{button[1]}()", number
        # the fields of views; those of records are named the same way in data
        for name in re.findall(r'<field\b[^>]*\bname="(\w+)"', line):
            yield name, number
        for expression in re.findall(
            r'(?:invisible|readonly|required|domain|context)="([^"]+)"', line
        ):
            for word in re.findall(r"\b[a-z]\w*_\w+", expression):
                yield word, number
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return
    for record in root.iter("record"):
        yield record.get("model", ""), 0
    for field in root.iter("field"):
        if field.get("name") in ("model", "res_model") and field.text:
            yield field.text.strip(), 0


def read_allowed(text):
    """Return {(file, name): reason} of the list of exceptions.

    :raise ValueError: for a line without a reason
    """
    allowed = {}
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        what, _, reason = line.partition(" # ")
        file, _, name = what.strip().partition(" ")
        if not reason.strip() or not name:
            raise ValueError(f"{ALLOWED.name}: no reason is given in: {line}")
        allowed[file, name] = reason.strip()
    return allowed


def read_addons(top):
    """Return the Addon objects of a checkout that have floors, lower addons first."""
    manifests = {
        path.parent.name: ast.literal_eval(path.read_text())
        for path in sorted(top.glob("*/__manifest__.py"))
    }
    addons = {}

    def read(name):
        if name not in addons and name in manifests:
            below = [read(other) for other in manifests[name]["depends"]]
            addons[name] = Addon(top / name, [addon for addon in below if addon])
        return addons.get(name)

    for name in manifests:
        read(name)
    return [addon for addon in addons.values() if len(addon.floors) > 1]


def main(arguments):
    references = [
        reference for addon in read_addons(TOP) for reference in addon.get_references()
    ]
    allowed = read_allowed(ALLOWED.read_text() if ALLOWED.exists() else "")
    known = {(reference.file, reference.name) for reference in references}
    new = [r for r in references if (r.file, r.name) not in allowed]
    if "--list" in arguments:
        for r in references:
            print(f"{r.capability:11} knows {r.other:11} {r.name:38} {r.file}:{r.line}")
    for r in new:
        print(
            f"{r.file}:{r.line}: {r.capability} knows {r.name} of {r.other}, which is"
            " not below it. Offer a hook here and extend it there, or move it down."
        )
    gone = sorted(set(allowed) - known)
    for file, name in gone:
        print(f"{ALLOWED.name}: {file} {name} is not needed any more, delete the line.")
    too_many = len(allowed) > MOST_ALLOWED
    if too_many:
        print(f"{ALLOWED.name}: {len(allowed)} lines, at most {MOST_ALLOWED}.")
    print(
        f"floors: {AT_THE_BEGINNING} references upward were there, {len(references)}"
        f" are left ({len(known & set(allowed))} allowed)."
    )
    return int(bool(new or gone or too_many))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
