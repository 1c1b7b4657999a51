"""The demo clinic: what people do there over HTTP, and what its database says."""

import time
from functools import cached_property
from itertools import product

import pytest
import requests

from simulator.reference import DOKTER, JADWAL, POLI
from simulator.tests.caller import ACCOUNT, CONS_ID, SECRET, USER_KEYS, card, nik
from system_tests.bpjs import Bpjs
from system_tests.programs import sql

STATUSES = ("status_pendaftaran_pcare", "status_tambah_antrean_fktp")
OK = ("ok", "ok")
PROCESSING = ("processing", "processing")

JOBS = """
    SELECT antrean.nomor_antrean, job.job_type, job.state, job.outcome, job.message,
           job.attempt_count, job.next_try_at::text, job.lease_until::text
      FROM bpjs_job job JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     ORDER BY job.done_at NULLS FIRST, job.id
"""
REFUSALS = ("odoo.exceptions.UserError", "odoo.exceptions.ValidationError")
USERNAME, PASSWORD, _APPLICATION = ACCOUNT.split(":")
DAYS = 7  # of a week
LAYANAN = "SELECT kode, down_kind, down_message, failures, next_probe_at::text FROM bpjs_layanan"


class Refused(RuntimeError):
    """Odoo does not do what was asked, and says why in words for people."""


class User:
    """Somebody logged in, whose calls go the way of the web client's. Password is the login."""

    def __init__(self, url, database, login):
        self._url = url
        self.session = requests.Session()
        self._post("/web/session/authenticate", db=database, login=login, password=login)

    def _post(self, path, **params):
        request = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self._url + path, json=request, timeout=60).json()
        if "error" in answer:
            error = answer["error"]["data"]
            raise (Refused if error["name"] in REFUSALS else RuntimeError)(error["message"])
        return answer.get("result")  # Odoo leaves out None

    def call(self, model, method, *args, **kwargs):
        return self._post(
            "/web/dataset/call_kw", model=model, method=method, args=args, kwargs=kwargs
        )

    @cached_property
    def poli_umum(self):
        [ruangan_id] = self.call("antrean.ruangan", "search", [["kd_poli_pcare", "=", "001"]])
        return ruangan_id

    def daftarkan(self, pasien_ids):
        """Register patients in Poli Umum, all in one call; return their queue entries' ids."""
        entries = [{"pasien_id": pasien, "ruangan_id": self.poli_umum} for pasien in pasien_ids]
        return self.call("antrean.antrean", "create", entries)

    def resend(self, antrean_id):
        """Press Resend PCare; return the HTTP status, as the documentation of the API has it."""
        url = f"{self._url}/antrian_ruangan/resend-pcare/{antrean_id}"
        return self.session.post(url, json={}, timeout=60).status_code

    def batalkan(self, antrean_id):
        """Cancel a queue entry as the patient wishes."""
        reason = {"antrean_id": antrean_id, "alasan": "permintaan"}
        [wizard_id] = self.call("antrean.batal", "create", [reason])
        self.call("antrean.batal", "action_batalkan", [wizard_id])

    def badges(self, antrean_ids):
        """The distinct pairs of statuses that the entries' cards show."""
        entries = self.call("antrean.antrean", "read", antrean_ids, STATUSES)
        return {tuple(entry[status] for status in STATUSES) for entry in entries}

    def trouble(self):
        """What the board's banner says: {(service, kind of trouble, entries that wait)}."""
        down = self.call("bpjs.layanan", "get_trouble")
        return {(layanan["name"], layanan["kind"], layanan["waiting"]) for layanan in down}


class Klinik:
    """A clinic at the Odoo of `url`, by default the demo's, with an administrator and a member of
    staff at work.
    """

    def __init__(self, url, database, company=1, staff="contoh_petugas"):
        self.url, self.database, self.company = url, database, company
        self.admin = User(url, database, "admin")
        self.staff = staff
        self.hire(staff, "group_antrean_petugas")
        self.petugas = User(url, database, staff)
        self._cards = 0

    def open_another(self, name, simulators, staff):
        """Another clinic of the same database, with the demo's rooms, doctors and hours, and an
        account at these services."""
        company = self.admin.call("res.company", "create", {"name": name})
        [admin_id] = self.admin.call("res.users", "search", [["login", "=", "admin"]])
        self.admin.call("res.users", "write", [admin_id], {"company_ids": [[4, company]]})

        def create(model, **vals):
            """Create a record of the new company, where the model has one."""
            context = {"allowed_company_ids": [company]}
            return self.admin.call(model, "create", vals, context=context)

        services = [
            {"kode": each.service, "base_url": each.base_url, "user_key": USER_KEYS[each.service]}
            for each in simulators
        ]
        create(
            "bpjs.faskes",
            company_id=company,
            kd_provider="0001R002",
            cons_id=CONS_ID,
            secret=SECRET,
            username=USERNAME,
            password=PASSWORD,
            layanan_ids=[[0, 0, vals] for vals in services],
        )
        rooms = {
            kode: create("antrean.ruangan", name=poli, kd_poli_pcare=kode, kd_poli_antrean=kode)
            for kode, poli in POLI.items()
        }
        doctors = {
            kode: create("antrean.dokter", name=doctor, kd_dokter_antrean=kode)
            for kode, doctor in DOKTER.items()
        }
        for row, hari in product(JADWAL, range(DAYS)):
            jam_mulai, jam_selesai = (int(hour[:2]) for hour in row.jam.split("-"))
            create(
                "antrean.jadwal",
                ruangan_id=rooms[row.kd_poli],
                dokter_id=doctors[row.kd_dokter],
                hari=str(hari),
                jam_mulai=jam_mulai,
                jam_selesai=jam_selesai,
            )
        return Klinik(self.url, self.database, company, staff)

    def hire(self, login, group):
        """Give somebody who reads English an account."""
        [(group_id,)] = self.sql(
            "SELECT res_id FROM ir_model_data WHERE module = 'antrean_bpjs' AND name = %s", group
        )
        account = {"name": login, "login": login, "password": login, "lang": "en_US"}
        place = {"company_id": self.company, "company_ids": [[6, 0, [self.company]]]}
        self.admin.call(
            "res.users", "create", account | place | {"group_ids": [[6, 0, [group_id]]]}
        )

    def set_layanan(self, **settings):
        """The administrator changes both services' settings."""
        self._set("bpjs.layanan", settings)

    def set_faskes(self, **settings):
        """The administrator changes the account's settings."""
        self._set("bpjs.faskes", settings)

    def _set(self, model, settings):
        ids = self.admin.call(model, "search", [["company_id", "=", self.company]])
        self.admin.call(model, "write", ids, settings)

    def mobile_jkn(self, url=None):
        """The administrator lets BPJS in; returns BPJS, which calls the clinic."""
        [faskes_id] = self.admin.call("bpjs.faskes", "search", [["company_id", "=", self.company]])
        action = self.admin.call("bpjs.faskes", "action_mobile_jkn_password", [faskes_id])
        [faskes] = self.admin.call("bpjs.faskes", "read", [faskes_id], ["kd_provider"])
        access = action["context"]
        address = f"{url or self.url}/mobile-jkn/{faskes['kd_provider']}"
        return Bpjs(address, access["default_username"], access["default_password"])

    def pasien(self, count):
        """Patients, each the next of the simulator's participants; returns their ids."""
        numbers = range(self._cards + 1, self._cards + count + 1)
        self._cards += count
        return self.pasien_of(numbers)

    def pasien_of(self, numbers):
        """The patients of these cards; returns their ids. Whom the clinic knows is not entered
        again: a card has one patient.
        """
        domain = [["no_kartu_bpjs", "in", [card(n) for n in numbers]]]
        known = self.petugas.call("res.partner", "search_read", domain, ["no_kartu_bpjs"])
        ids = {patient["no_kartu_bpjs"]: patient["id"] for patient in known}
        new = [n for n in numbers if card(n) not in ids]
        patients = [
            {"name": f"Peserta Contoh {n:02d}", "no_kartu_bpjs": card(n), "nik": nik(n)}
            | {"kd_provider_peserta": "0001R001"}
            for n in new
        ]
        created = self.petugas.call("res.partner", "create", patients)
        ids |= zip(map(card, new), created, strict=True)
        return [ids[card(n)] for n in numbers]

    def sql(self, statement, *values):
        return sql(self.database, statement, *values)

    def numbers(self, column, antrean_ids):
        """Sorted (card, number) of queue entries: what a simulator is to hold."""
        query = f"""
            SELECT pasien.no_kartu_bpjs, antrean.{column}
              FROM antrean_antrean antrean JOIN res_partner pasien ON pasien.id = antrean.pasien_id
             WHERE antrean.id = ANY(%s) ORDER BY pasien.no_kartu_bpjs
        """
        return self.sql(query, antrean_ids)

    def wait_until(self, what, is_so, seconds):
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                rows = [*self.sql(JOBS), *self.sql(LAYANAN)]
                table = "\n".join(" | ".join(map(str, row)) for row in rows)
                pytest.fail(f"not within {seconds} s: {what}\n{table}")
            time.sleep(0.1)

    def wait_until_ok(self, antrean_ids, seconds=30):
        self.wait_until("all badges OK", lambda: self.petugas.badges(antrean_ids) == {OK}, seconds)
