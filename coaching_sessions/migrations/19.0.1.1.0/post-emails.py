# what the outbox said of a group named its first client only
CLIENT = "object.attendance_id.partner_id.name or ''"
CLIENTS = "object._get_client_names()"
PACKAGE = '<p t-if="object.attendance_id.package_id">'
ITS_PACKAGE = (
    '<p t-if="object.attendance_id.package_id and len(object._get_attendances()) == 1">'
)


def migrate(cr, version):
    """Bring the outbox in line with what became of its emails, and with groups.

    The emails that are shipped are a business's own once they are installed: only
    these expressions are replaced, whatever the words around them.
    """
    cr.execute(
        """
        UPDATE mail_template AS template
           SET body_html = replace(
                   replace(body_html::text, %(client)s, %(clients)s),
                   %(package)s, %(its_package)s
               )::jsonb
          FROM ir_model_data AS data
         WHERE data.model = 'mail.template' AND data.res_id = template.id
           AND data.module = 'coaching_sessions' AND data.name IN (
               'mail_template_booked', 'mail_template_cancelled', 'mail_template_moved')
        """,
        {
            "client": CLIENT,
            "clients": CLIENTS,
            # as it stands in a text of JSON
            "package": PACKAGE.replace('"', r"\""),
            "its_package": ITS_PACKAGE.replace('"', r"\""),
        },
    )
    cr.execute(
        """
        UPDATE coaching_notification AS notification
           SET state = 'failed', error = COALESCE(sent.failure_reason, error)
          FROM mail_mail AS sent
         WHERE sent.id = notification.mail_id AND sent.state = 'exception'
           AND notification.state = 'sent'
        """
    )
