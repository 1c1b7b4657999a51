/* global Chart */
import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** One chart of Odoo's own Chart.js. `onPoint` is told which column was pressed, and of which set. */
export class Grafik extends Component {
    static template = "antrean_bpjs.Grafik";
    static props = {
        type: { type: String, optional: true },
        labels: Array,
        datasets: Array,
        label: String, // what it shows, for who does not see it
        options: { type: Object, optional: true },
        onPoint: { type: Function, optional: true },
    };
    static defaultProps = { type: "bar", options: {} };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => {
            const chart = new Chart(this.canvas.el, this.config);
            return () => chart.destroy();
        });
    }

    get config() {
        const { type, labels, datasets, options, onPoint } = this.props;
        return {
            type,
            // Chart.js writes into what it draws
            data: { labels: [...labels], datasets: datasets.map((set) => ({ ...set })) },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "nearest", intersect: false, axis: "x" },
                plugins: { legend: { display: datasets.length > 1, position: "bottom" } },
                onClick: (_event, [point]) => point && onPoint?.(point.index, point.datasetIndex),
                ...options,
            },
        };
    }
}
