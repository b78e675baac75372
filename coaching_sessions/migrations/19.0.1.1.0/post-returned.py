from odoo.tools import SQL

RETURNED = (
    '<t t-else="" t-out="object._describe_returned()">It is returned to package'
    " PKG0001.</t>"
)
PACKAGE = "<t t-out=\"object.attendance_id.package_id.name or ''\"/>"
# what templates said of what was returned, whatever became of it, in the words they
# were shipped with, and what says it now; who wrote another sentence keeps it
SENTENCES = {
    "mail_template_absent": [
        (
            f"<strong t-if=\"row['cancelled']\">cancelled{mark} you lose nothing<",
            "<strong t-if=\"row['cancelled']\" t-out=\"row['cancelled']\">cancelled;"
            " you lose nothing<",
        )
        for mark in ",;"
    ],
    "mail_template_proposal": [
        (
            "your session is cancelled and you lose nothing.",
            'your session is cancelled<t t-if="object._is_returned_usable()"> and you'
            " lose nothing</t>.",
        )
    ],
    "mail_template_cancelled": [
        (
            f'<t t-else="">It {goes} to package {PACKAGE}; you can book another'
            " time.</t>",
            RETURNED,
        )
        for goes in ("goes back", "is returned")
    ],
    "mail_template_dispute_settled": [
        (
            f'<t t-else="">The session {goes} to package {PACKAGE}; you can book'
            " another time.</t>",
            RETURNED,
        )
        for goes in ("goes back", "is returned")
    ],
}


def migrate(cr, version):
    """Let templates that were shipped say until when what is returned can be used."""
    for name, pairs in SENTENCES.items():
        for old, new in pairs:
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
