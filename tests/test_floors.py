"""The floors: what the check finds, in an addon made for it and in the product."""

import collections
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import check_floors
import pytest
from floors.addon import read_addons
from floors.allowed import MOST, read_allowed
from floors_house import CELLAR, HOUSE, TOWER, TOWER_VIEW, VIEW, add

TOP = Path(__file__).resolve().parents[1]
ALLOWED = "setup/floors_allowed.txt"


@pytest.fixture
def house(tmp_path):
    """A checkout with one addon that keeps to its floors."""
    for name, text in HOUSE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "setup").mkdir()
    return tmp_path


@pytest.fixture
def check(capsys):
    """Returns (exit status, output) of the command for a checkout."""

    def run(top):
        status = check_floors.main(["--top", str(top)])
        return status, capsys.readouterr().out

    return run


def test_house_that_keeps_to_its_floors(house, check):
    status, output = check(house)
    assert status == 0, output
    assert "0 are left" in output


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        (CELLAR, "\n    def x(self):\n        self.action_wrap()\n", "action_wrap()"),
        (CELLAR, "\n    def x(self):\n        return self.ribbon_id\n", "ribbon_id"),
        (
            CELLAR,
            "\n    def x(self):\n        for a in self.sudo():\n            a.ribbon\n",
            "house.box.ribbon",
        ),
        (CELLAR, "\n    y = fields.Char(related='ribbon_id.colour')\n", "colour"),
        (CELLAR, "\n    def x(self):\n        self.env['house.ribbon']\n", "ribbon"),
        (
            CELLAR,
            "\n    def x(self, bells):\n        return bells.ribbon_id\n",
            "ribbon_id",
        ),
        (CELLAR, "\nfrom ..attic.house_ribbon import Ribbon\n", "attic.house_ribbon"),
        (CELLAR, "\nQUERY = 'SELECT size FROM house_ribbon'\n", "table:house_ribbon"),
        (CELLAR, "\nACTION = 'demo_house.house_ribbon_action'\n", "xml:house_ribbon_"),
        (TOWER, "\n    def x(self):\n        self.box_id.action_wrap()\n", "action_w"),
        (TOWER, "\nfrom ..attic.house_ribbon import Ribbon\n", "attic.house_ribbon"),
    ],
    ids=[
        "call",
        "field",
        "field in a loop",
        "related field",
        "model",
        "field by name",
        "import",
        "table",
        "xml id",
        "sibling's method through a relation",
        "sibling",
    ],
)
def test_python_that_knows_what_is_not_below(house, check, file, text, name):
    add(house, file, text)
    status, output = check(house)
    assert status == 1
    assert file in output
    assert name in output


@pytest.mark.parametrize(
    ("arch", "name"),
    [
        ("<list><field name='ribbon' /></list>", "house.box.ribbon"),
        ("<list><field name='size' invisible='ribbon' /></list>", "house.box.ribbon"),
        ("<list><button name='action_wrap' type='object' /></list>", "action_wrap()"),
        ("<list><button name='%(house_ribbon_action)d' /></list>", "xml:house_ribbon_"),
        ("<xpath expr=\"//field[@name='ribbon']\" position='after' />", "box.ribbon"),
    ],
)
def test_views_that_know_what_is_not_below(house, check, arch, name):
    view = VIEW.format(model="house.box", arch=arch)
    add(house, "demo_house/views/cellar/house_box_list_views.xml", view)
    status, output = check(house)
    assert status == 1
    assert "views/cellar/house_box_list_views.xml:4" in output
    assert name in output


def test_page_that_calls_what_is_not_below(house, check):
    page = """<odoo><template id="box_page">
        <p t-out="box.action_wrap()" /></template></odoo>"""
    add(house, "demo_house/views/cellar/house_box_templates.xml", page)
    status, output = check(house)
    assert status == 1
    assert "house_box_templates.xml:2" in output
    assert "action_wrap()" in output


def test_mail_that_calls_what_is_not_below(house, check):
    mail = """<odoo><record id="mail_template_box" model="mail.template">
        <field name="model_id" ref="model_house_box" />
        <field name="body_html" type="html"><p t-out="object.ribbon" /></field>
    </record></odoo>"""
    add(house, "demo_house/data/cellar/mail_template_data.xml", mail)
    status, output = check(house)
    assert status == 1
    assert "mail_template_data.xml:3: cellar knows house.box.ribbon of att" in output


def test_sql_of_columns(house, check):
    """A column is looked up on its table, and what a query calls one is no name."""
    query = "SELECT box.ribbon FROM house_box box JOIN house_box AS ribbon_id ON true"
    add(house, CELLAR, f"\nQUERY = '{query}'\n")
    status, output = check(house)
    assert status == 1
    assert "house.box.ribbon of attic" in output
    assert "ribbon_id" not in output


def test_views_of_lines_are_of_their_model(house, check):
    arch = """<form><field name="box_ids"><list><field name="size" />
        <field name="ribbon_id" invisible="parent.colour" /></list></field></form>"""
    view = VIEW.format(model="house.ribbon", arch=arch)
    add(house, "demo_house/views/tower/house_bell_views.xml", view)
    status, output = check(house)
    assert status == 1
    found = [line for line in output.split("\n") if TOWER_VIEW in line]
    names = {line.split(" knows ")[1].split(" of ")[0] for line in found}
    assert names == {
        "house.ribbon",
        "house.ribbon.box_ids",
        "house.ribbon.colour",
        "house.box.ribbon_id",
    }


def test_a_field_of_the_same_name_is_another_field(house, check):
    """The tower's bell has a ribbon of its own, and the cellar a size."""
    view = VIEW.format(model="house.bell", arch="<list><field name='ribbon' /></list>")
    add(house, TOWER_VIEW, view)
    add(house, TOWER, "\n    def x(self):\n        return self.ribbon\n")
    assert check(house)[0] == 0


def test_rights_name_a_model_above(house, check):
    add(
        house,
        "demo_house/security/cellar/ir.model.access.csv",
        "id,model_id:id\naccess_ribbon,model_house_ribbon\n",
    )
    status, output = check(house)
    assert status == 1
    assert "xml:model_house_ribbon" in output


# === EXCEPTIONS === #


def test_exception_with_a_reason(house, check):
    add(house, CELLAR, "\nACTION = 'demo_house.house_ribbon_action'\n")
    line = f"{CELLAR} xml:house_ribbon_action # Odoo looks for it here\n"
    add(house, ALLOWED, "# exceptions\n" + line)
    status, output = check(house)
    assert status == 0, output


def test_exception_that_is_not_needed(house, check):
    add(house, ALLOWED, f"{CELLAR} house.ribbon # it was needed once\n")
    status, output = check(house)
    assert status == 1
    assert "delete it" in output


def test_exception_without_a_reason(house, check):
    add(house, CELLAR, "\nACTION = 'demo_house.house_ribbon_action'\n")
    add(house, ALLOWED, f"{CELLAR} xml:house_ribbon_action\n")
    status, output = check(house)
    assert status == 1
    assert "no reason" in output


def test_too_many_exceptions(house, check):
    for number in range(MOST + 1):
        file = f"demo_house/models/cellar/house_{number}.py"
        add(house, file, "ACTION = 'demo_house.house_ribbon_action'\n")
        add(house, ALLOWED, f"{file} xml:house_ribbon_action # for this test\n")
    status, output = check(house)
    assert status == 1
    assert f"at most {MOST}" in output


# === THE PRODUCT === #


def test_product_broken_on_purpose(tmp_path, check):
    """One line in a low file that names a high model is found, and nothing else."""
    for manifest in TOP.glob("*/__manifest__.py"):
        ignored = shutil.ignore_patterns("static", "tests", "__pycache__")
        shutil.copytree(
            manifest.parent, tmp_path / manifest.parent.name, ignore=ignored
        )
    (tmp_path / "setup").mkdir()
    if (TOP / ALLOWED).exists():
        shutil.copy(TOP / ALLOWED, tmp_path / ALLOWED)
    before = check(tmp_path)[1].split("\n")
    file = tmp_path / "coaching_sessions/models/catalog/coaching_coach.py"
    with file.open("a") as coach:
        coach.write(
            "\n    def _get_series(self):\n"
            "        return self.env['coaching.series'].search([])\n"
        )
    status, output = check(tmp_path)
    assert status == 1
    # the last line counts them
    (line,) = set(output.strip().split("\n")[:-1]) - set(before)
    assert line.startswith("coaching_sessions/models/catalog/coaching_coach.py:")
    assert "catalog knows coaching.series of series" in line


@pytest.mark.parametrize("commit", ["HEAD", "HEAD~1"])
def test_list_of_exceptions_only_gets_shorter(commit):
    """Against the last commits, where there are any."""
    command = ["git", "-C", TOP, "show", f"{commit}:{ALLOWED}"]
    try:
        last = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    if last.returncode:
        pytest.skip("there is no such commit, or no list in it")
    now = (TOP / ALLOWED).read_text() if (TOP / ALLOWED).exists() else ""
    assert len(read_allowed(now)) <= len(read_allowed(last.stdout))


def test_views_are_extended_floor_by_floor():
    """What a lower floor puts into a view is there when an upper one looks for it."""
    extensions = collections.defaultdict(list)
    for addon in read_addons(TOP):
        for path, text in addon.documents.items():
            level = addon.level[addon.capability(path)]
            for view, priority in _read_extensions(ElementTree.fromstring(text)):
                view = view.removeprefix(f"{addon.folder.name}.")
                # more than Odoo's own 16: last on purpose
                if priority <= 16:
                    found = (level, priority, path.as_posix())
                    extensions[addon.folder.name, view].append(found)
    for (_addon, view), found in extensions.items():
        found.sort()
        priorities = [priority for _level, priority, _path in found]
        assert priorities == sorted(priorities), (view, found)


def _read_extensions(root):
    """Yield (view, priority) of what a file extends; Odoo takes 16 by itself."""
    for template in root.iter("template"):
        if template.get("inherit_id"):
            yield template.get("inherit_id"), int(template.get("priority", 16))
    for record in root.iter("record"):
        fields = {field.get("name"): field for field in record.iter("field")}
        if record.get("model") == "ir.ui.view" and "inherit_id" in fields:
            told = fields.get("priority")
            priority = 16 if told is None else int(told.text)
            yield fields["inherit_id"].get("ref"), priority
