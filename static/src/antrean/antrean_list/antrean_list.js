import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { EmptyHelp } from "../empty_help/empty_help";

export class AntreanListRenderer extends ListRenderer {
    static components = { ...ListRenderer.components, ActionHelper: EmptyHelp };
}

registry.category("views").add("antrean_list", { ...listView, Renderer: AntreanListRenderer });
