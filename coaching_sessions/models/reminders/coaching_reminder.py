from odoo import api, fields, models

MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}


class CoachingReminder(models.Model):
    """How long before a session whom to remind, and by what (R133).

    A word of the business's vocabulary, as Odoo's alarms are: booking types have
    some, and a session can have others.
    """

    _name = "coaching.reminder"
    _description = "Session Reminder"
    _inherit = ["coaching.shared.mixin"]
    _order = "minutes_before desc, channel, recipient, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    amount = fields.Integer(string="Before", required=True, default=24)
    unit = fields.Selection(
        selection=[("minutes", "Minutes"), ("hours", "Hours"), ("days", "Days")],
        required=True,
        default="hours",
        help="A day is always 24 hours, even when the clocks change.",
    )
    minutes_before = fields.Integer(
        string="Minutes before",
        compute="_compute_minutes_before",
        store=True,
        precompute=True,
        index=True,
    )
    channel = fields.Selection(
        selection=[("email", "Email")],
        string="By",
        required=True,
        default="email",
        help="Text messages are available once they are set up.",
    )
    recipient = fields.Selection(
        selection=[("client", "Client"), ("coach", "Coach")],
        string="To",
        required=True,
        default="client",
    )
    reconfirm = fields.Boolean(
        string="Ask to confirm",
        help="The client gets a button to confirm.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self._get_default_company(),
        help="Empty: every company can use it.",
    )

    # what a session was reminded with stays: archived ones don't count
    _once = models.UniqueIndex(
        "(minutes_before, channel, recipient, reconfirm, COALESCE(company_id, 0))"
        " WHERE active",
        "This reminder already exists. Use that one.",
    )
    _check_amount = models.Constraint(
        # four weeks: the cron looks no further ahead
        "CHECK (amount > 0 AND minutes_before <= 40320)",
        "A reminder is sent at most 28 days before the session.",
    )
    _check_reconfirm = models.Constraint(
        "CHECK (recipient = 'client' OR NOT reconfirm)",
        "Only clients can be asked to confirm.",
    )

    @api.model
    def _get_default_company(self):
        """Return no company for who manages all of them, else the user's.

        What booking types of every company shall use must not belong to one.
        """
        # sudo: how many companies there are
        companies = self.env["res.company"].sudo().search_count([])
        shared = companies <= len(self.env.user.company_ids)
        return self.env["res.company"] if shared else self.env.company

    @api.depends("amount", "unit")
    def _compute_minutes_before(self):
        for reminder in self:
            reminder.minutes_before = reminder.amount * MINUTES[reminder.unit or "days"]

    @api.depends("amount", "unit", "channel", "recipient", "reconfirm")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reminder in self:
            values = {
                "time": reminder._describe_time(),
                "channel": reminder._get_label("channel"),
            }
            # short, and what differs comes first: they are shown as tags
            if reminder.recipient == "coach":
                name = self.env._("%(time)s: %(channel)s to the coach", **values)
            elif reminder.reconfirm:
                name = self.env._("%(time)s: %(channel)s, to confirm", **values)
            else:
                name = self.env._("%(time)s: %(channel)s", **values)
            reminder.display_name = name

    def _get_label(self, name):
        """Return the word for the value of a selection, in the user's language."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _describe_time(self):
        """Return how long before the session it is."""
        self.ensure_one()
        if self.unit == "minutes":
            return self.env._("%(number)s min before", number=self.amount)
        if self.unit == "hours":
            return self.env._("%(number)s h before", number=self.amount)
        if self.amount == 1:
            return self.env._("1 day before")
        return self.env._("%(number)s days before", number=self.amount)

    def _archive_channel(self):
        """Keep what was sent when the addon of a channel goes, but send no more of it.

        For ``ondelete`` of the channel that an addon adds.
        """
        self.write({"channel": "email", "active": False})

    @api.onchange("recipient")
    def _onchange_recipient(self):
        if self.recipient == "coach":
            self.reconfirm = False

    def copy_data(self, default=None):
        # an exact copy would be the same reminder
        return [
            {**vals, "amount": vals["amount"] + 1}
            for vals in super().copy_data(default=default)
        ]
