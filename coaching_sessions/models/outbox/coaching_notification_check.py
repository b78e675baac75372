from odoo import api, models


class CoachingNotification(models.Model):
    """Whether an email still is true as it is sent; one that is not is dropped."""

    _inherit = "coaching.notification"

    @api.model
    def _get_checks(self):
        """Return what says of each kind whether it still is true; a hook.

        :return: dict of kind → name of a method that takes nothing and returns bool
        """
        return {
            "booked": "_is_at_that_time",
            "moved": "_is_at_that_time",
            "cancelled": "_is_cancelled",
            "no_show": "_is_missed",
        }

    @api.model
    def _get_kinds_told_once(self):
        """Return the kinds of which only the latest that is due is sent; a hook.

        :return: set of kinds
        """
        return {"booked", "moved", "cancelled", "no_show"}

    def _is_still_true(self):
        """Return whether what the email says is so now, and is said by no later one."""
        self.ensure_one()
        check = self._get_checks().get(self.kind)
        return (not check or bool(getattr(self, check)())) and not self._is_said_later()

    def _is_said_later(self):
        """Return whether emails that are due after this one say the same."""
        self.ensure_one()
        if self.kind not in self._get_kinds_told_once():
            return False
        later = self._get_later(self.kind)
        said = {one for mail in later for one in mail._get_attendances()}
        return bool(later) and set(self._get_attendances()) <= said

    def _get_later(self, kind):
        """Return the emails of a kind that are due to this reader after this one.

        :param str kind: about the same session
        """
        return self.search(
            [
                ("id", ">", self.id),
                ("state", "=", "pending"),
                ("kind", "=", kind),
                ("partner_id", "=", self.partner_id.id),
                ("attendance_id.session_id", "=", self.attendance_id.session_id.id),
            ],
            order="id",
        )

    def _pass_on(self):
        """Have the next email of a move tell from where, as the reader knows it.

        One that is back where it was by then has nothing to tell.
        """
        self.ensure_one()
        if self.kind != "moved":
            return
        mine = self._get_attendances()
        moved = self._get_later("moved").filtered(
            lambda mail: mail._get_attendances() <= mine
        )
        moved[:1].old_start = self.old_start

    # === CHECKS === #

    def _get_true_attendances(self):
        """Return those of the attendances told of that it still is true of."""
        self.ensure_one()
        if self.kind == "cancelled":
            return self._get_attendances().filtered(lambda one: one._is_given_up())
        if self.kind in ("booked", "moved"):
            return self._get_attendances().filtered(
                lambda one: one.state == "scheduled" and one.start == self.session_start
            )
        return self._get_attendances()

    def _is_at_that_time(self):
        """Return whether the session is to take place when it was to begin then."""
        # to where it was before: the reader knows of no other time
        is_back = self.kind == "moved" and self.old_start == self.session_start
        return bool(self._get_true_attendances()) and not is_back

    def _is_cancelled(self):
        return bool(self._get_true_attendances())

    def _is_missed(self):
        return self.attendance_id.state == "no_show"
