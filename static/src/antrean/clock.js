import { deserializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

/**
 * @param {string} text a moment in UTC as the server writes it
 * @returns {string} the time on the user's clock, with the date unless it is today
 */
export function clock(text) {
    const moment = deserializeDateTime(text);
    const isToday = moment.hasSame(DateTime.local(), "day");
    return moment.toLocaleString(isToday ? DateTime.TIME_24_SIMPLE : DateTime.DATETIME_MED);
}
