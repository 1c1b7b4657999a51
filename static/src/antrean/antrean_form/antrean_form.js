import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { useDoubleClick } from "../double_click";

export class AntreanFormController extends FormController {
    setup() {
        super.setup();
        useDoubleClick(); // each action puts other buttons in the place of its own
    }
}

registry.category("views").add("antrean_form", {
    ...formView,
    Controller: AntreanFormController,
});
