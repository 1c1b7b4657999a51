import { Component, onWillDestroy, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { usePopover } from "@web/core/popover/popover_hook";
import { JobDetails } from "./job_details";

const HOVER_MS = 400; // a pointer that merely passes by opens nothing
/** How each status looks, in the order of the board's help. */
export const LOOKS = {
    ok: { className: "text-bg-success", icon: "fa-check" },
    gagal: { className: "text-bg-danger", icon: "fa-times" },
    processing: { className: "text-bg-warning", icon: "fa-hourglass-half" },
    na: { className: "text-bg-300", icon: "fa-minus" },
};
const EXPLAINED = ["ok", "gagal", "processing"];

let closeOpened = () => {}; // one explanation at a time

/** How one BPJS job of a queue entry is: a letter, a word, a colour and an icon. */
export class JobBadge extends Component {
    static template = "antrean_bpjs.JobBadge";
    static props = {
        record: Object,
        badge: {
            type: Object,
            shape: { job_type: String, letter: String, status: String, label: String },
        },
    };

    setup() {
        this.button = useRef("button");
        this.state = useState({ isOpen: false, isPinned: false });
        this.popover = usePopover(JobDetails, {
            position: "top-start",
            onClose: () => {
                browser.clearTimeout(this.timer);
                Object.assign(this.state, { isOpen: false, isPinned: false });
            },
        });
        useEffect(
            () => () => this.popover.close(), // what was explained is over
            () => [this.props.badge.status],
        );
        onWillDestroy(() => browser.clearTimeout(this.timer));
    }

    get look() {
        return LOOKS[this.props.badge.status];
    }

    /** Whether there is something to tell; where there is no entry to ask, its view tells it. */
    get isExplained() {
        const { record, badge } = this.props;
        const isEntry = record.resModel === "antrean.antrean" && Boolean(record.resId);
        return isEntry && EXPLAINED.includes(badge.status);
    }

    /** The pointer is on the badge, or on its explanation. */
    onPointerEnter() {
        this.soon(() => this.state.isOpen || this.open({ isPinned: false }));
    }

    onPointerLeave() {
        this.soon(() => this.state.isPinned || this.popover.close());
    }

    /** What was pressed stays until it is closed, and has the focus. */
    onClick() {
        if (this.state.isPinned) {
            this.popover.close();
        } else {
            this.open({ isPinned: true });
        }
    }

    soon(action) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(action, HOVER_MS);
    }

    open({ isPinned }) {
        closeOpened();
        closeOpened = this.popover.close;
        this.popover.open(this.button.el, {
            record: this.props.record,
            jobType: this.props.badge.job_type,
            look: this.look,
            isPinned,
            onPointerEnter: () => this.onPointerEnter(),
            onPointerLeave: () => this.onPointerLeave(),
        });
        Object.assign(this.state, { isOpen: true, isPinned });
    }
}
