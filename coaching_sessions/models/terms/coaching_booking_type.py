from odoo import api, fields, models

from ...tools.notice import MOMENT
from ..catalog.coaching_outcome import LATE_CODE


class CoachingBookingType(models.Model):
    """Under which terms it is booked, in words (R48, R53, R54, R57)."""

    _inherit = "coaching.booking.type"

    terms_id = fields.Many2one(
        comodel_name="coaching.terms",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Terms clients accept before their first booking. Empty: the company's"
        " terms.",
    )
    agreement_required = fields.Boolean(
        string="Client must agree",
        help="Whoever books it for a client confirms that the client agreed to this"
        " session. Clients who book for themselves agree by booking.",
    )
    policy_description = fields.Text(
        string="In words", compute="_compute_policy_description"
    )

    @api.depends(
        "cancel_notice_hours",
        "reschedule_notice_hours",
        "late_reschedule",
        "max_participants",
        "complimentary",
        "is_makeup",
        "package_required",
        "policy_ids",
        "company_id",
    )
    @api.depends_context("company", "lang")
    def _compute_policy_description(self):
        for booking_type in self:
            company = booking_type.company_id or self.env.company
            booking_type.policy_description = "\n".join(
                booking_type._describe_terms(company)
            )

    def _get_terms(self, company):
        """Return the terms that are accepted when this is booked, or an empty record.

        :param company: ``res.company`` of the coach
        """
        self.ensure_one()
        # sudo: what is offered to clients
        return self.sudo().terms_id or company.sudo().coaching_terms_id

    def _get_booking_terms(self, company, partner):
        """Return what a client reads before a booking, as plain values (R54).

        :param company: ``res.company`` of the coach
        :param partner: ``res.partner`` who books
        :return: dict of ``sentences``; ``id``, ``name``, ``version`` and ``body`` of
            the terms, and whether they are ``accepted``; ``id`` is False where there
            is nothing to accept. ``book`` takes the id as ``terms_accepted``.
        """
        self.ensure_one()
        terms = self._get_terms(company)
        return {
            "sentences": self._describe_terms(company),
            "id": terms.id,
            "name": terms.name,
            "version": terms.version,
            "body": terms.body,
            "accepted": not (terms and terms._get_missing(partner)),
        }

    def _describe_terms(self, company):
        """Return what notice and policy mean for the client, as sentences (R53).

        :param company: ``res.company`` whose policy counts
        :return: list of str
        """
        self.ensure_one()
        # sudo: the rules that clients live by, in words only
        booking_type = self.sudo()
        steps = booking_type._get_notice_steps(company)
        missed = booking_type._find_client_policy("no_show", company)
        absent = missed._describe(booking_type)
        sentences = []
        for hours, what in steps:
            values = {"hours": f"{hours:g}", "what": what}
            last = hours == steps[-1][0]
            if last and what == absent:
                # said together: most people do not tell the two apart
                absent = ""
                sentences.append(
                    self.env._(
                        "Whenever you cancel, or if you don't attend: %(what)s.",
                        **values,
                    )
                    if len(steps) == 1
                    else self.env._(
                        "Later, or if you don't attend: %(what)s.", **values
                    )
                )
            elif hours:
                sentences.append(
                    self.env._(
                        "Cancel more than %(hours)s hours before the start: %(what)s.",
                        **values,
                    )
                )
            else:
                sentences.append(
                    self.env._("Cancel before the start: %(what)s.", **values)
                    if len(steps) == 1
                    else self.env._("Later: %(what)s.", **values)
                )
        if absent:
            sentences.append(self.env._("If you don't attend: %(what)s.", what=absent))
        late = booking_type._find_client_policy(LATE_CODE, company)
        sentences += late._describe_excused(booking_type)
        sentences += missed._describe_excused(booking_type)
        return sentences + booking_type._describe_moving()

    def _describe_moving(self):
        """Return until when clients move it, as a list of sentences (R48)."""
        self.ensure_one()
        if self.max_participants > 1:
            return []
        hours = self.reschedule_notice_hours
        if not hours or self.late_reschedule == "free":
            return [self.env._("You can move it until it begins.")]
        values = {"hours": f"{hours:g}"}
        if self.late_reschedule == "ask":
            return [
                self.env._(
                    "You can move it yourself up to %(hours)s hours before the"
                    " start; after that, ask your coach.",
                    **values,
                )
            ]
        return [
            self.env._(
                "You can move it up to %(hours)s hours before the start, but not"
                " later.",
                **values,
            )
        ]

    def _find_client_policy(self, code, company):
        """Return the row of the policy for an outcome, empty when there is none."""
        self.ensure_one()
        outcome_id = self.env["coaching.outcome"]._find_id_by_code(code, company.id)
        Policy = self.env["coaching.outcome.policy"]
        return Policy.browse(
            outcome_id
            and Policy._find_policy_id(
                outcome_id, self.complimentary, self._origin.id, company.id
            )
        )

    def _get_notice_steps(self, company):
        """Return what cancelling leads to, by notice: the most notice first.

        :return: list of (hours, what follows with more notice than that); the last one
            is of 0 hours
        """
        self.ensure_one()
        early = self._find_client_policy("client_early_cancel", company)
        late = self._find_client_policy(LATE_CODE, company)
        notice = self.cancel_notice_hours
        tiers = {
            *(hours for hours, _id in early._find_tiers(early.id) if hours > notice),
            *(hours for hours, _id in late._find_tiers(late.id) if hours < notice),
        }
        steps = []
        for hours in sorted({*tiers, notice, 0.0}, reverse=True):
            policy = early if hours >= notice else late
            # a moment more notice than that
            what = policy._describe(self, hours + MOMENT)
            if steps and steps[-1][1] == what:
                steps[-1] = (hours, what)
            elif what:
                steps.append((hours, what))
        return steps
