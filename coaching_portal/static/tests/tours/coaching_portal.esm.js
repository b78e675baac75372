import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("coaching_portal_close_out", {
    url: "/my",
    steps: () => [
        {
            content: "Two sessions wait for an update",
            trigger: "a[title='Sessions to close out']:contains('2')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The oldest one comes first: it needs more than one tap",
            trigger: ".o_coaching_card:first .o_coaching_other",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page asks whether the client attended",
            trigger: "h2:contains('Did Anna Meyer attend?')",
        },
        {
            content: "What will happen after an answer shows only once it is chosen",
            trigger:
                ".o_coaching_choice:contains('No-show') .o_coaching_leads:not(:visible)",
        },
        {
            content: "Choose the answer",
            trigger: ".o_coaching_choice:contains('No-show') label",
            run: "click",
        },
        {
            content: "What will happen is said before anything is saved",
            trigger: ".o_coaching_leads:visible:contains('free make-up')",
        },
        {
            content: "Say what happened",
            trigger: ".o_coaching_close textarea[name=note]",
            run: "edit Called twice",
        },
        {
            content: "Confirm",
            trigger: ".o_coaching_close button:contains('Confirm')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is saved",
            trigger: "[role=status]:contains('No-show')",
        },
        {
            content: "The next one is closed with one tap",
            trigger: ".o_coaching_complete button:contains('Completed')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_coaching_page:contains('All sessions are closed out')",
        },
    ],
});

registry.category("web_tour.tours").add("coaching_portal_cancel", {
    url: "/my",
    steps: () => [
        {
            content: "Open the upcoming sessions",
            trigger: "a[title='Upcoming sessions']:contains('1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the session",
            trigger: ".o_coaching_card .stretched-link",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "See what will happen",
            trigger: ".o_coaching_cancel summary",
            run: "click",
        },
        {
            content: "It is in time",
            trigger: ".o_coaching_cancel .alert-success:contains('You are in time')",
        },
        {
            content: "Say why",
            trigger: ".o_coaching_cancel textarea",
            run: "edit Dentist",
        },
        {
            content: "Cancel",
            trigger: ".o_coaching_cancel button:contains('Cancel this session')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The session is cancelled",
            trigger: "[role=status]:contains('Your session is cancelled')",
        },
    ],
});

registry.category("web_tour.tours").add("coaching_portal_book", {
    url: "/my",
    steps: () => [
        {
            content: "Book a session",
            trigger: "a[title='Book a session']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What",
            trigger: ".o_coaching_card a:contains('Individual session')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "With whom",
            trigger: "select[name=coach]",
            run: "selectByLabel coaching_portal_coach (base.group_portal)",
        },
        {
            trigger: "button:contains('Show times')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "When",
            trigger: "a.o_coaching_slot[href*='2027-03-02T09']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What it draws on is said",
            trigger: ".o_coaching_pays:contains('5 of 5 left')",
        },
        {
            content: "The policy is there",
            trigger: ".o_coaching_policy:contains('Cancel more than 24 hours')",
        },
        {
            trigger: "textarea[name=focus]",
            run: "edit Speaking up in meetings",
        },
        {
            content: "Accept the terms",
            trigger: "input[name=terms_accepted]",
            run: "check",
        },
        {
            trigger: ".o_coaching_book_button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is booked",
            trigger: "[role=status]:contains('Your session is booked')",
        },
    ],
});

const offerTime = (value) => ({
    content: "The days are folded up, and so is what they have",
    trigger: `.o_coaching_offer input[value='${value}']:not(:visible), .o_coaching_offer input[value='${value}']`,
    run() {
        const input = document.querySelector(`input[value='${value}']`);
        input.closest("details").open = true;
        input.click();
    },
});

registry.category("web_tour.tours").add("coaching_portal_offer", {
    steps: () => [
        {
            trigger: "h1:contains('Offer other times')",
        },
        offerTime("2027-03-05 10:00:00"),
        offerTime("2027-03-05 14:00:00"),
        {
            trigger: ".o_coaching_offer textarea[name=message]",
            run: "edit I have to see my dentist",
        },
        {
            trigger: ".o_coaching_offer button:contains('Offer these times')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The coach sees the offer",
            trigger: ".o_coaching_proposal:contains('You offered')",
        },
    ],
});

registry.category("web_tour.tours").add("coaching_portal_pick", {
    url: "/my/coaching/sessions",
    steps: () => [
        {
            content: "It is said at the top of the list",
            trigger: ".o_coaching_to_answer:contains('offers you')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coaching_proposal:contains('I have to see my dentist')",
        },
        {
            content: "The second one",
            trigger: ".o_coaching_accept .form-check:nth-child(2) input",
            run: "check",
        },
        {
            trigger: ".o_coaching_accept button:contains('Take this time')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_coaching_proposal strong:contains('2:00')",
        },
    ],
});
