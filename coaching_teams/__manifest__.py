{
    "name": "Coaching: Microsoft Teams",
    "summary": "Sessions get a Teams link through the coach's Outlook calendar",
    "version": "19.0.1.0.0",
    "category": "Services/Coaching",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_sessions", "microsoft_calendar"],
    "auto_install": True,
}
