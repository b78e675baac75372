{
    "name": "Coaching SMS",
    "summary": "Remind clients and coaches of their sessions by text message",
    "version": "19.0.1.0.0",
    "category": "Services/Coaching",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_sessions", "sms"],
    # without it Odoo takes any text for a phone number
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "data/sms_template_data.xml",
        "data/coaching_reminder_data.xml",
        "views/res_partner_views.xml",
    ],
    "auto_install": True,
}
