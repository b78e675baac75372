from odoo import api, fields, models


class CoachingCoach(models.Model):
    _inherit = "coaching.coach"

    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        groups="coaching_sessions.group_coaching_manager,hr.group_hr_user",
        help="The employee whose payslips pay the sessions. Working hours and time off"
        " are then the employee's.",
    )

    _employee_unique = models.UniqueIndex(
        "(employee_id) WHERE employee_id IS NOT NULL",
        "This employee is already linked to another coach.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._share_resource(vals)
        return super().create(vals_list)

    def write(self, vals):
        if "employee_id" in vals and not vals["employee_id"]:
            for coach in self.filtered(lambda coach: coach.sudo().employee_id):
                # sudo: managers of coaching need not manage resources
                resource = coach.resource_id.sudo().copy({"name": coach.name})
                super(CoachingCoach, coach).write({"resource_id": resource.id})
        self._share_resource(vals)
        own = self._get_own_resources() if "resource_id" in vals else None
        result = super().write(vals)
        if own:
            # the time that counts is the employee's from here on
            (own - self.resource_id).sudo().active = False
        return result

    def _get_own_resources(self):
        # sudo: managers of coaching need not read employees
        return super()._get_own_resources() - self.sudo().employee_id.resource_id

    @api.model
    def _share_resource(self, vals):
        """Let a coach use the employee's resource, so that time off blocks slots."""
        if vals.get("employee_id"):
            # sudo: managers of coaching need not read employees
            employee = self.env["hr.employee"].sudo().browse(vals["employee_id"])
            vals["resource_id"] = employee.resource_id.id
