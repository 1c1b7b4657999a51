import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const LOOKS = {
    ok: "fa-check-circle text-success",
    failed: "fa-times-circle text-danger",
    skipped: "fa-minus-circle text-muted",
};

/** Tests a facility's connection to BPJS and shows, service by service, how far it got. */
export class Diagnosis extends Component {
    static template = "antrean_bpjs.Diagnosis";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.looks = LOOKS;
        this.state = useState({ isTesting: false, services: [] });
        onWillStart(() => {
            this.test(); // not awaited: the dialog shows that it is at work
        });
    }

    async test() {
        this.state.isTesting = true;
        try {
            const ids = [this.props.action.params.faskes_id];
            this.state.services = await this.orm.call("bpjs.faskes", "diagnose", [ids]);
        } finally {
            this.state.isTesting = false;
        }
    }
}

registry.category("actions").add("antrean_bpjs.diagnosis", Diagnosis);
