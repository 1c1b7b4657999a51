import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";

/** What staff need to read the board, in one look. */
export class BoardHelp extends Component {
    static template = "antrean_bpjs.BoardHelp";
    static components = { Dialog };
    static props = { close: Function };
}
