import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    MockServer,
    mountView,
    onRpc,
    selectFieldDropdownItem,
} from "@web/../tests/web_test_helpers";
import { defineAntreanModels, ResPartner, settle } from "../antrean_test_helpers";

const LINE = ".o_antrean_kepesertaan";
const CHECK = ".o_antrean_kepesertaan_check";
const TAKE = ".o_antrean_kepesertaan_take";
const KARTU = "0001000000001";

const ACTIVE = {
    aktif: true,
    ket_aktif: "AKTIF",
    kelas: "KELAS III",
    tunggakan: 0,
    klinik: "Klinik Contoh",
    is_elsewhere: false,
    checked_at: "2026-03-02 01:10:00",
    differences: [],
};
const INACTIVE = { ...ACTIVE, aktif: false, ket_aktif: "TIDAK AKTIF (PREMI)", tunggakan: 3 };
const BORN_OTHERWISE = {
    ...ACTIVE,
    differences: [
        { name: "name", label: "Name", text: "PESERTA", value: "PESERTA" },
        { name: "tanggal_lahir", label: "Born", text: "11-02-1951", value: "1951-02-11" },
    ],
};
const VALUES = {
    name: "PESERTA",
    no_kartu_bpjs: KARTU,
    nik: "3200000000000001",
    tanggal_lahir: "1951-02-11",
};

describe.current.tags("desktop");
defineAntreanModels();

let answer, onServer;

beforeEach(() => {
    mockDate("2026-03-02 02:16:00", +7);
    onServer = {};
    answer = () => {
        onServer[KARTU] = ACTIVE;
        return { kind: "found", message: "", values: VALUES };
    };
    onRpc("res.partner", "onchange", ({ args, parent }) => {
        const result = parent();
        const nomor = args[1].no_kartu_bpjs ?? result.value.no_kartu_bpjs;
        result.value.kepesertaan = onServer[nomor] ?? false;
        return result;
    });
    onRpc("res.partner", "cek_kepesertaan", ({ args }) => {
        expect.step(`ask ${args[0]}`);
        return answer();
    });
});

function notFound(kind, message) {
    answer = () => ({ kind, message, values: {} });
}

describe("on the patient's form", () => {
    /** Open the form of a new patient, with some values. */
    function openPatient(values = { no_kartu_bpjs: KARTU }) {
        onRpc("res.partner", "web_save", () => expect.step("save"));
        const context = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [`default_${name}`, value]),
        );
        return mountView({
            resModel: "res.partner",
            type: "form",
            context,
            arch: /* xml */ `
                <form>
                    <widget name="antrean_pasien_kepesertaan" />
                    <field name="kepesertaan" invisible="1" />
                    <field name="name" />
                    <field name="no_kartu_bpjs" />
                    <field name="nik" />
                    <field name="tanggal_lahir" />
                </form>`,
        });
    }

    test("nothing is known until it was checked", async () => {
        await openPatient();
        expect(LINE).toHaveClass("alert-secondary");
        expect(LINE).toHaveText(/BPJS membership not checked today/);
        expect.verifySteps([]);
    });

    test("a number is needed", async () => {
        await openPatient({});
        expect(LINE).toHaveText(/With a card number or NIK, BPJS can be asked/);
    });

    test("a member is shown in green, and what was empty is filled in", async () => {
        await openPatient({ no_kartu_bpjs: KARTU, nik: "3200000000000009" });
        await contains(CHECK).click();
        expect(LINE).toHaveClass("alert-success");
        expect(LINE).toHaveText(/Active BPJS member/);
        expect(LINE).toHaveText(/AKTIF · KELAS III · Klinik Contoh/);
        expect(LINE).toHaveText(/checked 08:10/);
        expect("[name=name] input").toHaveValue("PESERTA");
        expect("[name=nik] input").toHaveValue("3200000000000009");
        expect("[name=tanggal_lahir]").toHaveText("Feb 11, 1951");
        expect.verifySteps([`ask ${KARTU}`]);
    });

    test("what is just being typed is what is asked", async () => {
        await openPatient({});
        await contains("[name=nik] input").edit("3200 0000 0000 0001", { confirm: false });
        queryOne(CHECK).click();
        await settle();
        expect.verifySteps(["ask 3200 0000 0000 0001"]);
    });

    test("it can be checked with the keyboard", async () => {
        await openPatient();
        queryOne(CHECK).focus();
        await press("Enter");
        await settle();
        expect(LINE).toHaveClass("alert-success");
        expect.verifySteps([`ask ${KARTU}`]);
    });

    test("who is not active is shown in red, and can be registered", async () => {
        onServer[KARTU] = INACTIVE;
        answer = () => ({ kind: "found", message: "", values: VALUES });
        await openPatient();
        await contains(CHECK).click();
        expect(LINE).toHaveClass("alert-danger");
        expect(LINE).toHaveText(/BPJS membership not active/);
        expect(LINE).toHaveText(/TIDAK AKTIF \(PREMI\)/);
        expect(LINE).toHaveText(/Arrears: 3/);
        expect(LINE).toHaveText(/registered all the same, as Umum or as BPJS/);
        expect.verifySteps([`ask ${KARTU}`]);
    });

    test("who is registered elsewhere is told so", async () => {
        onServer[KARTU] = { ...ACTIVE, klinik: "Klinik Lain", is_elsewhere: true };
        answer = () => ({ kind: "found", message: "", values: VALUES });
        await openPatient();
        await contains(CHECK).click();
        expect(LINE).toHaveClass("alert-success");
        expect(".o_antrean_kepesertaan_elsewhere").toHaveText(
            "Registered at another clinic: Klinik Lain",
        );
        expect.verifySteps([`ask ${KARTU}`]);
    });

    test("differences are told, and taken over only by their button", async () => {
        onServer[KARTU] = BORN_OTHERWISE;
        answer = () => ({ kind: "found", message: "", values: VALUES });
        await openPatient({ no_kartu_bpjs: KARTU, name: "Lain", tanggal_lahir: "1950-01-01" });
        await contains(CHECK).click();
        expect(".o_antrean_kepesertaan_differences").toHaveText(
            /BPJS has:\s+Name: PESERTA\s+Born: 11-02-1951/,
        );
        expect("[name=name] input").toHaveValue("Lain");
        onServer[KARTU] = ACTIVE;
        await contains(TAKE).click();
        expect("[name=name] input").toHaveValue("PESERTA");
        expect("[name=tanggal_lahir]").toHaveText("Feb 11, 1951");
        expect(TAKE).toHaveCount(0);
        expect.verifySteps([`ask ${KARTU}`]); // and nothing is saved
    });

    for (const [kind, className] of [
        ["not_found", "alert-danger"],
        ["down", "alert-secondary"],
        ["no_answer", "alert-secondary"],
    ]) {
        test(`${kind}: the server's words, until another number is entered`, async () => {
            notFound(kind, "What, <why> and what next.");
            await openPatient();
            await contains(CHECK).click();
            expect(LINE).toHaveClass(className);
            expect(LINE).toHaveText(/What, <why> and what next\./);
            expect(CHECK).not.toHaveClass("disabled");
            await contains("[name=no_kartu_bpjs] input").edit("0001000000002");
            expect(LINE).toHaveText(/BPJS membership not checked today/);
            expect.verifySteps([`ask ${KARTU}`]);
        });
    }

    test("while BPJS is asked the button is a spinner that cannot be pressed", async () => {
        const answered = new Deferred();
        answer = () => answered;
        await openPatient();
        queryOne(CHECK).focus();
        await press("Enter");
        await press("Enter");
        await animationFrame();
        expect(CHECK).toHaveClass("disabled");
        expect(CHECK).toHaveAttribute("aria-disabled", "true");
        expect(CHECK).toBeFocused();
        expect(CHECK).toHaveText("Asking BPJS …");
        expect(`${CHECK} i`).toHaveClass("fa-spin");
        answered.resolve({ kind: "down", message: "Down.", values: {} });
        await settle();
        expect(CHECK).not.toHaveClass("disabled");
        expect(CHECK).toHaveText("Check Membership");
        expect.verifySteps([`ask ${KARTU}`]);
    });

    test("an answer about a number that is no longer entered is dropped", async () => {
        const answered = new Deferred();
        answer = () => answered;
        await openPatient();
        await contains(CHECK).click();
        await contains("[name=no_kartu_bpjs] input").edit("0001000000002");
        answered.resolve({ kind: "found", message: "", values: VALUES });
        await settle();
        expect("[name=name] input").toHaveValue("");
        expect("[name=no_kartu_bpjs] input").toHaveValue("0001000000002");
        expect.verifySteps([`ask ${KARTU}`]);
    });
});

describe("on the registration's form", () => {
    beforeEach(() => {
        ResPartner._records = [
            ...ResPartner._records,
            { id: 901, name: "Satu", no_kartu_bpjs: KARTU, kepesertaan: ACTIVE },
            { id: 902, name: "Dua", no_kartu_bpjs: "0001000000002", kepesertaan: false },
        ];
        onRpc("res.partner", "ambil_dari_bpjs", ({ args: [ids], kwargs: { timpa } }) => {
            expect.step(`take over ${ids} ${timpa}`);
            MockServer.env["res.partner"].write(ids, { kepesertaan: onServer.pasien });
            return onServer.pasien;
        });
    });

    function openRegistration() {
        return mountView({
            resModel: "antrean.antrean",
            type: "form",
            arch: /* xml */ `
                <form>
                    <field name="pasien_id" />
                    <widget name="antrean_daftarkan_kepesertaan" invisible="not pasien_id" />
                </form>`,
        });
    }

    test("what was checked today is there, and nobody is asked again", async () => {
        await openRegistration();
        expect(LINE).toHaveCount(0);
        await selectFieldDropdownItem("pasien_id", "Satu");
        await settle();
        expect(LINE).toHaveClass("alert-success");
        await selectFieldDropdownItem("pasien_id", "Dua");
        await settle();
        expect(LINE).toHaveClass("alert-secondary");
        expect.verifySteps([]);
    });

    test("what BPJS says is written down where nothing is, else on demand", async () => {
        onServer.pasien = BORN_OTHERWISE;
        await openRegistration();
        await selectFieldDropdownItem("pasien_id", "Dua");
        await settle();
        await contains(CHECK).click();
        await settle();
        expect(LINE).toHaveClass("alert-success");
        expect.verifySteps(["ask 0001000000002", "take over 902 false"]);
        onServer.pasien = ACTIVE;
        await contains(TAKE).click();
        await settle();
        expect(TAKE).toHaveCount(0);
        expect.verifySteps(["take over 902 true"]);
    });

    test("an answer about a patient who is no longer chosen is dropped", async () => {
        const answered = new Deferred();
        answer = () => answered;
        await openRegistration();
        await selectFieldDropdownItem("pasien_id", "Dua");
        await settle();
        await contains(CHECK).click();
        await selectFieldDropdownItem("pasien_id", "Satu");
        await settle();
        answered.resolve({ kind: "not_found", message: "Nobody.", values: {} });
        await settle();
        expect(LINE).toHaveClass("alert-success");
        expect(LINE).not.toHaveText(/Nobody/);
        expect.verifySteps(["ask 0001000000002"]);
    });
});
