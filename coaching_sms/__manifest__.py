{
    "name": "Coaching SMS",
    "summary": "Remind clients and coaches of their sessions by text message",
    "version": "19.0.1.0.0",
    "category": "Services/Coaching",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_sessions", "sms"],
    "data": [
        "data/sms_template_data.xml",
        "data/coaching_reminder_data.xml",
    ],
    "auto_install": True,
}
