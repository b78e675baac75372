"""What the Python and XML files of an addon define, by capability."""

import ast
import collections
import csv
import re

# What these return is of the model that they are called on.
SAME_MODEL = set(
    "sudo with_context with_user with_company with_env with_prefetch filtered sorted"
    " filtered_domain exists browse search search_fetch new create copy ensure_one"
    " grouped _origin concat union".split()
)


class Definitions:
    """Where each name of an addon is defined, and what fields lead to.

    :param below: the Definitions of the addons that this one depends on
    """

    def __init__(self, below=()):
        self.below = below
        self.homes = collections.defaultdict(set)  # key → capabilities
        self.models_of = collections.defaultdict(set)  # name → models that have it
        self.mixins = collections.defaultdict(set)  # model → models it inherits
        self.fields = {}  # (model, field) → ("comodel", model) or ("related", path)
        self.abstract = set()
        self.model_ids = {}  # xml id that Odoo gives a model → model

    # === READING === #

    def read_python(self, tree, capability):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self._read_class(node, capability)

    def _read_class(self, node, capability):
        model, own, mixins = read_model(node)
        if own:
            self.homes["model", model].add(capability)
            self.homes["table", model.replace(".", "_")].add(capability)
            xml_id = "model_" + model.replace(".", "_")
            self.homes["xml", xml_id].add(capability)
            self.model_ids[xml_id] = model
            self.mixins[model] |= mixins
            if any(ast.unparse(base).endswith("AbstractModel") for base in node.bases):
                self.abstract.add(model)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                if not _extends(statement):
                    self._add(model, f"{statement.name}()", capability)
            elif isinstance(statement, ast.Assign) and isinstance(
                statement.value, ast.Call
            ):
                name = getattr(statement.targets[0], "id", "")
                function = ast.unparse(statement.value.func)
                if function.startswith("fields."):
                    self._add(model, name, capability)
                    self._read_field(model, name, statement.value)
                elif function.startswith("models."):
                    constraint = model.replace(".", "_") + name
                    self.homes["name", constraint].add(capability)

    def _add(self, model, name, capability):
        self.homes["member", model, name].add(capability)
        self.homes["name", name].add(capability)
        self.models_of[name].add(model)

    def _read_field(self, model, name, call):
        options = {keyword.arg: keyword.value for keyword in call.keywords}
        comodel = options.get("comodel_name", call.args[0] if call.args else None)
        if isinstance(comodel, ast.Constant) and "2" in ast.unparse(call.func):
            self.fields[model, name] = ("comodel", comodel.value)
        elif isinstance(options.get("related"), ast.Constant):
            self.fields[model, name] = ("related", options["related"].value)

    def read_xml(self, text, capability):
        for xml_id in re.findall(r'<\w+[^>]*\bid="([\w.]+)"', text):
            self.homes["xml", xml_id].add(capability)

    def read_csv(self, text, capability):
        for row in csv.DictReader(text.splitlines()):
            self.homes["xml", row.get("id")].add(capability)

    # === ASKING === #

    def get_comodel(self, model, name, depth=0):
        """Return the model that a field leads to, None where nobody knows."""
        for ancestor in self.get_ancestors(model):
            for definitions in (self, *self.below):
                kind, value = definitions.fields.get((ancestor, name), (None, None))
                if kind == "comodel":
                    return value
                if kind == "related" and depth < 5:
                    return self.walk(model, value.split("."), depth + 1)[1]
        return None

    def walk(self, model, names, depth=0):
        """Follow names from a model; return the keys met, and the model at the end."""
        keys = []
        for name in names:
            keys.append(self.get_key(model, name))
            model = self.get_comodel(model, name, depth) if model else None
        return [key for key in keys if key], model

    def get_key(self, model, name):
        """Return the key of a field or ``method()``, None where Odoo defines it."""
        if not model:
            return ("name", name)
        for ancestor in self.get_ancestors(model):
            if ("member", ancestor, name) in self.homes:
                return ("member", ancestor, name)
        # A mixin calls what those have who inherit it.
        return ("name", name) if self.is_abstract(model) else None

    def get_ancestors(self, model):
        """Return the model and those it inherits, from whichever addon."""
        found, queue = [], [model]
        while queue:
            ancestor = queue.pop(0)
            if ancestor not in found:
                found.append(ancestor)
                for definitions in (self, *self.below):
                    queue += sorted(definitions.mixins.get(ancestor, ()))
        return found

    def get_model_of_id(self, xml_id):
        """Return the model whose xml id is told, without the addon; or None."""
        for definitions in (self, *self.below):
            if xml_id in definitions.model_ids:
                return definitions.model_ids[xml_id]
        return None

    def is_abstract(self, model):
        return any(model in definitions.abstract for definitions in (self, *self.below))


def _extends(function):
    """Return whether a method calls the one below: that is where it is defined."""
    return f"super().{function.name}(" in ast.unparse(function)


def read_model(node):
    """Return (model, whether the class defines it, models it inherits) of a class."""
    attributes = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            target = getattr(statement.targets[0], "id", "")
            if target in ("_name", "_inherit"):
                try:
                    attributes[target] = ast.literal_eval(statement.value)
                except ValueError:
                    continue
    inherited = attributes.get("_inherit", [])
    inherited = {inherited} if isinstance(inherited, str) else set(inherited)
    model = attributes.get("_name") or (
        inherited.copy().pop() if len(inherited) == 1 else ""
    )
    own = "_name" in attributes and model not in inherited
    return model, own, inherited - {model}
