{
    "name": "Coaching Portal",
    "summary": "Clients see sessions and packages, coaches close out, on any telephone",
    "version": "19.0.1.0.0",
    "category": "Services/Coaching",
    "license": "LGPL-3",
    "author": "Coaching for Odoo contributors",
    "depends": ["coaching_sessions", "portal"],
    "data": [
        "views/portal_templates.xml",
        "views/coaching_attendance_templates.xml",
        "views/coaching_action_templates.xml",
        "views/coaching_package_templates.xml",
        "views/coaching_session_templates.xml",
        "views/coaching_proposal_templates.xml",
        "views/coaching_waiting_templates.xml",
        "views/coaching_reconfirm_templates.xml",
        "views/coaching_slot_templates.xml",
        "views/coaching_booking_templates.xml",
        "views/coaching_series_templates.xml",
        "views/coaching_series_action_templates.xml",
        "views/coaching_absence_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "coaching_portal/static/src/scss/coaching_portal.scss",
        ],
        "web.assets_tests": [
            "coaching_portal/static/tests/tours/*.esm.js",
        ],
    },
}
