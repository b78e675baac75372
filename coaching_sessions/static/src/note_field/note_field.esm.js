import {HtmlField, htmlField} from "@html_editor/fields/html_field";
import {Plugin} from "@html_editor/plugin";
import {registry} from "@web/core/registry";

class TextOnlyPlugin extends Plugin {
    static id = "coachingTextOnly";
    resources = {
        bypass_paste_image_files: () => true,
    };
}

/**
 * Notes take no images, pasted and dropped ones neither: the editor would store them as
 * attachments, which live under other access rights than the note.
 */
export class CoachingNoteField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        return {
            ...config,
            Plugins: [...config.Plugins, TextOnlyPlugin],
            allowFile: false,
            allowImage: false,
            allowMediaDocuments: false,
            allowVideo: false,
            // Stays in the note what gets there all the same
            dropImageAsAttachment: false,
        };
    }
}

export const coachingNoteField = {
    ...htmlField,
    component: CoachingNoteField,
    additionalClasses: ["o_field_html"],
    extractProps() {
        return {...htmlField.extractProps(...arguments), embeddedComponents: false};
    },
};

registry.category("fields").add("coaching_note", coachingNoteField);
