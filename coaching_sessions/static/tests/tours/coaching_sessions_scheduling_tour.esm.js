// Over 300 lines: tours share the steps that open a dialog and choose a time.
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function choose(field, name) {
    return [
        {
            trigger: `.modal [name='${field}'] input`,
            run: `edit ${name}`,
        },
        {
            trigger: `.dropdown-item:contains('${name}')`,
            run: "click",
        },
    ];
}

function chooseTime(time) {
    return [
        {
            content: "The week after, its third day",
            trigger: ".modal .o_coaching_forward",
            run: "click",
        },
        {
            trigger: ".modal .o_coaching_slots[aria-busy='false'] .o_coaching_back:enabled",
        },
        {
            trigger: ".modal .o_coaching_day:nth-child(3)",
            run: "click",
        },
        {
            trigger: `.modal .o_coaching_chip[data-time='${time}']`,
            run: "click",
        },
        {
            trigger: `.modal .o_coaching_chip[data-time='${time}'][aria-checked='true']`,
        },
    ];
}

tours.add("coaching_sessions_slot_picker", {
    steps: () => [
        {
            trigger: "button:contains('Book a session')",
            run: "click",
        },
        ...choose("coach_id", "Tour Coach"),
        ...choose("partner_ids", "Tour Client"),
        ...chooseTime("10:00"),
        {
            content: "The arrows go from time to time",
            trigger: ".modal .o_coaching_chip[data-time='10:00']",
            run: "press ArrowRight",
        },
        {
            trigger: ".modal .o_coaching_chip[data-time='10:30'][aria-checked='true']",
            run: "press ArrowLeft",
        },
        {
            trigger: ".modal .o_coaching_chip[data-time='10:00'][aria-checked='true']",
        },
        {
            trigger: ".modal button[name='action_book']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view h3:contains('Tour Client')",
        },
    ],
});

tours.add("coaching_sessions_slot_picker_any", {
    steps: () => [
        {
            trigger: "button:contains('Book a session')",
            run: "click",
        },
        ...choose("partner_ids", "Tour Client"),
        ...chooseTime("10:00"),
        {
            content: "Of those who are free then, this one",
            trigger: ".modal .o_coaching_who button:contains('Second Coach')",
            run: "click",
        },
        {
            content: "The others stay in sight",
            trigger:
                ".modal .o_coaching_who button[aria-checked='true']:contains('Second Coach')",
        },
        {
            content: "Another time, where the coach is free as well",
            trigger: ".modal .o_coaching_chip[data-time='11:00']",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_book']",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='coach_id']:contains('Second Coach')",
        },
    ],
});

tours.add("coaching_sessions_slot_picker_nobody", {
    steps: () => [
        {
            trigger: "button:contains('Book a session')",
            run: "click",
        },
        ...choose("coach_id", "Tour Coach"),
        {
            content: "The coach is away: the picker says so and offers the next free day",
            trigger: ".modal .o_coaching_nobody .o_coaching_next_free",
            run: "click",
        },
        {
            trigger: ".modal .o_coaching_chip",
        },
        {
            trigger: ".modal button:contains('Discard')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

const reschedule = [
    {
        content: "The free times of the day of the session",
        trigger: ".modal .o_coaching_chip[data-time='15:00']",
        run: "click",
    },
    {
        trigger: ".modal button[name='action_reschedule']",
        run: "click",
    },
];

tours.add("coaching_sessions_reschedule_picker", {
    steps: () => [
        {
            trigger: ".o_data_cell:contains('Tour Client')",
            run: "click",
        },
        {
            trigger: "button:contains('Reschedule')",
            run: "click",
        },
        ...reschedule,
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

tours.add("coaching_sessions_series_edit", {
    steps: () => [
        {
            content: "The first session of the series is the last of the list",
            trigger: ".o_data_row:contains('Tour Client'):last .o_data_cell:contains('Tour Client')",
            run: "click",
        },
        {
            trigger: "button[name='action_view_series']:contains('1 of 4')",
        },
        {
            trigger: "button:contains('Reschedule')",
            run: "click",
        },
        {
            content: "From here on",
            trigger: ".modal [name='scope'] input[data-value='following']",
            run: "click",
        },
        {
            trigger: ".modal .o_coaching_chip[data-time='15:00']",
            run: "click",
        },
        {
            content: "Where each of them goes, before anything is written",
            trigger: ".modal [name='preview']:contains('4 of 4')",
        },
        {
            trigger: ".modal button[name='action_reschedule']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

tours.add("coaching_sessions_reschedule_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('Tour Client')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons .dropdown-toggle",
            run: "click",
        },
        {
            trigger: "button:contains('Reschedule')",
            run: "click",
        },
        ...reschedule,
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

const toNextWeek = [
    {
        trigger: ".o_calendar_view .o_calendar_button_next, .o_calendar_view .o_next",
        run: "click",
    },
    {
        content: "Only then a click is one into that week",
        trigger: ".o_calendar_view:not(:has(.fc-col-header-cell.fc-day-today))",
    },
];

tours.add("coaching_sessions_drag", {
    steps: () => [
        ...toNextWeek,
        {
            content: "Wednesday is in the middle of the week, so the time is dropped there",
            trigger: ".fc-event:contains('Tour Client')",
            run: "drag_and_drop .fc-timegrid-slot-lane[data-time='15:00:00']",
        },
        {
            content: "It is said where it is now",
            trigger: ".o_notification:contains('Moved to Wed'):contains('will be told')",
        },
        {
            trigger: ".fc-event:contains('Tour Client'):not(:contains('10:00'))",
        },
    ],
});

tours.add("coaching_sessions_drag_refused", {
    steps: () => [
        ...toNextWeek,
        {
            trigger: ".fc-event:contains('Anna Tour')",
            run: "drag_and_drop .fc-timegrid-slot-lane[data-time='15:00:00']",
        },
        {
            content: "It is said why, and the session is back where it was",
            trigger: ".o_notification:contains('already has a session')",
        },
        {
            trigger: ".fc-event:contains('Anna Tour'):contains('10:00')",
        },
    ],
});

tours.add("coaching_sessions_calendar_book", {
    steps: () => [
        ...toNextWeek,
        {
            content: "Click at a time: the dialog knows it",
            trigger: ".fc-timegrid-slot-lane[data-time='09:00:00']",
            run: "click",
        },
        {
            trigger: ".modal .o_coaching_chip[data-time='09:00'][aria-checked='true']",
        },
        ...choose("partner_ids", "Tour Client"),
        {
            trigger: ".modal button[name='action_book']",
            run: "click",
        },
        {
            content: "It is said what was booked",
            trigger: ".o_notification:contains('Booked: Tour Client with Tour Coach')",
        },
        {
            content: "Back in the calendar, with the session in it",
            trigger: "body:not(:has(.modal)) .fc-event:contains('Tour Client')",
            run: "click",
        },
        {
            trigger: ".o_cw_popover .o_coaching_reschedule",
        },
        {
            trigger: ".o_cw_popover .o_coaching_cancel",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_cancel']",
        },
        {
            trigger: ".modal button:contains('Keep it')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .fc-event:contains('Tour Client')",
        },
    ],
});

tours.add("coaching_sessions_coach_ill", {
    steps: () => [
        ...choose("coach_id", "Tour Coach"),
        {
            content: "Until tomorrow",
            trigger: ".modal [name='date_from'] [data-field='date_to']",
            run: "click",
        },
        {
            trigger: ".modal [name='date_from'] input[data-field='date_to']",
            run() {
                const tomorrow = luxon.DateTime.utc().plus({days: 1});
                this.anchor.value = tomorrow.toFormat("MM/dd/yyyy");
                this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "Which sessions it is about is seen first",
            trigger: ".modal [name='session_ids']:contains('Tour Client')",
        },
        {
            trigger: ".modal [name='message'] textarea",
            run: "edit I have the flu",
        },
        {
            trigger: ".modal button:contains('Cancel them and tell the clients')",
            run: "click",
        },
        {
            trigger: ".modal [name='result']:contains('Cancelled: 1')",
        },
        {
            trigger: ".modal .modal-footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
