{
    "name": "Coaching: Google Meet",
    "summary": "Sessions get a Google Meet link through the coach's Google calendar",
    "version": "19.0.1.0.0",
    "category": "Services/Coaching",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_sessions", "google_calendar"],
    "auto_install": True,
}
