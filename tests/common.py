import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import patch

import requests

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, TransactionCase, get_db_name, new_test_user

from ..bpjs.antrean_fktp import ANTREAN
from ..bpjs.pcare import PCARE
from ..bpjs.referensi import Praktek, Rows
from ..models.job.bpjs_engine import RUN_SECONDS

requests_send = requests.Session.send  # as it is before Odoo's tests guard it
CHECKOUT = Path(__file__).resolve().parents[1]


class Simulator:
    """The stand-in for BPJS, and for a proxy and an integration engine before it, as a process of
    its own, spoken to over HTTP only.
    """

    def __init__(self):
        ports = ("--port", "--engine-port", "--proxy-port")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *(part for port in ports for part in (port, "0"))],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url, engine, self.proxy_url = (
            re.search(r"http://\S+", self.process.stdout.readline()).group() for _port in ports
        )
        self.engine_url = engine.removesuffix("?wsdl")

    def stop(self):
        self.process.kill()  # it keeps nothing, and a shifted clock can hold up its threads' end
        self.process.wait(10)
        self.process.stdout.close()

    def _control(self, method, name, **json):
        answer = requests.request(
            method, f"{self.url}/_control/{name}", json=json or None, timeout=10
        )
        answer.raise_for_status()
        return answer.json()

    def reset(self):
        self._control("POST", "reset")

    def settings(self, **settings):
        self._control("POST", "settings", **settings)

    def reference(self, **lists):
        """Replace lists: poli and dokter {code: name}, jadwal [{kd_poli, kd_dokter, jam}]."""
        self._control("POST", "reference", **lists)

    def type_in(self, no_kartu, tanggal, **more):
        """Let somebody type a visit into PCare by hand."""
        self._control("POST", "pendaftaran", no_kartu=no_kartu, tanggal=str(tanggal), **more)

    def book_by_phone(self, no_kartu, tanggal, nomorantrean, **more):
        """Let a member have booked with Mobile JKN."""
        entry = {"no_kartu": no_kartu, "tanggal": str(tanggal), "nomorantrean": nomorantrean}
        self._control("POST", "antrean", **entry, **more)

    def fault(self, service, fault, times=1, **more):
        self._control("POST", "faults", service=service, fault=fault, times=times, **more)

    def book(self):
        return self._control("GET", "book")

    def calls(self, begin):
        """Return how many calls have come in whose name begins so, such as "proxy POST"."""
        calls = self.book()["calls"]
        return sum(count for name, count in calls.items() if name.startswith(begin))


def knows_days(test):
    """Mark a test of what depends on the day: `make test` runs it at other hours, too."""
    test.knows_days = True
    return test


class AntreanCase(TransactionCase):
    """A clinic of its own with rooms, a doctor who is always there, staff and patients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What else is in the database stays out of what the engine does here.
        cls.env["bpjs.job"].search([]).next_try_at = False
        cls.env.cr.execute("UPDATE res_partner SET nik = NULL, no_kartu_bpjs = NULL")
        cls.company = cls.env["res.company"].create({"name": "Klinik Uji"})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.env.user.company_ids += cls.company
        cls.petugas = cls._user("petugas", cls.company)
        cls.admin = cls._user("admin", cls.company)
        cls.umum = cls.env.ref("antrean_bpjs.penjamin_umum")
        cls.bpjs = cls.env.ref("antrean_bpjs.penjamin_bpjs")
        cls.poli = cls._ruangan("Poli Umum", "A", kd_poli_pcare="001", kd_poli_antrean="001")
        cls.apotek = cls._ruangan("Apotek", "R", jenis_kunjungan="apotek")
        cls.dokter = cls.env["antrean.dokter"].create(
            {"name": "dr. Contoh Satu", "kd_dokter_antrean": 11101}
        )
        cls.env["antrean.jadwal"].create(
            [
                {
                    "ruangan_id": cls.poli.id,
                    "dokter_id": cls.dokter.id,
                    "hari": str(hari),
                    "jam_mulai": 7,
                    "jam_selesai": 14,
                }
                for hari in range(7)
            ]
        )

    @classmethod
    def _user(cls, role, company):
        return new_test_user(
            cls.env,
            f"{role}_{company.id}",
            f"antrean_bpjs.group_antrean_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _stranger(cls, role):
        """Return a user of another clinic in the same database."""
        return cls._user(role, cls.env["res.company"].create({"name": "Klinik Lain"}))

    @classmethod
    def _ruangan(cls, name, kode, **vals):
        return cls.env["antrean.ruangan"].create({"name": name, "kode_antrean": kode, **vals})

    def _pasien(self, nomor, **vals):
        """Return a patient who is member `nomor` of the simulator. The second such patient is a
        twin of the first, as databases from before that was refused have them.
        """
        partners = self.env["res.partner"]
        with patch.object(type(partners), "_check_same", lambda self, name: None):
            return partners.create(
                {
                    "name": f"Peserta Contoh {nomor:02d}",
                    "nik": str(3200000000000000 + nomor),
                    "no_kartu_bpjs": f"{1000000000 + nomor:013d}",
                    "phone": f"08120000{nomor:04d}",
                    "kd_provider_peserta": "0001R001",
                    **vals,
                }
            )

    def _daftarkan(self, pasien, ruangan=None, **vals):
        """Register as staff do."""
        return (
            self.env["antrean.antrean"]
            .with_user(self.petugas)
            .create({"pasien_id": pasien.id, "ruangan_id": (ruangan or self.poli).id, **vals})
            .with_env(self.env)
        )

    def _queries_of(self, step, *args):
        """Return how many queries a step takes that finds nothing read yet."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step(*args)
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _batalkan(self, antrean, alasan="permintaan", **vals):
        """Cancel as staff do."""
        action = antrean.with_user(self.petugas).action_batalkan()
        wizard = self.env[action["res_model"]].with_user(self.petugas)
        wizard = wizard.with_context(**action["context"])
        wizard.create({"alasan": alasan, **vals}).action_batalkan()


P, A = "pendaftaran_pcare", "tambah_antrean_fktp"
SKRINING, DITOLAK_PCARE, DITOLAK_ANTREAN, TIDAK_AKTIF = range(91, 95)
LAMBAT, SUDAH_TERDAFTAR, DI_FASKES_LAIN = range(95, 98)


JADWAL = {  # the simulator's schedule of the clinic's poli
    "001": Rows(
        [
            Praktek(11101, "dr. Contoh Satu", "07:00-14:00", 60),
            Praktek(11103, "dr. Contoh Tiga", "14:00-21:00", 60),
        ]
    )
}


class EngineCase(AntreanCase):
    """The same clinic with its account at a simulator that runs for real. Today's schedule has been
    fetched from it already.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls.addClassCleanup(cls.simulator.stop)
        cls.faskes = cls.env["bpjs.faskes"].create(
            {
                "company_id": cls.company.id,
                "cons_id": "10001",
                "secret": "rahasia-simulator",
                "username": "klinik-contoh",
                "password": "sandi-contoh",
                "layanan_ids": [
                    Command.create(
                        {
                            "kode": PCARE,
                            "base_url": f"{cls.simulator.url}/pcare-rest",
                            "user_key": "kunci-pcare-simulator",
                        }
                    ),
                    Command.create(
                        {
                            "kode": ANTREAN,
                            "base_url": f"{cls.simulator.url}/antreanfktp",
                            "user_key": "kunci-antrean-simulator",
                        }
                    ),
                ],
            }
        )
        cls.layanan_pcare, cls.layanan_antrean = (
            cls.faskes.layanan_ids.filtered(lambda layanan, kode=kode: layanan.kode == kode)
            for kode in (PCARE, ANTREAN)
        )

        cls.env["bpjs.jadwal"]._keep(cls.company, cls.company._antrean_today(), JADWAL)

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        """Let requests to the simulator through as they are, with their own time-outs."""
        return requests_send(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.simulator.reset()

    def _run_engine(self):
        """Run the scheduled action as Odoo runs it, until nothing is due for a while."""
        deadline, is_due = time.monotonic() + RUN_SECONDS, True
        while is_due:
            with self.enter_registry_test_mode():
                self.env.ref("antrean_bpjs.ir_cron_bpjs_1").method_direct_trigger()
            is_due = self.env["bpjs.engine"]._is_due_before(deadline)

    def _job(self, antrean, job_type):
        return antrean.job_ids.filtered(lambda job: job.job_type == job_type)

    def _statuses(self, antrean):
        return antrean.status_pendaftaran_pcare, antrean.status_tambah_antrean_fktp

    def _posts(self, service=PCARE, path="/pendaftaran"):
        return self.simulator.book()["calls"].get(f"{service} POST {path}", 0)

    def _registered(self, antrean):
        """Return the numbers under which PCare has the entry's patient."""
        return [
            row["noUrut"]
            for row in self.simulator.book()["pendaftaran"]
            if row["noKartu"] == antrean.pasien_id.no_kartu_bpjs
        ]


class SerentakCase(BaseCase):
    """Two desks at once, each in a transaction that began before the other's end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = []
        self.addCleanup(self._clean_up)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for model, ids in reversed(self.made):
                self._env(cr)[model].browse(ids).unlink()

    def _create(self, env, model, vals):
        record = env[model].create(vals)
        self.made.append((model, record.ids))
        return record

    def _at_once(self, first, second):
        """Do both at once, the first ending while the second waits; return what that one raised."""
        begun, raised = threading.Event(), []

        def other_desk():
            with self.registry.cursor() as cr:
                env = self._env(cr)
                env["res.partner"].search_count([])  # begins the snapshot
                begun.set()
                try:
                    retrying(lambda: second(env), env)
                except UserError as error:
                    raised.append(str(error))
                    cr.rollback()

        with self.registry.cursor() as cr:
            first(self._env(cr))
            thread = threading.Thread(target=other_desk)
            thread.start()
            self.assertTrue(begun.wait(10))
            while thread.is_alive() and not self._is_waited_for():
                thread.join(0.05)
        thread.join(30)
        self.assertFalse(thread.is_alive())
        return raised

    def _is_waited_for(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cr.fetchone()[0]
