def migrate(cr, version):
    """Let every company use the category of the salary rule.

    It was given to the main company, so that no other could compute a payslip with
    sessions. A company that the business chose itself stays. The structure is given
    to all in ``init`` of its model.
    """
    cr.execute(
        """
        UPDATE hr_salary_rule_category AS category
           SET company_id = NULL
          FROM ir_model_data AS data, ir_model_data AS main
         WHERE data.module = 'coaching_payroll'
           AND data.name = 'hr_salary_rule_category_coaching'
           AND data.res_id = category.id
           AND main.module = 'base' AND main.name = 'main_company'
           AND category.company_id = main.res_id
        """
    )
