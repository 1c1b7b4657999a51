import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { onRpc } from "@web/../tests/web_test_helpers";
import {
    boardIsLive,
    defineAntreanModels,
    mountBoard,
    send,
    settle,
} from "../antrean_test_helpers";

const BANNER = ".o_antrean_layanan_banner";
const TROUBLE = {
    name: "PCare",
    kind: "outage",
    since: "2026-03-02 02:15:00",
    next_probe_at: "2026-03-02 02:20:00",
    waiting: 7,
};

describe.current.tags("desktop");
defineAntreanModels();

let trouble;

beforeEach(() => {
    mockDate("2026-03-02 02:16:00", +7);
    trouble = [];
    onRpc("bpjs.layanan", "get_trouble", () => trouble);
});

test("nothing is said while both services work", async () => {
    await mountBoard([]);
    expect(BANNER).toHaveCount(0);
});

test("an outage: since when, how many wait, when it is tried next", async () => {
    trouble = [TROUBLE];
    await mountBoard([]);
    expect(BANNER).toHaveClass("alert-warning");
    expect(BANNER).toHaveText(
        "PCare cannot be reached since 09:15. Go on registering: what is waiting (7) is sent by " +
            "itself. Next try at 09:20.",
    );
});

test("a next try is never in the past", async () => {
    trouble = [TROUBLE];
    await mountBoard([]);
    await settle(4 * 60_000 + 5_000);
    expect(BANNER).toHaveText(/It is being tried again right now\.$/);
});

test("an outage since yesterday says so", async () => {
    trouble = [{ ...TROUBLE, since: "2026-03-01 02:15:00" }];
    await mountBoard([]);
    expect(BANNER).toHaveText(/since Mar 1, 2026, 9:15\sAM/);
});

test("refused settings: the administrators know", async () => {
    trouble = [{ ...TROUBLE, kind: "misconfigured" }];
    await mountBoard([]);
    expect(BANNER).toHaveClass("alert-danger");
    expect(BANNER).toHaveText(
        "PCare has refused this clinic's settings since 09:15. The administrators have been told. " +
            "Go on registering: what is waiting (7) is sent by itself.",
    );
});

for (const [kind, text] of [
    ["copied", /^This database is a copy: nothing of Klinik Uji is sent.*\(7\) stays here\./],
    ["not_set_up", /^BPJS is not set up for Klinik Uji\. Go on registering: .*\(7\)/],
]) {
    test(`an account that is not used: ${kind}`, async () => {
        trouble = [{ ...TROUBLE, name: "Klinik Uji", kind, since: false, next_probe_at: false }];
        await mountBoard([]);
        expect(BANNER).toHaveClass("alert-danger");
        expect(BANNER).toHaveText(text);
    });
}

test("each service in trouble has its own line", async () => {
    trouble = [TROUBLE, { ...TROUBLE, name: "Antrean FKTP" }];
    await mountBoard([]);
    expect(BANNER).toHaveCount(2);
});

test("it comes and goes with the service", async () => {
    await mountBoard([]);
    await boardIsLive();
    for (const [now, lines] of [
        [[TROUBLE], 1],
        [[], 0],
    ]) {
        trouble = now;
        await send("antrean_bpjs.layanan");
        await settle();
        expect(BANNER).toHaveCount(lines);
    }
});

test("an engine that stands still: the board asks, for nobody tells it", async () => {
    await mountBoard([]);
    trouble = [{ ...TROUBLE, name: "Odoo", kind: "stalled", next_probe_at: false }];
    await settle(60_000);
    expect(BANNER).toHaveClass("alert-danger");
    expect(BANNER).toHaveText(/^Nothing has been sent to BPJS since 09:15.*\(7\).*restart Odoo\.$/);
});
