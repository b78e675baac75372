"""What a Python file knows: calls, attributes, imports, names in strings and SQL."""

import ast
import re

from .definitions import SAME_MODEL, read_model

# Of these the dots count: words of prose are not names.
SQL_WORDS = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|CHECK|WHERE)\b")
WORD = re.compile(r"[a-z_]+(?:\.[a-z_]+)+|[a-z_]+")
ALIAS = re.compile(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)\s+(?:AS\s+)?([a-z_]+)\b")
XML_IDS = re.compile(r"!?[a-z_]\w*(\.\w+)+(,!?[a-z_]\w*(\.\w+)+)*")
# Decorators whose strings are paths of fields.
OF_FIELDS = ("depends", "constrains", "onchange")


def python_names(tree, addon, definitions):
    """Yield (key, line) of all that a file knows, see ``floors``."""
    reader = _Reader(definitions)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            reader.read_class(node)
    yield from reader.found
    yield from _names(tree, addon, reader)


class _Reader:
    """Finds out of which model expressions are, as far as that is plain to see."""

    def __init__(self, definitions):
        self.definitions = definitions
        self.found = []
        self.models = {}  # id of an expression → its model
        self.known = set()  # ids of the nodes that are told of exactly

    def read_class(self, node):
        model = read_model(node)[0]
        if not model:
            return
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self._read_decorators(model, statement)
                self._read_function(model, statement)
            elif isinstance(statement, ast.Assign):
                self._read_field(model, statement.value)

    def _read_decorators(self, model, function):
        for call in function.decorator_list:
            if isinstance(call, ast.Call) and ast.unparse(call.func)[4:] in OF_FIELDS:
                for argument in call.args:
                    self._read_path(model, argument)

    def _read_field(self, model, call):
        if not isinstance(call, ast.Call):
            return
        for keyword in call.keywords:
            if keyword.arg == "related":
                self._read_path(model, keyword.value)

    def _read_path(self, model, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            keys = self.definitions.walk(model, node.value.split("."))[0]
            self.found += [(key, node.lineno) for key in keys]
            self.known.add(id(node))

    def _read_function(self, model, function):
        arguments = [*function.args.posonlyargs, *function.args.args]
        scope = {argument.arg: None for argument in arguments}
        if arguments:
            scope[arguments[0].arg] = model
        scope["super()"] = model
        # twice: what is bound below may be used above, in a loop
        for _turn in range(2):
            for node in ast.walk(function):
                self._bind(node, scope)
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                self.models[id(node)] = self._get_model(node.value, scope)

    def _bind(self, node, scope):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._bind_name(node.targets[0], node.value, scope)
        elif isinstance(node, ast.For | ast.comprehension):
            self._bind_name(node.target, node.iter, scope)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("filtered", "sorted", "mapped", "grouped"):
                for function in node.args:
                    if isinstance(function, ast.Lambda) and function.args.args:
                        name = ast.Name(function.args.args[0].arg)
                        self._bind_name(name, node.func.value, scope)

    def _bind_name(self, target, value, scope):
        if isinstance(target, ast.Name):
            model = self._get_model(value, scope)
            # a name for two things stands for neither
            if scope.get(target.id, model) != model:
                model = None
            scope[target.id] = model

    def _get_model(self, node, scope):
        """Return the model of an expression, None where it is not plain to see."""
        if isinstance(node, ast.Name):
            return scope.get(node.id)
        if isinstance(node, ast.Attribute):
            model = self._get_model(node.value, scope)
            if node.attr in SAME_MODEL:
                return model
            return model and self.definitions.get_comodel(model, node.attr)
        if isinstance(node, ast.Subscript):
            if isinstance(node.value, ast.Attribute) and node.value.attr == "env":
                return getattr(node.slice, "value", None)
            return self._get_model(node.value, scope)
        if isinstance(node, ast.Call):
            return self._get_model_of_call(node, scope)
        if isinstance(node, ast.BinOp):
            return self._get_model(node.left, scope)
        return None

    def _get_model_of_call(self, node, scope):
        if ast.unparse(node.func) == "super":
            return scope["super()"]
        if not isinstance(node.func, ast.Attribute):
            return None
        if node.func.attr in SAME_MODEL:
            return self._get_model(node.func.value, scope)
        if node.func.attr == "mapped" and isinstance(node.args[0], ast.Constant):
            model = self._get_model(node.func.value, scope)
            return self.definitions.walk(model, node.args[0].value.split("."))[1]
        return None


def _names(tree, addon, reader):
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    calls = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Attribute):
            name = f"{node.attr}()" if id(node) in calls else node.attr
            model = reader.models.get(id(node))
            key = reader.definitions.get_key(model, name)
            if key:
                yield key, line
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.level or node.module.startswith(f"odoo.addons.{addon}."):
                yield ("file", node.module.removeprefix("odoo.addons.")), line
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation | reader.known
        ):
            for key in _names_in_string(node.value, reader.definitions):
                if key:
                    yield key, line


def _names_in_string(text, definitions):
    if SQL_WORDS.search(text):
        yield from _names_in_sql(text, definitions)
    elif WORD.fullmatch(text):
        yield "name", text
        yield "model", text
        yield "table", text
    if XML_IDS.fullmatch(text):
        for xml_id in text.replace("!", "").split(","):
            yield "xml", xml_id.partition(".")[2]
        for part in text.split("."):
            yield "name", part


def _names_in_sql(text, definitions):
    """Yield tables and columns; of `alias.column` the table is known."""
    tables = {alias: table for table, alias in ALIAS.findall(text)}
    for word in WORD.findall(text):
        alias, _, column = word.partition(".")
        if column:
            table = tables.get(alias, alias)
            model = definitions.get_model_of_id(f"model_{table}")
            yield definitions.get_key(model, column) if model else ("table", table)
        elif word not in tables:
            yield "name", word
            yield "table", word
