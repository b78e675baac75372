from odoo.tools import SQL

# what a template said of what was returned, whatever became of its target, and what
# says it now; a business that wrote its own sentence keeps it
SENTENCES = {
    "mail_template_absent": (
        "<strong t-if=\"row['cancelled']\">cancelled; you lose nothing</strong>",
        "<strong t-if=\"row['cancelled']\" t-out=\"row['cancelled']\">cancelled; you"
        " lose nothing</strong>",
    ),
    "mail_template_proposal": (
        "your session is cancelled and you lose nothing.",
        'your session is cancelled<t t-if="object._is_returned_usable()"> and you lose'
        " nothing</t>.",
    ),
    "mail_template_cancelled": (
        '<t t-else="">It is returned to package'
        " <t t-out=\"object.attendance_id.package_id.name or ''\"/>; you can book"
        " another time.</t>",
        '<t t-else="" t-out="object._describe_returned()">It is returned to package'
        " PKG0001.</t>",
    ),
    "mail_template_dispute_settled": (
        '<t t-else="">The session is returned to package'
        " <t t-out=\"object.attendance_id.package_id.name or ''\"/>; you can book"
        " another time.</t>",
        '<t t-else="" t-out="object._describe_returned()">It is returned to package'
        " PKG0001.</t>",
    ),
}


def migrate(cr, version):
    """Let templates that were shipped say until when what is returned can be used."""
    for name, (old, new) in SENTENCES.items():
        cr.execute(
            SQL(
                """
                UPDATE mail_template AS template
                   SET body_html = (
                           SELECT jsonb_object_agg(
                                      key, replace(value, %(old)s, %(new)s))
                             FROM jsonb_each_text(template.body_html))
                  FROM ir_model_data AS data
                 WHERE data.model = 'mail.template' AND data.res_id = template.id
                   AND data.module = 'coaching_sessions' AND data.name = %(name)s
                   AND template.body_html::text <> '{}'
                """,
                old=old,
                new=new,
                name=name,
            )
        )
