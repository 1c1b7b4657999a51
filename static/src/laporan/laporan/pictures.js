import { _t } from "@web/core/l10n/translation";

/** What the report's pictures show of its figures: data sets, colours and axes of Chart.js. */

const GREEN = "#198754";
const BLUE = "#2f6fb3";
const AMBER = "#d58b00";
const RED = "#c0392b";
const GREY = "#8a94a0";
const COLOURS = { p: GREEN, a: BLUE, pcare: GREEN, antrean_fktp: BLUE };
const SOURCES = { loket: BLUE, mobile_jkn: GREEN, kiosk: AMBER };

export const PERCENT = {
    scales: { y: { min: 0, max: 100, ticks: { callback: (value) => `${value} %` } } },
};
export const STACKED = {
    scales: { x: { stacked: true }, y: { stacked: true, beginAtZero: true } },
};
export const HOURS = [...Array(24).keys()].map((hour) => `${String(hour).padStart(2, "0")}:00`);

export function minutes() {
    return { scales: { y: { beginAtZero: true, title: { display: true, text: _t("minutes") } } } };
}

/** In percent, or null of nothing. */
export function share(part, whole) {
    return whole ? (100 * part) / whole : null;
}

export function sourceColour(sumber) {
    return SOURCES[sumber] || GREY;
}

export function visits({ seri }) {
    const set = (label, of, colour) => ({
        label,
        data: seri.map(of),
        backgroundColor: colour,
        stack: "visits",
    });
    return [
        set(_t("At PCare"), (row) => row.di_pcare, GREEN),
        set(_t("BPJS, not at PCare"), (row) => Math.max(row.bpjs - row.di_pcare, 0), RED),
        set(_t("Others"), (row) => row.kunjungan - row.bpjs, GREY),
    ];
}

export function firstTry({ layanan, seri }) {
    return layanan.map(({ kode, label }) => ({
        label,
        data: seri.map((row) => share(row[`sekali_${kode}`], row[`dikirim_${kode}`])),
        borderColor: COLOURS[kode],
        backgroundColor: COLOURS[kode],
        tension: 0.25,
        spanGaps: true,
    }));
}

export function toOk({ layanan, seri }) {
    const set = ({ kode, label }, index, name) => ({
        label: `${label}, ${name}`,
        data: seri.map((row) => (row[`menit_${kode}`] || [])[index] ?? null),
        backgroundColor: COLOURS[kode] + (index ? "66" : ""),
    });
    return layanan.flatMap((each) => [
        set(each, 0, _t("half within")),
        set(each, 1, _t("95 % within")),
    ]);
}

export function waits({ jam }) {
    const set = (label, of, colour) => ({ label, data: jam.map(of), backgroundColor: colour });
    return [
        set(_t("Waiting"), ({ tunggu }) => tunggu, AMBER),
        set(_t("Serving"), ({ layan }) => layan, BLUE),
    ];
}

export function hasOutages({ gangguan }) {
    return gangguan.some(({ menit }) => menit.some(Boolean));
}

export function outages({ gangguan }) {
    return gangguan.map(({ layanan, label, menit }) => ({
        label,
        data: menit,
        backgroundColor: COLOURS[layanan] || GREY,
    }));
}
