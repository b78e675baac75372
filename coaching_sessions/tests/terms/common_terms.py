from ..common import CoachingCommon


class TermsCommon(CoachingCommon):
    """House rules, under which a session is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["coaching.terms"].create(
            {"name": "House rules", "body": "<p>Be on time.</p>", "company_id": False}
        )
        cls.individual.terms_id = cls.terms
        # who changes what counts for every company manages every company
        cls.manager.company_ids = cls.env["res.company"].search([])
