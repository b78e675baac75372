import {ActivityMenu} from "@mail/core/web/activity_menu";
import {patch} from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    /**
     * Sessions awaiting updates are no activities: they have a list of their own.
     */
    openActivityGroup(group, filter, newWindow) {
        if (group.type !== "coaching_awaiting") {
            return super.openActivityGroup(...arguments);
        }
        this.dropdown.close();
        return this.action.doAction(
            "coaching_sessions.coaching_session_action_awaiting_user",
            {newWindow, clearBreadcrumbs: true}
        );
    },
});
