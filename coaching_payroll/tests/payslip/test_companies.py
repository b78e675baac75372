import re

from odoo.fields import Domain
from odoo.modules.module import get_manifest
from odoo.tests import tagged
from odoo.tools import file_open

from ..second_company import SecondCompanyCommon

ADDONS = ("coaching_sessions", "coaching_payroll", "coaching_portal", "coaching_sms")


@tagged("post_install", "-at_install")
class TestCompanies(SecondCompanyCommon):
    """A second company does all that a business does, by people who only have it."""

    def test_everything(self):
        """Sold, booked, closed, made up, paid, corrected (R1, R15, R138, R139)."""
        done, missed = self._book_second(), self._book_second(days=2)
        self.assertEqual((done | missed).company_id, self.second)
        self.travel(missed.stop)
        done.attendance_ids.with_user(self.second_coach_user).action_close("completed")
        missed.attendance_ids.with_user(self.second_coach_user).action_close("no_show")
        self.assertTrue(missed.attendance_ids.sudo().makeup_id)
        makeup = self._book_second(
            days=3,
            booking_type_id=self.makeup_type.id,
            makeup_of_id=missed.attendance_ids.id,
        )
        self.travel(makeup.stop)
        makeup.attendance_ids.with_user(self.second_coach_user).action_close(
            "completed"
        )
        march = self._second_payslip()
        self.assertEqual(self._total(march.sudo()), 80.0)
        march.action_payslip_done()
        done.attendance_ids.with_user(self.second_manager).action_close(
            "coach_missed", note="Ill"
        )
        april = self._second_payslip(month=4)
        self.assertEqual(self._total(april.sudo()), -40.0)
        april.action_payslip_done()
        self.assertEqual(april.state, "done")

    def test_structure_of_every_company(self):
        """People choose the structure and see the category that are shipped."""
        for xml_id in (
            "hr_salary_rule_category_coaching",
            "hr_salary_rule_coaching",
            "hr_payroll_structure_coaching",
        ):
            record = self.env.ref(f"coaching_payroll.{xml_id}")
            record.with_user(self.second_officer).check_access("read")

    def test_nothing_shipped_is_of_one_company(self):
        """By reflection: what the addons ship is for every company, except the demo."""
        shipped = self.env["ir.model.data"].search(
            [("module", "in", ADDONS)],
        )
        demo = self._demo_names()
        found = []
        for model, rows in shipped.grouped("model").items():
            field = self.env.get(model) is not None and self.env[model]._fields.get(
                "company_id"
            )
            if not field or not field.store or field.related or model == "res.users":
                continue
            ids = [row.res_id for row in rows if row.name not in demo]
            domain = Domain("id", "in", ids) & Domain("company_id", "!=", False)
            found += (
                self.env[model].with_context(active_test=False).search(domain)
            ).mapped(lambda record: f"{record}: {record.display_name}")
        self.assertEqual(found, [])

    def _demo_names(self):
        """Return the XML ids of the demo: it is of the main company, on purpose."""
        names = set()
        for addon in ADDONS:
            for path in get_manifest(addon).get("demo", ()):
                with file_open(f"{addon}/{path}") as demo:
                    names |= set(re.findall(r'<record\s+id="(\w+)"', demo.read()))
        return names | {f"{name}_hr_version" for name in names}
