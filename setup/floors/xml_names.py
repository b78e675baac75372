"""What an XML or CSV file knows: ids, models, fields, methods of buttons.

The fields of a view are looked up on its model, those of a list in it on the model that
the field leads to; where a model can't be told, names are matched as names.
"""

import csv
import re
import xml.etree.ElementTree as ElementTree
from xml.parsers import expat

# Attributes that hold xml ids, and those that hold expressions over fields.
IDS = ("ref", "inherit_id", "parent", "action", "groups", "t-call")
EXPRESSIONS = (
    "invisible readonly required column_invisible domain filter_domain context options"
    " date_start date_stop date_delay color date default_order default_group_by for"
).split()
VIEWS = ("list", "form", "kanban", "calendar", "graph", "pivot", "search", "activity")
# Fields of records whose text is code or a domain over the record's own model.
CODE = "domain context code domain_force body_html subject email_to partner_to".split()
REFERENCE = re.compile(r"(?:%\(|\bref\(['\"])([\w.]+)")
PATH = re.compile(r"\b[a-z_]\w*(?:\.\w+)*\b(\()?")
IN_XPATH = re.compile(r"(\w+)(?:\[@name=['\"]([^'\"]+)['\"]\])?")
LINE = "__line__"


def xml_names(text, addon, definitions):
    """Yield (key, line) of all that a file knows, see ``floors``."""
    reader = _Reader(addon, definitions)
    for element in _parse(text):
        if element.tag in ("record", "template", "menuitem"):
            reader.read(element)
        else:
            # <odoo> has its elements in it
            for child in element:
                reader.read(child)
    return reader.found


def csv_names(text, addon):
    """Yield (key, line) of the models and groups that a table of rights names."""
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        for column, value in row.items():
            if value and column.endswith(":id"):
                yield ("xml", value.removeprefix(f"{addon}.")), number


def _parse(text):
    """Return the elements of a file, with their lines; none where it is no XML."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()

    def start(tag, attributes):
        builder.start(tag, {**attributes, LINE: str(parser.CurrentLineNumber)})

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return []
    root = builder.close()
    return [root, *root.findall("data")]


class _Reader:
    def __init__(self, addon, definitions):
        self.addon = addon
        self.definitions = definitions
        self.found = []

    def _add(self, element, *keys):
        line = int(element.get(LINE))
        self.found += [(key, line) for key in keys if key]

    def _add_ids(self, element):
        for name in IDS:
            for value in re.findall(r"[\w.]+", element.get(name, "")):
                self._add(element, self._get_id(value))
        for name, value in element.items():
            if name != LINE:
                for xml_id in REFERENCE.findall(value):
                    self._add(element, self._get_id(xml_id))

    def _get_id(self, xml_id):
        return ("xml", xml_id.removeprefix(f"{self.addon}."))

    def _add_path(self, element, model, path, call=False):
        names = path.split(".")
        if call:
            names[-1] += "()"
        self._add(element, *self.definitions.walk(model, names)[0])

    # === RECORDS === #

    def read(self, record):
        if record.tag != "record":
            for element in record.iter():
                self._add_ids(element)
                self._read_template(element)
            return
        model = record.get("model", "")
        self._add(record, ("model", model))
        told = {field.get("name"): field for field in record.findall("field")}
        about = self._get_model_told(told)
        for field in record:
            self._add_ids(field)
            self._add(field, self.definitions.get_key(model, field.get("name")))
            for xml_id in REFERENCE.findall(field.text or ""):
                self._add(field, self._get_id(xml_id))
            if field.get("name") in ("model", "res_model"):
                self._add(field, ("model", (field.text or "").strip()))
            elif field.get("name") == "arch":
                for element in field:
                    self._read_view(element, [about])
            elif field.get("name") in CODE:
                self._read_code(field, about)

    def _read_template(self, element):
        """Read the fields and methods of what a page shows, known by name only."""
        for attribute, value in element.items():
            if attribute.startswith("t-"):
                for match in PATH.finditer(value):
                    # the first is a variable
                    for name in match[0].split(".")[1:]:
                        self._add(element, ("name", name.replace("(", "()")))

    def _get_model_told(self, told):
        """Return the model that a view, an action, a rule or an email is about."""
        for name in ("model", "res_model"):
            if name in told:
                return (told[name].text or "").strip()
        reference = told["model_id"].get("ref", "") if "model_id" in told else ""
        return self.definitions.get_model_of_id(reference.rpartition(".")[2])

    def _read_code(self, field, model):
        for element in field.iter():
            self._add_ids(element)
            texts = [value for name, value in element.items() if name != LINE]
            for text in [*texts, element.text or ""]:
                for match in PATH.finditer(text):
                    start, _, path = match[0].rstrip("(").partition(".")
                    if start in ("object", "model", "record", "records") and path:
                        self._add_path(element, model, path, call=bool(match[1]))
                    elif field.get("name") in ("domain", "domain_force") and model:
                        self._add_path(element, model, match[0].rstrip("("))

    # === VIEWS === #

    def _read_view(self, element, models):
        """Read an element of a view.

        :param list models: of the views it is in, the innermost last
        """
        model, name = models[-1], element.get("name", "")
        self._add_ids(element)
        if element.get("expr"):
            model = self._read_xpath(element, model)
        elif element.tag == "field" or element.get("position"):
            if element.tag == "field":
                self._add_path(element, model, name)
            elif element.tag == "button" and re.fullmatch(r"\w+", name):
                self._add_path(element, model, name, call=True)
        elif element.tag == "button" and element.get("type") == "object":
            self._add_path(element, model, name, call=True)
        for attribute, value in element.items():
            if attribute in EXPRESSIONS or attribute.startswith(("decoration-", "t-")):
                self._read_expression(element, [*models[:-1], model], value)
        inner = [*models[:-1], model]
        for child in element:
            if element.tag == "field" and child.tag in VIEWS:
                comodel = model and self.definitions.get_comodel(model, name)
                self._read_view(child, [*inner, comodel])
            else:
                self._read_view(child, inner)

    def _read_xpath(self, element, model):
        """Read the fields and buttons that an xpath names; return where it leads."""
        field = None
        for tag, name in IN_XPATH.findall(element.get("expr")):
            if tag in VIEWS and field:
                model = self.definitions.get_comodel(model, field) if model else None
            field = name if tag == "field" else None
            if tag == "field" and name:
                self._add_path(element, model, name)
            elif tag == "button" and re.fullmatch(r"\w+", name):
                self._add_path(element, model, name, call=True)
        return model

    def _read_expression(self, element, models, text):
        for match in PATH.finditer(text):
            path = match[0].rstrip("(")
            start, _, rest = path.partition(".")
            if start == "parent":
                outer = models[-2] if len(models) > 1 else None
                self._add_path(element, outer, rest)
            elif start == "record" and rest:
                self._add_path(element, models[-1], rest.split(".")[0])
            elif models[-1] or "_" in path:
                self._add_path(element, models[-1], path)
