from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.arguments import check_there, parse_text, without_defaults
from ..base.groups import MANAGER_GROUP


class CoachingDispute(models.Model):
    """A manager accepts or rejects a dispute, its client withdraws it; once."""

    _inherit = "coaching.dispute"

    def action_accept(self, outcome_code=None, resolution=""):
        """Agree with the client: record what the client says happened (rank 13, 15).

        The session is closed again with that outcome, and everything that follows
        from it is posted anew.

        :param str outcome_code: code of a ``coaching.outcome``; by default what the
            client asked for, ``coach_missed`` when the coach did not come
        :param str resolution: answer that the client reads
        :return: True
        :raise UserError: when it is settled already, or no outcome is known
        :raise AccessError: unless the user is a manager, and neither coach nor client
        """
        check_there(self)
        self._check_judge()
        outcome_code = parse_text(self.env, outcome_code)
        resolution = parse_text(self.env, resolution).strip()
        for dispute in self:
            code = outcome_code or dispute._get_default_outcome_code()
            # all or nothing, also for callers who catch the error
            with self.env.cr.savepoint():
                dispute._settle("accepted", resolution)
                dispute.attendance_id.action_close(
                    code, note=resolution or dispute.claim
                )
        return True

    def action_reject(self, resolution):
        """Keep what is recorded, and tell the client why (rank 13).

        :param str resolution: reason that the client reads
        :return: True
        :raise UserError: without a reason, or when it is settled already
        :raise AccessError: unless the user is a manager, and neither coach nor client
        """
        check_there(self)
        self._check_judge()
        resolution = parse_text(self.env, resolution).strip()
        if not resolution:
            raise UserError(
                self.env._(
                    "Give the reason for the rejection. The client will read it."
                )
            )
        for dispute in self:
            dispute._settle("rejected", resolution)
        return True

    def action_withdraw(self):
        """Take the objection back, as the client who made it (rank 13).

        :return: True
        :raise UserError: when it is settled already
        :raise AccessError: unless the user is that client
        """
        self.check_access("read")
        check_there(self)
        if self.partner_id - self.env.user.partner_id:
            raise AccessError(
                self.env._("Only the client who opened the dispute can withdraw it.")
            )
        for dispute in self:
            dispute._settle("withdrawn")
        return True

    def _check_judge(self):
        """Raise unless the user may settle these: a manager, but not their own case.

        :raise AccessError: also for disputes the user may not even read
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can settle a dispute."))
        own = self.filtered(
            lambda dispute: (
                dispute.coach_id.user_id == self.env.user
                or dispute.partner_id == self.env.user.partner_id
            )
            and self._get_managers(dispute.company_id) - self.env.user
        )
        if own:
            raise AccessError(
                self.env._(
                    "%(session)s is your own session. Another manager has to settle"
                    " this dispute.",
                    session=own[0].session_id.display_name,
                )
            )

    @api.model
    def _get_managers(self, company):
        """Return the users who manage a company's sessions."""
        # sudo: who they are, not more; a client causes this to tell them
        group = self.env.ref(MANAGER_GROUP).sudo()
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ]
            )
        )

    def _get_default_outcome_code(self):
        """Return the outcome to accept with when nobody names one."""
        self.ensure_one()
        if self.kind == "coach_no_show":
            return "coach_missed"
        if self.wanted_outcome_id:
            return self.wanted_outcome_id.code
        raise UserError(self.env._("Choose the outcome to record."))

    def _settle(self, state, resolution=""):
        """Settle one dispute, once.

        A guarded update: of a manager who accepts and a client who withdraws at the
        same moment, one does it and the other reads that it is done.

        :param str state: what it is from now on
        :param str resolution: answer to the client
        """
        self.ensure_one()
        self.flush_recordset()
        now = self.env["coaching.session"]._now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE coaching_dispute
                   SET state = %s, resolution = %s, resolved_at = %s,
                       resolved_by_id = %s, write_uid = %s, write_date = %s
                 WHERE id = %s AND state = 'open'
                """,
                state,
                resolution or None,
                now,
                self.env.uid,
                self.env.uid,
                now,
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        # sudo: rights were checked; what follows is not written by hand
        dispute = without_defaults(self.sudo())
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "This dispute was already settled by %(who)s (%(state)s).",
                    who=dispute.resolved_by_id.name,
                    state=dispute._get_state_name(),
                )
            )
        dispute.attendance_id._set_disputed(False)
        sentences = [f"{dispute._get_state_name()}."]
        if resolution:
            sentences.append(resolution)
        dispute.env["coaching.session.log"]._add(
            "settled", {dispute.attendance_id: " ".join(sentences)}
        )
        if state != "withdrawn":
            dispute._notify("dispute_settled", dispute.partner_id, resolution)
