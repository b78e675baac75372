import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/**
 * @param {String} name of a client
 * @returns {Object[]} steps that select the client's session
 */
const select = (name) => [
    {
        content: `Select the session of ${name}`,
        trigger: `.o_data_row:contains('${name}') .o_list_record_selector input`,
        run: "click",
    },
    {
        trigger: `.o_data_row_selected:contains('${name}')`,
    },
];

/**
 * @param {String} name of the button above the list
 * @returns {Object[]} steps that click on it
 */
const mark = (name) => [
    {
        trigger: `.o_control_panel button:contains('${name}')`,
        run: "click",
    },
];

tours.add("coaching_sessions_awaiting", {
    steps: () => [
        {
            content: "The count is in the menu of activities",
            trigger: ".o_menu_systray button:has(i[aria-label='Activities'])",
            run: "click",
        },
        {
            trigger:
                ".o-mail-ActivityGroup:contains('Sessions awaiting updates'):contains('oldest: 3 days'):contains('4')",
            run: "click",
        },
        {
            content: "The one that waits longest comes first",
            trigger: ".o_data_row:eq(0):contains('Anna Tour')",
        },
        ...select("Anna Tour"),
        ...select("Ben Tour"),
        ...mark("No-show"),
        {
            content: "The dialog says what will happen",
            trigger:
                ".modal [name='consequences']:contains('2 are closed as “No-show”: 2 used, 0 returned')",
        },
        {
            trigger:
                ".modal [name='consequences']:contains('The policy issues up to 2 make-ups')",
        },
        {
            trigger: ".modal [name='note'] textarea",
            run: "edit Storm",
        },
        {
            trigger: ".modal button:contains('Confirm')",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('2 closed as “No-show”')",
        },
        {
            content: "The list is shorter",
            trigger:
                "body:not(:has(.modal)) .o_list_view:not(:contains('Ben Tour')) .o_data_row:contains('Dan Tour')",
        },
        ...select("Cleo Tour"),
        ...select("Dan Tour"),
        ...mark("Completed"),
        {
            trigger: ".modal [name='consequences']:contains('2 are closed as “Completed”')",
        },
        {
            trigger: ".modal button:contains('Confirm')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_view_nocontent:contains('All caught up')",
        },
        {
            content: "Nothing is counted any more",
            trigger: ".o_menu_systray button:has(i[aria-label='Activities'])",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMenu:not(:contains('Sessions awaiting updates'))",
        },
    ],
});

tours.add("coaching_sessions_mark_some", {
    steps: () => [
        ...select("Anna Tour"),
        ...select("Ben Tour"),
        ...mark("No-show"),
        {
            trigger: ".modal [name='consequences']:contains('1 are closed as')",
        },
        {
            trigger:
                `.modal [name='consequences']:contains("1 don't change: already closed, or upcoming")`,
        },
        {
            trigger: ".modal button:contains('Confirm')",
            run: "click",
        },
        {
            content: "One went well",
            trigger: ".modal .alert-success:contains('1')",
        },
        {
            content: "The other one did not, and why",
            trigger: ".modal .alert-warning [name='failures']:contains('Ben Tour')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "The list shows it",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Anna Tour'):contains('No-show')",
        },
    ],
});
