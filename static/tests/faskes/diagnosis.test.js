import { expect, describe, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { Diagnosis } from "@antrean_bpjs/faskes/diagnosis/diagnosis";
import { defineAntreanModels } from "../antrean_test_helpers";

const BUSY = ".o_antrean_diagnosis_busy";
const AGAIN = ".o_antrean_diagnosis_again";
const PCARE = {
    name: "PCare",
    way: "",
    address: "https://bpjs.example/pcare",
    works: false,
    steps: [
        { label: "Address", state: "ok", text: "", detail: "" },
        { label: "Signature", state: "failed", text: "It is wrong: mend it.", detail: "No!" },
        { label: "Decryption", state: "skipped", text: "", detail: "" },
    ],
};
const ANTREAN = {
    name: "Antrean FKTP",
    way: "Through the integration engine http://engine.example",
    address: "",
    works: true,
    steps: [{ label: "Address", state: "ok", text: "", detail: "" }],
};

describe.current.tags("desktop");
defineAntreanModels();

function mount() {
    const action = { type: "ir.actions.client", params: { faskes_id: 7 } };
    return mountWithCleanup(Diagnosis, { props: { action } });
}

test("it says that it is at work, and then how far each service got", async () => {
    const answer = new Deferred();
    onRpc("bpjs.faskes", "diagnose", ({ args }) => {
        expect.step(`facility ${args[0]}`);
        return answer;
    });
    await mount();
    expect(BUSY).toHaveCount(1);
    expect(AGAIN).toHaveCount(0);
    answer.resolve([PCARE, ANTREAN]);
    await animationFrame();
    expect.verifySteps(["facility 7"]);
    expect(BUSY).toHaveCount(0);
    expect("section[data-service=PCare] .badge").toHaveText("Does not work");
    expect("section[data-service=PCare] .badge").toHaveClass("text-bg-danger");
    expect("section[data-service='Antrean FKTP'] .badge").toHaveText("Works");
    expect("section[data-service='Antrean FKTP'] .badge").toHaveClass("text-bg-success");
});

test("it says which way was tested, where that is not straight", async () => {
    onRpc("bpjs.faskes", "diagnose", () => [PCARE, ANTREAN]);
    await mount();
    await animationFrame();
    expect("section[data-service=PCare]").toHaveText(/https:\/\/bpjs\.example\/pcare/);
    expect("section[data-service=PCare] .o_antrean_diagnosis_way").toHaveCount(0);
    expect("section[data-service='Antrean FKTP'] .o_antrean_diagnosis_way").toHaveText(ANTREAN.way);
});

test("green, red with why and what to do, grey", async () => {
    onRpc("bpjs.faskes", "diagnose", () => [PCARE]);
    await mount();
    await animationFrame();
    expect("[data-state=ok] i").toHaveClass("text-success");
    expect("[data-state=ok]").toHaveText("Address");
    expect("[data-state=failed] i").toHaveClass("text-danger");
    expect("[data-state=failed]").toHaveText("Signature\nIt is wrong: mend it.\nNo!");
    expect("[data-state=skipped] i").toHaveClass("text-muted");
    expect("[data-state=skipped]").toHaveText("Decryption: not tested");
});

test("it can be tested again, even after an error", async () => {
    let isBroken = true;
    onRpc("bpjs.faskes", "diagnose", () => {
        if (isBroken) {
            throw new Error("no server");
        }
        return [ANTREAN];
    });
    expect.errors(1);
    await mount();
    await animationFrame();
    expect.verifyErrors(["no server"]);
    isBroken = false;
    await click(AGAIN);
    await animationFrame();
    expect("section").toHaveCount(1);
});
