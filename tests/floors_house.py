"""A tiny addon with floors, for tests of the check that keeps them."""

# Two floors, the upper one with two siblings.
HOUSE = {
    "demo_house/__manifest__.py": "{'name': 'House', 'depends': []}",
    "demo_house/models/__init__.py": (
        "from . import cellar\nfrom . import attic, tower\n"
    ),
    "demo_house/models/cellar/house_box.py": """
from odoo import fields, models

class Box(models.Model):
    _name = "house.box"

    size = fields.Integer()

    def action_open(self):
        return self.size
""",
    "demo_house/models/attic/house_box.py": """
from odoo import fields, models
from ..cellar.house_box import Box

class Box(models.Model):
    _inherit = "house.box"

    ribbon = fields.Char(related="ribbon_id.colour")
    ribbon_id = fields.Many2one("house.ribbon")

    def action_wrap(self):
        for box in self:
            box.action_open()
""",
    "demo_house/models/attic/house_ribbon.py": """
from odoo import fields, models

class Ribbon(models.Model):
    _name = "house.ribbon"

    colour = fields.Char()
    box_ids = fields.One2many("house.box", "ribbon_id")
""",
    "demo_house/models/tower/house_bell.py": """
from odoo import fields, models

class Bell(models.Model):
    _name = "house.bell"

    box_id = fields.Many2one(comodel_name="house.box")
    # of the same name as what the attic has on another model
    ribbon = fields.Char()
""",
    "demo_house/views/cellar/house_box_views.xml": """<odoo>
    <record id="house_box_view_form" model="ir.ui.view">
        <field name="model">house.box</field>
        <field name="arch" type="xml">
            <form>
                <button name="action_open" type="object" />
                <field name="size" />
            </form>
        </field>
    </record>
</odoo>""",
    "demo_house/views/attic/house_box_views.xml": """<odoo>
    <record id="house_box_view_form_attic" model="ir.ui.view">
        <field name="model">house.box</field>
        <field name="inherit_id" ref="house_box_view_form" />
        <field name="arch" type="xml">
            <field name="size" position="after"><field name="ribbon" /></field>
        </field>
    </record>
    <record id="house_ribbon_action" model="ir.actions.act_window">
        <field name="res_model">house.ribbon</field>
    </record>
</odoo>""",
}
CELLAR = "demo_house/models/cellar/house_box.py"
TOWER = "demo_house/models/tower/house_bell.py"
TOWER_VIEW = "demo_house/views/tower/house_bell_views.xml"

VIEW = """<odoo>
    <record id="house_box_view_list" model="ir.ui.view">
        <field name="model">{model}</field>
        <field name="arch" type="xml">{arch}</field>
    </record>
</odoo>"""


def add(house, file, text):
    """Append text to a file of the house, a new one where there is none."""
    path = house / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)
