from odoo.tests import tagged

from .common_terms import TermsCommon


@tagged("post_install", "-at_install")
class TestTermsWords(TermsCommon):
    """What cancelling and moving mean, in words."""

    def sentences(self, booking_type=None):
        return (booking_type or self.individual)._describe_terms(self.company)

    # R53 R54
    def test_in_words(self):
        self.assertEqual(
            self.sentences(),
            [
                "Cancel more than 24 hours before the start: the session is returned"
                " to your package.",
                "Later, or if you don't attend: it is used.",
                "You can move it yourself up to 24 hours before the start; after that,"
                " ask your coach.",
            ],
        )
        self.individual.write({"cancel_notice_hours": 48, "reschedule_notice_hours": 0})
        self._issue_makeups("no_show")
        self.assertEqual(
            self.sentences(),
            [
                "Cancel more than 48 hours before the start: the session is returned"
                " to your package.",
                "Later: it is used.",
                "If you don't attend: it is used, and you get one free make-up.",
                "You can move it until it begins.",
            ],
        )
        self.individual.write(
            {"reschedule_notice_hours": 12, "late_reschedule": "refuse"}
        )
        self.assertIn("hours before the start, but not later", self.sentences()[-1])
        self.assertNotIn("move it", self.sentences(self.group_type)[-1])
        self.assertEqual(
            self.individual.policy_description.split("\n"), self.sentences()
        )

    # R53 R55
    def test_tiers_and_allowances_in_words(self):
        late = self.env.ref("coaching_sessions.policy_paid_client_late_cancel")
        late.write(
            {
                "excused_count": 2,
                "tier_ids": [
                    (0, 0, {"notice_hours": 12, "uses_session": False}),
                    # of no meaning: that early is no late cancellation
                    (0, 0, {"notice_hours": 30, "uses_session": True}),
                ],
            }
        )
        self.assertEqual(
            self.sentences()[:2],
            [
                "Cancel more than 12 hours before the start: the session is returned"
                " to your package.",
                "Later, or if you don't attend: it is used.",
            ],
        )
        self.assertIn("is excused 2 times a year", self.sentences()[2])
        late.excused_count = 1
        self.assertIn("is excused once a year", self.sentences()[2])
        late.tier_ids[0].charge_percent = 50
        late.tier_ids[1].charge_percent = 50
        self.assertEqual(
            self.sentences()[1],
            "Cancel more than 12 hours before the start: the session is returned to"
            " your package, and you pay 50% of the price.",
        )

    # R53
    def test_what_costs_nothing_in_words(self):
        for kind in ("client_early_cancel", "client_late_cancel", "no_show"):
            policy = self.env.ref(f"coaching_sessions.policy_complimentary_{kind}")
            self.assertEqual(policy._describe(self.consultation), "you pay nothing")
        self.assertEqual(
            self.sentences(self.consultation)[0],
            "Whenever you cancel, or if you don't attend: you pay nothing.",
        )
        self.assertIn("the make-up is used", self.sentences(self.makeup_type)[1])

    # R54
    def test_in_the_mail(self):
        self.client.lang = "en_US"
        session = self.book()
        mails = self.env["coaching.notification"].search(
            [("attendance_id", "=", session.attendance_ids.id)]
        )
        for mail in mails:
            mail._send()
            body = mail.mail_id.body_html
            if mail.partner_id == self.client:
                self.assertIn("the session is returned to your package", body)
            else:
                self.assertNotIn("the session is returned to your package", body)
        self.assertIn(self.client, mails.partner_id)

    def test_for_any_page(self):
        """What a page shows before booking, as plain values."""
        values = self.individual._get_booking_terms(self.company, self.client)
        self.assertEqual(values["id"], self.terms.id)
        self.assertFalse(values["accepted"])
        self.assertEqual(values["sentences"], self.sentences())
        self.book(terms_accepted=values["id"])
        values = self.individual._get_booking_terms(self.company, self.client)
        self.assertTrue(values["accepted"])
        values = self.consultation._get_booking_terms(self.company, self.client)
        self.assertEqual((values["id"], values["accepted"]), (False, True))
