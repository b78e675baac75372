import {CalendarModel} from "@web/views/calendar/calendar_model";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";

/**
 * Sessions are moved by dragging them, by coaches as well: they have no right to write
 * sessions, the server moves them with the checks of rescheduling. What it refuses
 * snaps back.
 */
export class CoachingSessionCalendarModel extends CalendarModel {
    get canEdit() {
        return true;
    }

    async updateRecord(record, options = {}) {
        const rawRecord = this.buildRawRecord(record, options);
        try {
            await this.orm.write(
                this.meta.resModel,
                [record.id],
                {start: rawRecord.start, stop: rawRecord.stop},
                {context: this.meta.context}
            );
        } finally {
            await this.load();
        }
    }
}

registry.category("views").add("coaching_session_calendar", {
    ...calendarView,
    Model: CoachingSessionCalendarModel,
});
