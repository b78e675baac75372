from odoo.tests import tagged

from ..second_company import SecondCompanyCommon


@tagged("post_install", "-at_install")
class TestCurrencies(SecondCompanyCommon):
    """A payslip pays in the decimals of its currency: none, two, three."""

    def _pay_three(self, code, amount):
        """Return a payslip, done, of three sessions in a currency."""
        self.env["decimal.precision"].search([("name", "=", "Payroll")]).digits = 2
        currency = self.env.ref(f"base.{code}")
        currency.active = True
        self.second.currency_id = currency
        self.second_rule.amount = amount
        for days in (1, 2, 3):
            self.close(self._book_second(days=days), "completed")
        payslip = self._second_payslip()
        payslip.action_payslip_done()
        self.assertEqual(payslip.state, "done")
        lines = payslip.sudo().coaching_line_ids
        self.assertEqual(lines.mapped("state"), ["paid"] * 3)
        return payslip.sudo()

    def test_three_decimals(self):
        payslip = self._pay_three("KWD", 8.438)
        self.assertEqual(self.second_rule.amount, 8.438)
        self.assertAlmostEqual(self._total(payslip), 25.314, 6)
        payslip.line_ids.invalidate_recordset()
        self.assertAlmostEqual(self._total(payslip), 25.314, 6)

    def test_two_decimals(self):
        self.assertAlmostEqual(self._total(self._pay_three("EUR", 8.44)), 25.32, 6)

    def test_no_decimals(self):
        """Half of a yen is rounded for each session, and paid as it is rounded."""
        self.env["coaching.outcome.policy"].search(
            [("outcome_id.code", "=", "completed"), ("complimentary", "=", False)]
        ).pay_percent = 50
        self.assertAlmostEqual(self._total(self._pay_three("JPY", 845)), 1269, 6)

    def test_precision_is_only_raised(self):
        """What a business set finer stays."""
        precision = self.env["decimal.precision"].search([("name", "=", "Payroll")])
        self._pay_three("JPY", 800)
        self.assertEqual(precision.digits, 2)
        precision.digits = 4
        self._second_payslip(month=4)
        self.assertEqual(precision.digits, 4)
