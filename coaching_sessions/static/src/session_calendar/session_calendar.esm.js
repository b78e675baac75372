import {CalendarCommonPopover} from "@web/views/calendar/calendar_common/calendar_common_popover";
import {CalendarCommonRenderer} from "@web/views/calendar/calendar_common/calendar_common_renderer";
import {CalendarController} from "@web/views/calendar/calendar_controller";
import {CalendarModel} from "@web/views/calendar/calendar_model";
import {CalendarRenderer} from "@web/views/calendar/calendar_renderer";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** Whether a session of the calendar is to come, so that it can be moved. */
function isToCome(record) {
    return record.rawRecord.state === "scheduled" && record.start > DateTime.now();
}

/** A moment as people read it, like "Mon, Nov 23, 2:00 PM". */
function formatMoment(moment) {
    return moment.toLocaleString({
        ...DateTime.TIME_SIMPLE,
        weekday: "short",
        month: "short",
        day: "numeric",
    });
}

/**
 * Sessions are moved by dragging them, by coaches as well: they have no right to write
 * sessions, the server moves them with the checks of rescheduling. What it refuses is
 * said, and snaps back.
 */
export class CoachingSessionCalendarModel extends CalendarModel {
    setup(params, services) {
        super.setup(...arguments);
        this.notification = services.notification;
    }

    get canCreate() {
        return true;
    }

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
            this.notification.add(
                // coaches who move their own session get no email
                _t(
                    "Moved to %s. The other participants will be told.",
                    formatMoment(record.start)
                ),
                {type: "success"}
            );
        } catch (error) {
            const refused =
                error instanceof RPCError &&
                (error.exceptionName || "").startsWith("odoo.exceptions.");
            if (!refused) {
                throw error;
            }
            this.notification.add(error.data.message, {type: "danger"});
        } finally {
            await this.load();
        }
    }
}

/** A time that is clicked, or drawn, is booked in the dialog that books. */
export class CoachingSessionCalendarController extends CalendarController {
    createRecord(record) {
        const {start} = this.model.buildRawRecord(record);
        return this.action.doAction("coaching_sessions.coaching_session_book_action", {
            additionalContext: {
                coaching_stay: true,
                default_start: start,
                ...this.getCoach(),
            },
            onClose: () => this.model.load(),
        });
    }

    /** The coach whose calendar it is, where only one is shown. */
    getCoach() {
        const section = this.model.filterSections.find(
            ({fieldName}) => fieldName === "coach_id"
        );
        const shown = (section ? section.filters : []).filter(
            ({active, type, value}) => active && type !== "all" && Number.isInteger(value)
        );
        return shown.length === 1 ? {default_coach_id: shown[0].value} : {};
    }
}

/** What can be done with a session, beside looking at it. */
export class CoachingSessionCalendarPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        footer: "coaching_sessions.SessionCalendarPopover.footer",
    };

    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get canMove() {
        return isToCome(this.props.record);
    }

    get isOver() {
        const {rawRecord, end} = this.props.record;
        return rawRecord.state === "scheduled" && end <= DateTime.now();
    }

    open(action, context = {}) {
        const {model, record, close} = this.props;
        const promise = this.action.doAction(action, {
            additionalContext: {
                active_model: model.resModel,
                active_id: record.id,
                active_ids: [record.id],
                ...context,
            },
            onClose: () => model.load(),
        });
        close();
        return promise;
    }

    onReschedule() {
        const {record} = this.props;
        return this.open("coaching_sessions.coaching_session_reschedule_action", {
            default_session_id: record.id,
            default_start: record.rawRecord.start,
        });
    }

    onCancel() {
        return this.open("coaching_sessions.coaching_session_cancel_action");
    }

    async onCloseOut() {
        const {model, record} = this.props;
        const action = await this.orm.call(model.resModel, "action_open_close", [
            [record.id],
        ]);
        return this.open(action);
    }
}

export class CoachingSessionCalendarCommonRenderer extends CalendarCommonRenderer {
    static components = {
        ...CalendarCommonRenderer.components,
        Popover: CoachingSessionCalendarPopover,
    };

    convertRecordToEvent(record) {
        return {...super.convertRecordToEvent(record), editable: isToCome(record)};
    }
}

export class CoachingSessionCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: CoachingSessionCalendarCommonRenderer,
        week: CoachingSessionCalendarCommonRenderer,
        month: CoachingSessionCalendarCommonRenderer,
    };
}

registry.category("views").add("coaching_session_calendar", {
    ...calendarView,
    Controller: CoachingSessionCalendarController,
    Model: CoachingSessionCalendarModel,
    Renderer: CoachingSessionCalendarRenderer,
});
