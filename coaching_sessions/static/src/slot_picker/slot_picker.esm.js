// Over 300 lines: one component: days, times and the keyboard share their state.
import {DateTimeField, dateTimeField} from "@web/views/fields/datetime/datetime_field";
import {deserializeDateTime, serializeDate} from "@web/core/l10n/dates";
import {useRef, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

// A day with fewer times than this is nearly full
const FEW = 4;

/**
 * A time that is chosen among those that are free, day by day, or typed: staff may take
 * any minute. What is offered follows the booking type, coach and client of the dialog.
 */
export class CoachingSlotPickerField extends DateTimeField {
    static template = "coaching_sessions.SlotPickerField";
    static props = {
        ...DateTimeField.props,
        typeField: {type: String, optional: true},
        coachField: {type: String, optional: true},
        partnerField: {type: String, optional: true},
        sessionField: {type: String, optional: true},
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.keepLast = new KeepLast();
        this.timesRef = useRef("times");
        this.key = null;
        this.names = {};
        this.slots = useState({
            first: DateTime.local().startOf("day"),
            day: null,
            days: [],
            loading: false,
            failed: "",
            next: null,
        });
        const begin = this.props.record.data[this.props.name];
        if (begin && begin > DateTime.local()) {
            this.slots.first = begin.startOf("day");
        }
        useRecordObserver((record) => {
            const query = this.getQuery(record);
            const key = JSON.stringify(query);
            if (key !== this.key) {
                this.key = key;
                // Not waited for: the dialog is there while it loads
                this.load(query);
            }
        });
    }

    // What is asked

    getId(record, fieldName) {
        return (fieldName && record.data[fieldName] && record.data[fieldName].id) || false;
    }

    getQuery(record = this.props.record) {
        const coach = this.getId(record, this.props.coachField);
        return {
            type: this.getId(record, this.props.typeField),
            // Who was chosen among those who are free: the others stay in sight
            coach: coach && coach === this.picked ? false : coach,
            partner: this.getId(record, this.props.partnerField),
            session: this.getId(record, this.props.sessionField),
        };
    }

    callSlots(query, first, last) {
        return this.orm.call("coaching.booking.type", "get_slots", [
            query.type,
            serializeDate(first),
            serializeDate(last),
            query.coach ? [query.coach] : null,
            DateTime.local().zoneName,
            query.partner || null,
            query.session || null,
        ]);
    }

    async load(query = this.getQuery()) {
        const first = this.slots.first;
        if (!query.type) {
            this.slots.days = [];
            return;
        }
        Object.assign(this.slots, {loading: true, failed: "", next: null});
        try {
            const slots = await this.keepLast.add(
                this.callSlots(query, first, first.plus({days: 6}))
            );
            this.show(slots, first);
            if (!slots.length) {
                const later = await this.keepLast.add(
                    this.callSlots(query, first.plus({days: 7}), first.plus({days: 62}))
                );
                this.slots.next = later.length
                    ? deserializeDateTime(later[0].start).startOf("day")
                    : null;
            }
            await this.loadNames(slots);
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.slots.failed = error.data.message;
            this.slots.days = [];
        } finally {
            this.slots.loading = false;
        }
    }

    async loadNames(slots) {
        const ids = [...new Set(slots.flatMap((slot) => slot.coach_ids))].filter(
            (id) => !(id in this.names)
        );
        if (this.query.coach || !ids.length || !this.props.coachField) {
            return;
        }
        const coaches = await this.orm.searchRead(
            "coaching.coach",
            [["id", "in", ids]],
            ["display_name"]
        );
        for (const coach of coaches) {
            this.names[coach.id] = coach.display_name;
        }
    }

    get query() {
        return JSON.parse(this.key);
    }

    // What is shown

    show(slots, first) {
        const days = Array.from({length: 7}, (_unused, number) => {
            const date = first.plus({days: number});
            return {key: date.toISODate(), date, times: []};
        });
        const byKey = Object.fromEntries(days.map((day) => [day.key, day]));
        for (const slot of slots) {
            const start = deserializeDateTime(slot.start);
            const day = byKey[start.toISODate()];
            const last = day && day.times.at(-1);
            if (last && last.key === slot.start) {
                // A group that has begun to fill comes first: booking joins it
                last.coach_ids = [...new Set([...last.coach_ids, ...slot.coach_ids])];
            } else if (day) {
                day.times.push({...slot, start, key: slot.start});
            }
        }
        this.slots.days = days;
        const chosen = this.value && byKey[this.value.toISODate()];
        const keep = byKey[this.slots.day];
        const free = days.find((day) => day.times.length);
        this.slots.day = (
            (chosen && chosen.times.length && chosen) ||
            (keep && keep.times.length && keep) ||
            free ||
            days[0]
        ).key;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get day() {
        return this.slots.days.find((day) => day.key === this.slots.day);
    }

    get isEmpty() {
        return this.slots.days.every((day) => !day.times.length);
    }

    get parts() {
        const parts = [
            {name: _t("Morning"), from: 0, to: 12},
            {name: _t("Afternoon"), from: 12, to: 17},
            {name: _t("Evening"), from: 17, to: 24},
        ];
        const times = this.day ? this.day.times : [];
        return parts
            .map((part) => ({
                ...part,
                times: times.filter(
                    ({start}) => start.hour >= part.from && start.hour < part.to
                ),
            }))
            .filter((part) => part.times.length);
    }

    get span() {
        const {first} = this.slots;
        const last = first.plus({days: 6});
        const day = {day: "numeric", month: "short"};
        return `${first.toLocaleString(day)} – ${last.toLocaleString({
            ...day,
            year: "numeric",
        })}`;
    }

    get canGoBack() {
        return this.slots.first > DateTime.local().startOf("day");
    }

    get zone() {
        return DateTime.local().zoneName.replaceAll("_", " ");
    }

    get isAnyCoach() {
        return Boolean(this.props.coachField) && !this.query.coach;
    }

    /** The coaches who are free at the time that is chosen, by name. */
    get freeCoaches() {
        const time = this.isAnyCoach && this.chosenTime;
        return (time ? time.coach_ids : [])
            .filter((id) => this.names[id])
            .map((id) => ({id, name: this.names[id]}));
    }

    get chosenTime() {
        const times = this.day ? this.day.times : [];
        return times.find((time) => this.isChosen(time));
    }

    get coachId() {
        return this.getId(this.props.record, this.props.coachField);
    }

    isChosen(time) {
        return Boolean(this.value) && this.value.toMillis() === time.start.toMillis();
    }

    formatTime(time) {
        return time.start.toLocaleString(DateTime.TIME_SIMPLE);
    }

    /** Two letters where seven days would not fit with three. */
    formatWeekday(day) {
        const name = day.date.toFormat("ccc");
        return this.ui.isSmall ? name.slice(0, 2) : name;
    }

    formatDay(day) {
        return day.date.toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    getDayLabel(day) {
        return _t("%(day)s, %(count)s free", {
            day: this.formatDay(day),
            count: day.times.length,
        });
    }

    /** How full a day is, as a colour. */
    getDayClass(day) {
        if (!day.times.length) {
            return "o_coaching_full";
        }
        return day.times.length < FEW ? "o_coaching_few" : "o_coaching_many";
    }

    getTimeHint(time) {
        if (time.seats > 1) {
            return _t("%s seats", time.seats);
        }
        if (this.isAnyCoach && time.coach_ids.length > 1) {
            return _t("%s coaches", time.coach_ids.length);
        }
        return "";
    }

    getTimeLabel(time) {
        return [this.formatDay(this.day), this.formatTime(time), this.getTimeHint(time)]
            .filter(Boolean)
            .join(", ");
    }

    /** Of a group of choices the keyboard stops at one. */
    getTabIndex(time) {
        const first = this.day.times[0];
        return (this.chosenTime || first) === time ? 0 : -1;
    }

    // What people do

    async onTurn(days) {
        const today = DateTime.local().startOf("day");
        const first = this.slots.first.plus({days});
        await this.onJump(first < today ? today : first);
    }

    async onJump(first) {
        this.slots.first = first;
        this.slots.day = null;
        await this.load();
    }

    onDay(day) {
        this.slots.day = day.key;
    }

    async onTime(time) {
        const changes = {[this.props.name]: time.start};
        if (this.picked && !time.coach_ids.includes(this.picked)) {
            this.picked = null;
            changes[this.props.coachField] = false;
        }
        await this.props.record.update(changes);
    }

    /** The arrows go from time to time, as among radio buttons. */
    async onTimeKey(ev, time) {
        const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const times = this.day.times;
        const next = times[(times.indexOf(time) + step + times.length) % times.length];
        await this.onTime(next);
        const buttons = this.timesRef.el.querySelectorAll("[role='radio']");
        buttons[times.indexOf(next)].focus();
    }

    async onCoach(id) {
        this.picked = id || null;
        const value = id ? {id, display_name: this.names[id]} : false;
        await this.props.record.update({[this.props.coachField]: value});
    }
}

export const coachingSlotPickerField = {
    ...dateTimeField,
    component: CoachingSlotPickerField,
    displayName: _t("Free times"),
    supportedTypes: ["datetime"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...dateTimeField.extractProps(fieldInfo, dynamicInfo),
        typeField: fieldInfo.options.booking_type,
        coachField: fieldInfo.options.coach,
        partnerField: fieldInfo.options.partner,
        sessionField: fieldInfo.options.session,
    }),
};

registry.category("fields").add("coaching_slot_picker", coachingSlotPickerField);
