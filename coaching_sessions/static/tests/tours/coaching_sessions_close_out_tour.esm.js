import {registry} from "@web/core/registry";

const {DateTime} = luxon;
const tours = registry.category("web_tour.tours");

/**
 * @param {String} name of a client
 * @returns {Object[]} steps from the list to the client's session
 */
const openSession = (name) => [
    {
        content: "Open the session that waits for its outcome",
        trigger: `.o_data_cell:contains('${name}')`,
        run: "click",
    },
];

/**
 * @param {String} field
 * @param {String} label of the answer
 * @returns {Object[]} steps that choose an answer
 */
const choose = (field, label) => [
    {
        content: `Answer ${label}`,
        trigger: `.modal [name='${field}'] .o_radio_item:contains('${label}') label`,
        run: "click",
    },
    {
        trigger: `.modal [name='${field}'] .o_radio_item:contains('${label}') input:checked`,
    },
];

/**
 * @param {String} text part of what is to be read
 * @returns {Object[]} steps that read what will happen
 */
const leadsTo = (text) => [
    {
        content: `What will happen: ${text}`,
        trigger: `.modal [name='consequences']:contains('${text}')`,
    },
];

const confirm = () => [
    {
        trigger: ".modal button:contains('Confirm')",
        run: "click",
    },
];

tours.add("coaching_sessions_close_completed", {
    steps: () => [
        ...openSession("Anna Tour"),
        {
            trigger: ".o_form_view button:contains('Completed')",
            run: "click",
        },
        {
            content: "Completed is answered already",
            trigger:
                ".modal [name='attended'] .o_radio_item:contains('Yes') input:checked",
        },
        ...leadsTo("4 of 5 left"),
        ...choose("continue_wish", "Yes, continue"),
        ...choose("slot_wish", "The same weekly time"),
        {
            trigger: ".modal [name='reserve_slot'] input",
            run: "check",
        },
        {
            trigger: ".modal [name='book_next'] input",
            run: "check",
        },
        {
            content: "The same time next week is proposed",
            trigger: ".modal [name='next_start']:has(input, button)",
        },
        {
            trigger: ".modal .nav-link:contains('Notes and next steps')",
            run: "click",
        },
        {
            trigger: ".modal [name='shared_note'] .odoo-editor-editable",
            run: "editor You kept calm",
        },
        {
            trigger: ".modal [name='next_step'] input",
            run: "edit Write down three situations",
        },
        ...confirm(),
        {
            content: "The coach reads that the next session is booked",
            trigger: ".o_notification:contains('The next session is booked')",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='outcome_id']:contains('Completed')",
        },
    ],
});

tours.add("coaching_sessions_close_no_show", {
    steps: () => [
        ...openSession("Anna Tour"),
        {
            trigger: ".o_form_view button:contains('No-show')",
            run: "click",
        },
        ...leadsTo("The session is used: 4 of 5 left"),
        ...leadsTo("One free make-up, valid until"),
        {
            content: "Nobody writes notes for a client who did not come",
            trigger: ".modal:not(:contains('Notes and next steps'))",
        },
        {
            trigger: ".modal [name='note'] textarea",
            run: "edit Called twice, no answer",
        },
        ...confirm(),
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='makeup_state']:contains('To use')",
        },
    ],
});

tours.add("coaching_sessions_close_late_cancel", {
    steps: () => [
        ...openSession("Anna Tour"),
        {
            trigger: ".o_form_view button:contains('Other outcome')",
            run: "click",
        },
        {
            content: "Nothing is answered yet",
            trigger: ".modal:not(:contains('What happened')) [name='attended']",
        },
        ...choose("attended", "No"),
        ...choose("outcome_id", "Late cancellation"),
        {
            trigger: ".modal [name='clock']:contains('late')",
        },
        ...leadsTo("4 of 5 left"),
        {
            content: "The client told it in time",
            trigger: ".modal [name='notice_at'] input, .modal [name='notice_at'] button",
            run: "click",
        },
        {
            trigger: ".modal [name='notice_at'] input",
            run: `edit ${DateTime.utc().minus({days: 3}).toFormat("MM/dd/yyyy HH:mm:ss")}`,
        },
        {
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "So it counts as early",
            trigger:
                ".modal [name='outcome_id'] .o_radio_item:contains('Early cancellation') input:checked",
        },
        {
            trigger: ".modal [name='clock']:contains('early')",
        },
        ...leadsTo("5 of 5 left"),
        ...choose("outcome_id", "Late cancellation"),
        ...leadsTo("4 of 5 left"),
        {
            content: "Against the clock: the coach has to say why",
            trigger: ".modal:contains('Why it counts like this')",
        },
        ...confirm(),
        {
            trigger: ".modal [name='note'].o_field_invalid",
        },
        {
            trigger: ".modal [name='note'] textarea",
            run: "edit The second time this month",
        },
        ...confirm(),
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='outcome_note']:contains('second time')",
        },
    ],
});

tours.add("coaching_sessions_close_group", {
    steps: () => [
        ...openSession("Anna Tour"),
        {
            trigger: ".o_form_view button:contains('Close out'):first",
            run: "click",
        },
        {
            content: "Nobody is answered for",
            trigger: ".modal .o_data_row:eq(2)",
        },
        {
            trigger: ".modal button:contains('All completed')",
            run: "click",
        },
        {
            trigger:
                ".modal .o_data_row:contains('Cleo Tour') [name='outcome_id']:contains('Completed')",
        },
        {
            content: "Except one",
            trigger: ".modal .o_data_row:contains('Ben Tour') [name='outcome_id']",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row [name='outcome_id'] input",
            run: "edit did not show",
        },
        {
            trigger: ".dropdown-item:contains('No-show')",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row [name='note'] input",
            run: "edit Called twice",
        },
        {
            content: "What will happen is on the line",
            trigger:
                ".modal .o_data_row:contains('Ben Tour') [name='consequences']:contains('make-up')",
        },
        ...confirm(),
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_data_row:contains('Ben Tour') [name='outcome_id']:contains('No-show')",
        },
        {
            trigger:
                ".o_form_view .o_data_row:contains('Anna Tour') [name='outcome_id']:contains('Completed')",
        },
    ],
});

tours.add("coaching_sessions_close_phone", {
    steps: () => [
        {
            content: "Cards, and their buttons are within reach",
            trigger:
                ".o_kanban_record:not(:contains('Ben Tour')):contains('Anna Tour') button:contains('No-show')",
            run: "click",
        },
        ...leadsTo("One free make-up, valid until"),
        ...confirm(),
        {
            content: "The card is gone, the group is left",
            trigger:
                "body:not(:has(.modal)) .o_kanban_renderer:not(:has(button:contains('No-show'))) .o_kanban_record:contains('Ben Tour') button:contains('Close out')",
            run: "click",
        },
        {
            trigger: ".modal button:contains('All completed')",
            run: "click",
        },
        {
            content: "A card for each client",
            trigger:
                ".modal .o_kanban_record:contains('Ben Tour'):contains('Completed')",
            run: "click",
        },
        {
            trigger:
                ".modal:not(.o_inactive_modal) [name='outcome_id'] .o_radio_item:contains('No-show') label",
            run: "click",
        },
        {
            trigger:
                ".modal:not(.o_inactive_modal) [name='consequences']:contains('make-up')",
        },
        {
            trigger: ".modal:not(.o_inactive_modal) .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                ".modal:not(.o_inactive_modal) .o_kanban_record:contains('Ben Tour'):contains('No-show')",
        },
        ...confirm(),
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains('All caught up')",
        },
    ],
});
