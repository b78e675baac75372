from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.database import make_immutable_once
from ..base.groups import MANAGER_GROUP
from ..time.locks import FOR_SHARE

# what may change after somebody accepted it: whether it is still offered
MUTABLE = ("active",)


class CoachingTerms(models.Model):
    """What clients accept when they book (R48, R53, R54).

    A text that somebody accepted stays as it is; another text is a new version.
    """

    _name = "coaching.terms"
    _description = "Terms"
    _inherit = ["coaching.shared.mixin"]
    _order = "name, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    first_id = fields.Many2one(
        comodel_name="coaching.terms",
        string="First version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for the first version.",
    )
    body = fields.Html(
        string="Text", translate=True, help="The text the client reads and accepts."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        help="Empty: for every company.",
    )
    published_date = fields.Date(
        string="Published on",
        readonly=True,
        copy=False,
        default=lambda self: fields.Date.context_today(self),
    )
    acceptance_ids = fields.One2many(
        comodel_name="coaching.terms.acceptance",
        inverse_name="terms_id",
        string="Accepted by",
        readonly=True,
    )
    acceptance_count = fields.Integer(
        string="Accepted", compute="_compute_acceptance_count"
    )
    booking_type_ids = fields.One2many(
        string="Booking types",
        comodel_name="coaching.booking.type",
        inverse_name="terms_id",
    )

    _version_unique = models.UniqueIndex(
        "(COALESCE(first_id, id), version)",
        "This version of the terms already exists. Reload the list.",
    )
    _check_version = models.Constraint(
        "CHECK (version > 0 AND (first_id IS NULL) = (version = 1))",
        "The first version of terms is number 1.",
    )

    def init(self):
        super().init()
        make_immutable_once(
            self.env.cr,
            self._table,
            SQL(
                "EXISTS (SELECT FROM coaching_terms_acceptance WHERE terms_id = OLD.id)"
            ),
            MUTABLE,
        )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for terms in self:
            terms.display_name = self.env._(
                "%(name)s, version %(version)s",
                name=terms.name or "",
                version=terms.version,
            )

    def _compute_acceptance_count(self):
        # sudo: a number; whose sessions they are does not matter for it
        counts = dict(
            self.env["coaching.terms.acceptance"]
            .sudo()
            ._read_group([("terms_id", "in", self.ids)], ["terms_id"], ["__count"])
        )
        for terms in self:
            terms.acceptance_count = counts.get(terms._origin, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        if set(vals) - set(MUTABLE) and (accepted := self._get_accepted()):
            raise UserError(
                self.env._(
                    "Clients have accepted “%(terms)s”, so it can't change. Create a"
                    " new version and edit that one.",
                    terms=accepted[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        if accepted := self._get_accepted():
            raise UserError(
                self.env._(
                    "Clients have accepted “%(terms)s”, so it can't be deleted."
                    " Archive it instead.",
                    terms=accepted[0].display_name,
                )
            )

    def _get_accepted(self):
        """Return those of these terms that somebody accepted."""
        return self.filtered("acceptance_count")

    # === BUSINESS METHODS === #

    def action_new_version(self):
        """Copy terms to their next version, and offer that one from now on (R53).

        Booking types and companies that offer any version follow. Clients are asked
        again when they book the next time.

        :return: window with the new version
        :raise AccessError: unless the user is a manager
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can change terms."))
        self.ensure_one()
        first = self.first_id or self
        versions = self.with_context(active_test=False).search(
            ["|", ("id", "=", first.id), ("first_id", "=", first.id)]
        )
        new = self.copy(
            {
                "name": self.name,
                "first_id": first.id,
                "version": max(versions.mapped("version")) + 1,
            }
        )
        versions._hand_over(new)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _hand_over(self, new):
        """Offer other terms wherever these are offered."""
        types = self.env["coaching.booking.type"].with_context(active_test=False)
        types.search([("terms_id", "in", self.ids)]).write({"terms_id": new.id})
        # sudo: managers of coaching don't manage companies; these terms were theirs
        companies = self.env["res.company"].sudo()
        companies.search([("coaching_terms_id", "in", self.ids)]).write(
            {"coaching_terms_id": new.id}
        )
        self.active = False

    def _get_missing(self, partners):
        """Return which clients have not accepted this version.

        :param partners: ``res.partner``
        """
        self.ensure_one()
        # sudo: whether a client has accepted, whoever was the coach then
        accepted = (
            self.env["coaching.terms.acceptance"]
            .sudo()
            .search([("terms_id", "=", self.id), ("partner_id", "in", partners.ids)])
        )
        return partners - accepted.partner_id

    def _accept(self, attendances, how):
        """Record that the clients of a booking accepted this version, once each.

        :param attendances: ``coaching.attendance``
        :param str how: ``client``, or ``staff`` who recorded it
        """
        self.ensure_one()
        attendances.flush_recordset()
        # locked: nobody changes the text in the moment it is accepted
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO coaching_terms_acceptance (
                   terms_id, version, partner_id, company_id, session_id,
                   attendance_id, accepted_at, user_id, how,
                   create_uid, create_date, write_uid, write_date)
            SELECT terms.id, terms.version, attendance.partner_id,
                   attendance.company_id, attendance.session_id, attendance.id,
                   %(now)s, %(user)s, %(how)s, %(user)s, %(now)s, %(user)s, %(now)s
              FROM (SELECT id, version FROM coaching_terms
                     WHERE id = %(terms)s %(for_share)s) AS terms,
                   coaching_attendance AS attendance
             WHERE attendance.id = ANY(%(attendances)s)
                ON CONFLICT (terms_id, partner_id) DO NOTHING
            """,
                terms=self.id,
                for_share=FOR_SHARE,
                attendances=attendances.ids,
                now=self.env["coaching.session"]._now(),
                user=self.env.uid,
                how=how,
            )
        )
        self.invalidate_recordset(["acceptance_ids", "acceptance_count"], flush=False)

    def action_view_acceptances(self):
        """Open who accepted these terms, and when."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_terms_acceptance_action"
        )
        action["domain"] = [("terms_id", "=", self.id)]
        return action
