import {registry} from "@web/core/registry";

const {DateTime} = luxon;
const tours = registry.category("web_tour.tours");

/**
 * @param {String} section of the menu
 * @param {String} entry in it
 * @returns {Object[]} steps that open a menu
 */
const openMenu = (section, entry) => [
    {
        content: `Open ${section}`,
        trigger: `.o_menu_sections button:contains('${section}')`,
        run: "click",
    },
    {
        content: `Open ${entry}`,
        trigger: `.o-dropdown--menu .dropdown-item:contains(/^${entry}$/)`,
        run: "click",
    },
    {
        trigger: `.o_breadcrumb:contains('${entry.replace("All ", "")}')`,
    },
];

/**
 * @param {String} field many2one or many2many of the dialog
 * @param {String} text what is chosen
 * @returns {Object[]} steps that choose it
 */
const pick = (field, text) => [
    {
        trigger: `.modal [name='${field}'] input`,
        run: `edit ${text}`,
    },
    {
        trigger: `.dropdown-item:contains(/^${text}$/)`,
        run: "click",
    },
];

/**
 * @param {String} type booking type of the session
 * @param {String} button what happened
 * @param {String} text part of what will happen
 * @param {String} state that the list shows then
 * @returns {Object[]} steps that mark a session off in the list
 */
const markOff = (type, button, text, state) => [
    {
        content: `Select the session: ${type}`,
        trigger: `.o_data_row:contains('${type}'):contains('Tour') .o_list_record_selector input`,
        run: "click",
    },
    {
        trigger: `.o_control_panel button:contains('${button}')`,
        run: "click",
    },
    {
        trigger: `.modal [name='consequences']:contains('${text}')`,
    },
    {
        trigger: ".modal button:contains('Confirm')",
        run: "click",
    },
    {
        trigger: `body:not(:has(.modal)) .o_data_row:contains('${type}'):contains('Tour') [name='state']:contains('${state}')`,
    },
];

const tickBox = (name, action) => [
    {
        trigger: `.o_form_view [name='${name}'] input`,
        run: action,
    },
];

/* 1. Change client sessions options */
const openOptions = () => [
    ...openMenu("Configuration", "Settings"),
    {
        content: "Clients need a package, unless a booking type says otherwise",
        trigger: ".o_setting_box [name='coaching_package_required'] input:checked",
    },
];

/* 2. Set up the booking type */
const createBookingType = () => [
    ...openMenu("Configuration", "Booking Types"),
    {
        trigger: ".o_list_button_add",
        run: "click",
    },
    {
        content: "Enter the name",
        trigger: ".o_form_view .oe_title [name='name'] input",
        run: "edit Free Repeat",
    },
    {
        content: "Time period",
        trigger: ".o_form_view [name='duration_minutes'] input",
        run: "edit 45",
    },
    {
        content: "Maximum participants",
        trigger: ".o_form_view [name='max_participants'] input",
        run: "edit 1",
    },
    {
        content: "Other systems have a name for it too",
        trigger: ".o_form_view [name='code'] input:value(free_repeat)",
    },
    ...tickBox("package_required", "uncheck"),
    ...tickBox("remunerated", "uncheck"),
    {
        content: "This is no type for make-up credits: the article knows none",
        trigger: ".o_form_view [name='is_makeup'] input:not(:checked)",
    },
    {
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        trigger: ".o_form_saved",
    },
];

/* 3. Mark off the original booking */
const markNoShow = (text) => [
    ...openMenu("Sessions", "All Sessions"),
    ...markOff("Individual session", "No-show", text, "No-show"),
];

/* 4. Add the make-up booking */
const startBooking = (type) => [
    {
        trigger: ".o_control_panel button:contains('Book a session')",
        run: "click",
    },
    ...pick("coach_id", "Tour Coach"),
    ...pick("partner_ids", "Tour Client"),
    {
        content: "The dialog knows the client's packages",
        trigger: ".modal [name='package_id']",
    },
    ...pick("booking_type_id", type),
];

const finishBooking = () => [
    {
        content: "Enter a reason in the subject",
        trigger: ".modal [name='note'] textarea",
        run: "edit Make-up session for No show 30/10/10",
    },
    {
        trigger: ".modal [name='start'] input, .modal [name='start'] button",
        run: "click",
    },
    {
        trigger: ".modal [name='start'] input",
        run: `edit ${DateTime.utc().plus({days: 2}).toFormat("MM/dd/yyyy HH:00:00")}`,
    },
    {
        trigger: ".modal .modal-title",
        run: "click",
    },
    {
        content: "Save the booking",
        trigger: ".modal button[name='action_book']",
        run: "click",
    },
    {
        trigger:
            "body:not(:has(.modal)) .o_form_view [name='note'] textarea:value(Make-up session for No show 30/10/10)",
    },
];

/* 5. The trainer's pay */
const lookAtPay = (type, reason) => [
    ...openMenu("Remuneration", "Remuneration"),
    {
        trigger: ".o_group_header:contains('Tour Coach')",
        run: "click",
    },
    {
        trigger: ".o_group_header:contains('To pay')",
        run: "click",
    },
    {
        content: "The session that was missed is paid",
        trigger:
            ".o_data_row:contains('Individual session'):contains('Tour'):contains('No-show') [name='amount']:contains('40.00')",
    },
    {
        trigger: ".o_group_header:contains('Left out')",
        run: "click",
    },
    {
        content: "The make-up is left out, and why",
        trigger: `.o_data_row:contains('${type}'):contains('Tour') [name='excluded_reason']:contains('${reason}')`,
    },
    {
        trigger: `.o_data_row:contains('${type}'):contains('Tour') [name='amount']:contains(/^\\D*0\\.00\\D*$/)`,
    },
];

tours.add("coaching_clientconnect_book", {
    steps: () => [
        ...openOptions(),
        ...createBookingType(),
        ...markNoShow("1 are closed as “No-show”: 1 used"),
        ...startBooking("Free Repeat"),
        {
            content: "Proceed without service",
            trigger: ".modal [name='without_package'] input",
            run: "check",
        },
        {
            trigger: ".modal:not(:has([name='package_id']))",
        },
        ...finishBooking(),
        {
            trigger:
                ".o_form_view:not(:has(.badge:contains('Package session'))) [name='booking_type_id']:contains('Free Repeat')",
        },
    ],
});

tours.add("coaching_clientconnect_pay", {
    steps: () => [
        ...openMenu("Sessions", "All Sessions"),
        ...markOff("Free Repeat", "Completed", "1 are closed as", "Completed"),
        ...lookAtPay("Free Repeat", "not included in remuneration"),
    ],
});

tours.add("coaching_credit_book", {
    steps: () => [
        ...markNoShow("The policy issues up to 1 make-ups"),
        ...startBooking("Make-up session"),
        {
            content: "A make-up takes no package",
            trigger:
                ".modal:not(:has([name='package_id'], [name='without_package'])) [name='missed_id'] input",
            run: "click",
        },
        {
            trigger: ".dropdown-item:contains('Tour Client')",
            run: "click",
        },
        ...finishBooking(),
        {
            trigger: ".o_form_view .badge:contains('Make-up')",
        },
    ],
});

tours.add("coaching_credit_pay", {
    steps: () => [
        ...openMenu("Sessions", "All Sessions"),
        ...markOff("Make-up session", "Completed", "1 are closed as", "Completed"),
        ...lookAtPay("Make-up session", "not included in remuneration"),
    ],
});
