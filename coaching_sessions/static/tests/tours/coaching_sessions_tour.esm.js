import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("coaching_sessions_close_out", {
    steps: () => [
        {
            content: "Open the session that waits for its outcome",
            trigger: ".o_data_cell:contains('Tour Client')",
            run: "click",
        },
        {
            content: "The client's balance is there",
            trigger: ".o_form_view .badge:contains('Package session')",
        },
        {
            trigger: "button:contains('No-show')",
            run: "click",
        },
        {
            content: "What will happen is said before confirming",
            trigger: ".modal [name='consequences']:contains('4 of 5 left')",
        },
        {
            trigger: ".modal [name='note'] textarea",
            run: "edit Called twice",
        },
        {
            trigger: ".modal button:contains('Confirm')",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='outcome_note']:contains('Called twice')",
        },
        {
            content: "A wrong answer is corrected the same way",
            trigger: "button:contains('Correct outcome')",
            run: "click",
        },
        {
            trigger: ".modal label:contains('Client had an emergency')",
            run: "click",
        },
        {
            trigger: ".modal [name='consequences']:contains('5 of 5 left')",
        },
        {
            trigger: ".modal button:contains('Confirm')",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='outcome_id']:contains('emergency')",
        },
    ],
});

registry.category("web_tour.tours").add("coaching_sessions_book", {
    steps: () => [
        {
            trigger: "button:contains('Book a session')",
            run: "click",
        },
        {
            trigger: ".modal [name='coach_id'] input",
            run: "edit Tour Coach",
        },
        {
            trigger: ".dropdown-item:contains('Tour Coach')",
            run: "click",
        },
        {
            trigger: ".modal [name='partner_ids'] input",
            run: "edit Tour Client",
        },
        {
            trigger: ".dropdown-item:contains('Tour Client')",
            run: "click",
        },
        {
            content: "A time long past is refused in words, and what was typed stays",
            trigger: ".modal [name='start'] input, .modal [name='start'] button",
            run: "click",
        },
        {
            trigger: ".modal [name='start'] input",
            run: "edit 03/01/2021 09:00:00",
        },
        {
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_book']",
            run: "click",
        },
        {
            trigger: ".modal:contains('is in the past')",
        },
        {
            trigger: ".modal:contains('is in the past') button:contains('Close')",
            run: "click",
        },
        {
            trigger: ".modal [name='partner_ids']:contains('Tour Client')",
        },
    ],
});
