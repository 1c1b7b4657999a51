# pylint: disable=invalid-commit

import select
import socket
import threading
from concurrent.futures import Future
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from ...bpjs.antrean_fktp import ABSENT, add
from ...bpjs.outcome import SUCCESS, UNSENT, Outcome
from ...bpjs.referensi import Praktek, Rows
from ...database import in_transaction
from ...models.referensi import bpjs_fetch
from ..common import requests_send

SETTLE_LOG = "odoo.addons.antrean_bpjs.models.job.bpjs_engine_settle"


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Transactions that really run at the same time, each with a cursor of its own."""

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        """Let requests through as they are, with their own time-outs."""
        return requests_send(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._env() as env:
            self.company_id = env["res.company"].create({"name": "Klinik Serentak"}).id
            self.ruangan_id = (
                env["antrean.ruangan"]
                .create(
                    {
                        "name": "Poli",
                        "company_id": self.company_id,
                        "kd_poli_pcare": "001",
                        "kd_poli_antrean": "001",
                    }
                )
                .id
            )
            self.pasien_ids = (
                env["res.partner"].create([{"name": f"Peserta Serentak {i}"} for i in range(8)]).ids
            )
        self.addCleanup(self._clean_up)

    @contextmanager
    def _env(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self._env() as env:
            env.cr.execute("DELETE FROM bpjs_attempt WHERE company_id = %s", [self.company_id])
            env.cr.execute("DELETE FROM bpjs_job WHERE company_id = %s", [self.company_id])
            env.cr.execute("DELETE FROM antrean_antrean WHERE company_id = %s", [self.company_id])
            env["bpjs.faskes"].search([("company_id", "=", self.company_id)]).unlink()
            env["antrean.ruangan"].browse(self.ruangan_id).unlink()
            env["res.partner"].browse(self.pasien_ids).unlink()
            company = env["res.company"].browse(self.company_id)
            contact = company.partner_id
            company.unlink()
            contact.unlink()

    def _daftarkan(self, env, index, **vals):
        return env["antrean.antrean"].create(
            {
                "company_id": self.company_id,
                "ruangan_id": self.ruangan_id,
                "pasien_id": self.pasien_ids[index],
                "penjamin_id": env.ref("antrean_bpjs.penjamin_umum").id,
                **vals,
            }
        )

    def _second_waits_for_first(self, end_first):
        """Register in two transactions, both begun before either ends; return the numbers."""
        numbers, begun = [], threading.Event()

        def second():
            with self._env() as env:
                env["res.partner"].search_count([])  # the snapshot is older than the first's end
                begun.set()
                numbers.append(self._daftarkan(env, 1).nomor_antrean)

        with self._env() as env:
            numbers.append(self._daftarkan(env, 0).nomor_antrean)
            thread = threading.Thread(target=second)
            thread.start()
            self.assertTrue(begun.wait(10))
            end_first(env.cr)
        thread.join(20)
        return numbers

    def test_the_second_gets_the_next_number(self):
        numbers = self._second_waits_for_first(lambda cr: cr.commit())
        self.assertEqual(numbers, ["A-1", "A-2"])

    def test_a_registration_that_fails_leaves_no_gap(self):
        numbers = self._second_waits_for_first(lambda cr: cr.rollback())
        self.assertEqual(numbers, ["A-1", "A-1"])

    def test_two_desks_register_the_same_visit_once(self):
        begun, refusals = threading.Event(), []
        with self._env() as env:  # else both would give them, and one be run anew by Odoo
            env["res.partner"].browse(self.pasien_ids)._ensure_no_rekam_medis()

        def second():
            with self._env() as env:
                bpjs = env.ref("antrean_bpjs.penjamin_bpjs").id  # begins the snapshot
                begun.set()
                try:
                    self._daftarkan(env, 0, penjamin_id=bpjs)
                except ValidationError as refusal:
                    env.cr.rollback()
                    refusals.append(refusal)

        with self._env() as env:
            self._daftarkan(env, 0, penjamin_id=env.ref("antrean_bpjs.penjamin_bpjs").id)
            thread = threading.Thread(target=second)
            thread.start()
            self.assertTrue(begun.wait(10))
        thread.join(20)
        self.assertEqual(len(refusals), 1)

    def test_a_visit_that_was_just_moved_makes_room(self):
        """To a transaction of its own it is still where it was before this one."""
        with self._env() as env:
            bpjs = env.ref("antrean_bpjs.penjamin_bpjs").id
            first = self._daftarkan(env, 0, penjamin_id=bpjs)
            env.cr.commit()
            first.pasien_id = self.pasien_ids[1]
            second = self._daftarkan(env, 0, penjamin_id=bpjs)
            self.assertEqual(second.nomor_antrean, "A-2")

    def test_two_workers_never_claim_the_same_job(self):
        layanan_id = self._open_pcare(entries=2)
        with self._env() as one, self._env() as two:
            self.assertIn(layanan_id, self._locked(one))
            self.assertNotIn(layanan_id, self._locked(two))
            two.cr.rollback()
            flights = one["bpjs.engine"]._claim_jobs(one["bpjs.layanan"].browse(layanan_id), 1)
            one.cr.commit()
            layanan = two["bpjs.layanan"].browse(layanan_id)
            self.assertEqual(len(flights), 1)
            self.assertEqual(self._locked(two)[layanan_id], layanan.concurrency - 1)
            others = two["bpjs.engine"]._claim_jobs(layanan, 2)
            self.assertNotIn(flights[0].job_id, [flight.job_id for flight in others])

    def _locked(self, env):
        """Return the room of the services that this worker may claim jobs of, by id."""
        return {each.id: free for each, free, _probe in env["bpjs.engine"]._lock_services()}

    def test_a_host_whose_clock_is_fast_lets_leases_live(self):
        layanan_id = self._open_pcare(entries=1)
        with self._env() as one, self._env() as two:
            [flight] = one["bpjs.engine"]._claim_jobs(one["bpjs.layanan"].browse(layanan_id), 1)
            one.cr.commit()
            with freeze_time(datetime.now() + timedelta(hours=1), tick=True):
                others = two["bpjs.engine"]._claim(64)
                job = two["bpjs.job"].browse(flight.job_id)
                self.assertNotIn(job.id, [other.job_id for other in others])
                self.assertEqual(job.state, "sending")
            two.cr.rollback()  # what it claimed of others is theirs again

    def _suspected(self):
        """Return a service that is to be probed, a call of its in the air, and what comes of that:
        no answer.
        """
        layanan_id = self._open_pcare(entries=1)
        with self._env() as env:
            layanan = env["bpjs.layanan"].browse(layanan_id)
            [flight] = env["bpjs.engine"]._claim_jobs(layanan, 1)
            layanan._suspect()
        lost = Future()
        lost.set_result(Outcome(UNSENT, scope="service"))
        return layanan_id, flight, lost

    def test_a_verdict_that_comes_while_a_job_begins_to_wait_for_it(self):
        """The probe's worker began before the job waited, and so does not see that it does."""
        layanan_id, flight, lost = self._suspected()
        with self._env() as one, self._env() as two:
            two["res.partner"].search_count([])  # begins its snapshot
            in_transaction(one, one["bpjs.engine"]._settle, [(flight, lost)])
            in_transaction(two, two["bpjs.layanan"].browse(layanan_id)._mark_up)
        with self._env() as env:
            job = env["bpjs.job"].browse(flight.job_id)
            self.assertEqual((job.attempt_count, job.awaits_probe), (1, False))

    def test_a_job_that_begins_to_wait_while_its_verdict_comes(self):
        layanan_id, flight, lost = self._suspected()
        with self._env() as one, self._env() as two:
            one["res.partner"].search_count([])  # begins its snapshot
            in_transaction(two, two["bpjs.layanan"].browse(layanan_id)._mark_up)
            in_transaction(one, one["bpjs.engine"]._settle, [(flight, lost)])
        with self._env() as env:
            job = env["bpjs.job"].browse(flight.job_id)
            self.assertTrue(job.awaits_probe)
            self.assertTrue(env["bpjs.layanan"].browse(layanan_id).next_probe_at, "there is one")

    @mute_logger("odoo.sql_db")
    def _called(self):
        """Call whom BPJS has; return the service that is to be told, and the entry."""
        layanan_id = self._open_pcare(entries=1, kode="antrean_fktp")
        with self._env() as env:
            entry = env["antrean.antrean"].search([("company_id", "=", self.company_id)])
            job = entry._job("tambah_antrean_fktp")
            job._finish("success", outcome=SUCCESS, message=False)
            job.request = add(
                no_kartu=entry.pasien_id.no_kartu_bpjs,
                nik="",
                no_hp="",
                kd_poli="001",
                nm_poli="Poli",
                no_rm="",
                tanggal=entry.tanggal,
                kd_dokter=0,
                nm_dokter="",
                jam_praktek="",
                nomor_antrean=entry.nomor_antrean,
                angka_antrean=entry.angka_antrean,
                keterangan="",
            ).as_dict()
            entry.action_panggil()
        return layanan_id, entry

    @mute_logger("odoo.sql_db")
    def test_a_worker_and_who_takes_a_call_back_meet(self):
        """Whoever comes second sees what the first has done: BPJS is told, or it is not."""
        layanan_id, entry = self._called()
        with self._env() as worker, self._env() as desk:
            worker["res.partner"].search_count([])  # begins the snapshot
            entry.with_env(desk).action_urungkan("dipanggil")
            desk.cr.commit()
            layanan = worker["bpjs.layanan"].browse(layanan_id)
            with self.assertRaises(SerializationFailure):
                worker["bpjs.engine"]._claim_jobs(layanan, 1)
            worker.cr.rollback()
            self.assertFalse(worker["bpjs.engine"]._claim_jobs(layanan, 1))
            entry.with_env(desk).action_panggil()
            desk.cr.commit()
            worker.cr.rollback()
            desk["res.partner"].search_count([])
            self.assertTrue(worker["bpjs.engine"]._claim_jobs(layanan, 1))
            worker.cr.commit()
            with self.assertRaises(SerializationFailure):
                entry.with_env(desk).action_urungkan("dipanggil")
                desk.flush_all()
            desk.cr.rollback()
            entry.with_env(desk).action_urungkan("dipanggil")
            self.assertTrue(entry.with_env(desk).dipanggil_di_bpjs)

    def test_no_worker_tells_of_a_call_that_is_no_longer_the_last(self):
        """It has read the entry before the next call; then it may not claim the job unchanged."""
        layanan_id, entry = self._called()
        with self._env() as worker, self._env() as desk:
            worker["res.partner"].search_count([])  # begins the snapshot
            entry.with_env(desk).action_tidak_hadir()
            desk.cr.commit()
            layanan = worker["bpjs.layanan"].browse(layanan_id)
            with self.assertRaises(SerializationFailure):
                worker["bpjs.engine"]._claim_jobs(layanan, 1)
            worker.cr.rollback()
            [flight] = worker["bpjs.engine"]._claim_jobs(layanan, 1)
            told = worker["bpjs.job"].browse(flight.job_id)._last_request().body
            self.assertEqual(told["status"], ABSENT)

    @mute_logger("odoo.sql_db")
    def test_a_claim_and_a_change_of_the_payer_meet(self):
        """Whoever comes second sees what the first has done: BPJS is told, or the payer changes."""
        layanan_id = self._open_pcare(entries=2)
        with self._env() as env:
            entries = env["antrean.antrean"].search([("company_id", "=", self.company_id)])
            umum = env.ref("antrean_bpjs.penjamin_umum").id
        with self._env() as worker, self._env() as desk:
            desk["res.partner"].search_count([])  # begins the snapshot
            layanan = worker["bpjs.layanan"].browse(layanan_id)
            claimed = worker["bpjs.engine"]._claim_jobs(layanan, 1)
            worker.cr.commit()
            entry = worker["bpjs.job"].browse(claimed[0].job_id).antrean_id.with_env(desk)
            with self.assertRaises(SerializationFailure):
                entry.penjamin_id = umum
                desk.flush_all()
            desk.cr.rollback()
            with self.assertRaises(UserError):
                entry.penjamin_id = umum
        with self._env() as worker, self._env() as desk:
            worker["res.partner"].search_count([])
            (entries - entry).with_env(desk).penjamin_id = umum
            desk.cr.commit()
            layanan = worker["bpjs.layanan"].browse(layanan_id)
            with self.assertRaises(SerializationFailure):
                worker["bpjs.engine"]._claim_jobs(layanan, 1)
            worker.cr.rollback()
            self.assertFalse(worker["bpjs.engine"]._claim_jobs(layanan, 1))

    def test_a_registration_begun_before_its_room_was_switched_on(self):
        with self._env() as env:
            self._switch_room(env, "apotek")
        with self._env() as desk, self._env() as admin:
            desk["res.partner"].search_count([])  # begins the snapshot
            self._switch_room(admin, "1")
            admin.cr.commit()
            with self.assertRaises(SerializationFailure):
                self._register_bpjs(desk)
            desk.cr.rollback()
            self.assertTrue(self._register_bpjs(desk).job_ids)

    def test_a_room_switched_on_while_somebody_registers(self):
        with self._env() as env:
            self._switch_room(env, "apotek")
        entry_id = self._register_while(lambda env: self._switch_room(env, "1"))
        with self._env() as env:
            self.assertTrue(env["antrean.antrean"].browse(entry_id).job_ids)

    def test_a_card_corrected_while_its_patient_is_registered(self):
        """The visit that the entry holds is the one of the new card."""
        with self._env() as env:
            patients = env["res.partner"].browse(self.pasien_ids)
            patients[0].no_kartu_bpjs = "0001000000098"
            patients._ensure_no_rekam_medis()
        entry_id = self._register_while(self._correct_card)
        with self._env() as env:
            entry = env["antrean.antrean"].browse(entry_id)
            self.assertEqual(entry.pasien_id.no_kartu_bpjs, "0001000000099")
            for job in entry.job_ids:
                self.assertEqual(job.visit_key, job._visit_key(entry, job._type()))

    def _register_while(self, change):
        """Register a patient while another transaction, begun before, changes something; where it
        has to, it begins anew, as Odoo has it. Return the entry's id.
        """
        begun = threading.Event()

        def change_it():
            with self._env() as admin:
                admin["res.partner"].search_count([])  # begins the snapshot
                begun.set()
                try:
                    change(admin)
                except (ConcurrencyError, SerializationFailure):
                    admin.cr.rollback()
                    change(admin)

        with self._env() as desk:
            entry_id = self._register_bpjs(desk).id
            thread = threading.Thread(target=change_it)
            thread.start()
            self.assertTrue(begun.wait(10))
        thread.join(20)
        self.assertFalse(thread.is_alive())
        return entry_id

    def _correct_card(self, env):
        env["res.partner"].browse(self.pasien_ids[0]).no_kartu_bpjs = "0001000000099"

    def _switch_room(self, env, jenis_kunjungan):
        env["antrean.ruangan"].browse(self.ruangan_id).jenis_kunjungan = jenis_kunjungan

    def _register_bpjs(self, env):
        return self._daftarkan(env, 0, penjamin_id=env.ref("antrean_bpjs.penjamin_bpjs").id)

    @mute_logger("odoo.sql_db")
    def test_an_answer_and_an_edit_meet(self):
        """A card corrected while BPJS's answer is written down is compared all the same."""
        layanan_id = self._open_pcare(entries=1)
        with self._env() as worker, self._env() as desk:
            [flight] = worker["bpjs.engine"]._claim_jobs(
                worker["bpjs.layanan"].browse(layanan_id), 1
            )
            worker.cr.commit()
            worker["res.partner"].search_count([])  # the answer's transaction begins first
            job = desk["bpjs.job"].browse(flight.job_id)
            job.antrean_id.pasien_id.no_kartu_bpjs = "0001000000099"
            desk.cr.commit()
            engine = worker["bpjs.engine"]
            in_transaction(worker, engine._settle, [(flight, self._answered("A1"))])
        with self._env() as env:
            job = env["bpjs.job"].browse(flight.job_id)
            self.assertEqual((job.state, job.outcome), ("failed", "outdated"))

    def test_parallel_answers_are_merged_by_rank(self):
        layanan_id = self._open_pcare(entries=1)
        late, newer = self._answered("A1"), Future()
        newer.set_result(Outcome(UNSENT, "PCare does not have this registration"))
        with self._env() as one, self._env() as two:
            [first] = one["bpjs.engine"]._claim_jobs(one["bpjs.layanan"].browse(layanan_id), 1)
            job = one["bpjs.job"].browse(first.job_id)
            job._expire_leases()
            one.cr.commit()
            [second] = two["bpjs.engine"]._claim_jobs(two["bpjs.layanan"].browse(layanan_id), 1)
            self.assertTrue(two["bpjs.job"].browse(second.job_id)._only_looks())
            two.cr.commit()
            # Both settle at the same time: the second begins before the first has ended.
            two["res.partner"].search_count([])
            in_transaction(one, one["bpjs.engine"]._settle, [(first, late)])
            in_transaction(two, two["bpjs.engine"]._settle, [(second, newer)])
        with self._env() as env:
            job = env["bpjs.job"].browse(first.job_id)
            self.assertEqual((job.state, job.antrean_id.nomor_antrean_pcare), ("success", "A1"))

    def test_no_transaction_is_open_while_bpjs_is_asked_for_a_member(self):
        layanan_id = self._open_pcare(entries=0)
        statuses = []
        with self._env() as env, socket.create_server(("127.0.0.1", 0)) as bpjs:
            env = env(context={"allowed_company_ids": [self.company_id]})
            layanan = env["bpjs.layanan"].browse(layanan_id)
            layanan.base_url = f"http://127.0.0.1:{bpjs.getsockname()[1]}"

            def look():
                connection, _address = bpjs.accept()
                statuses.append(env.cr._cnx.info.transaction_status)
                connection.close()

            thread = threading.Thread(target=look)
            thread.start()
            kind, _peserta, _message = env["bpjs.peserta"]._ask("nik", "3200000000000001")
            thread.join(10)
        self.assertEqual((kind, statuses), ("no_answer", [TRANSACTION_STATUS_IDLE]))

    def test_no_transaction_is_open_while_lists_are_fetched(self):
        layanan_id = self._open_pcare(entries=0)
        statuses = []

        def look(call, **_asked):
            statuses.append(env.cr._cnx.info.transaction_status)
            return Outcome(UNSENT, "", "service")

        with self._env() as env, patch.object(bpjs_fetch, "fetch", look):
            env["bpjs.layanan"].browse(layanan_id)._fetch_lists()
        self.assertEqual(statuses, [TRANSACTION_STATUS_IDLE])

    def test_a_schedule_that_two_workers_bring_is_kept_once(self):
        self._open_pcare(entries=0)
        rows = {"001": Rows([Praktek(11101, "dr. Contoh Satu", "07:00-14:00")])}
        day = date(2026, 3, 2)
        with self._env() as one, self._env() as two:
            two["res.partner"].search_count([])  # begins before the first has ended
            for env in (one, two):
                company = env["res.company"].browse(self.company_id)
                keep = env["bpjs.jadwal"]._keep
                in_transaction(env, keep, company, day, rows)
        with self._env() as env:
            kept = env["bpjs.jadwal"].search([("company_id", "=", self.company_id)])
            self.assertEqual(kept.mapped("jam_praktek"), ["07:00-14:00"])

    def test_an_answer_that_cannot_be_kept_holds_up_no_other(self):
        layanan_id = self._open_pcare(entries=3)
        with self._env() as env:
            layanan = env["bpjs.layanan"].browse(layanan_id)
            flights = env["bpjs.engine"]._claim_jobs(layanan, 3)
            env.cr.commit()
            answers = [self._answered(no_urut) for no_urut in ("A1", "A\0", "A3")]
            with self.assertLogs(SETTLE_LOG, "ERROR") as logs:
                env["bpjs.engine"]._settle_landed(list(zip(flights, answers, strict=True)))
        self.assertEqual(len(logs.output), 1)
        with self._env() as env:
            jobs = env["bpjs.job"].browse(flight.job_id for flight in flights)
            self.assertEqual(jobs.mapped("state"), ["success", "sending", "success"])
            numbers = jobs.mapped(lambda job: job.antrean_id.nomor_antrean_pcare)
            self.assertEqual(numbers, ["A1", False, "A3"])

    def test_several_answers_wake_the_boards_once(self):
        layanan_id = self._open_pcare(entries=2)
        with closing(db_connect("postgres").cursor()) as listener, self._env() as env:
            env["bpjs.layanan"].browse(layanan_id).concurrency = 2
            engine = env["bpjs.engine"]
            flights = engine._claim_jobs(env["bpjs.layanan"].browse(layanan_id), 2)
            env.cr.commit()
            listener.execute("LISTEN imbus")
            listener.commit()
            engine._settle_landed([(flight, self._answered("A1")) for flight in flights])
            told = self._told_until_now(listener, "imbus")
        with self._env() as env:
            jobs = env["bpjs.job"].browse(flight.job_id for flight in flights)
            self.assertEqual(jobs.mapped("state"), ["success", "success"])
        self.assertEqual(sum(f'"res.company",{self.company_id}' in each for each in told), 1)

    def test_a_run_that_leaves_work_has_the_next_begin_at_once(self):
        self._open_pcare(entries=1)
        with closing(db_connect("postgres").cursor()) as listener, self._env() as env:
            listener.execute("LISTEN cron_trigger")
            listener.commit()
            in_transaction(env, env["bpjs.engine"]._schedule)
            self.assertIn(env.cr.dbname, self._told_until_now(listener, "cron_trigger"))

    def _told_until_now(self, listener, channel):
        """Return what came in before a message to nobody, which is sent now; order is kept."""
        with db_connect("postgres").cursor() as cr:
            cr.execute(SQL("SELECT pg_notify(%s, '[]')", channel))
        told = []
        while "[]" not in told:
            self.assertTrue(select.select([listener._cnx], [], [], 10)[0])
            listener._cnx.poll()
            told = [notify.payload for notify in listener._cnx.notifies]
        return told

    @staticmethod
    def _answered(no_urut):
        future = Future()
        future.set_result(Outcome(SUCCESS, "", data={"no_urut": no_urut}))
        return future

    def _open_pcare(self, entries, kode="pcare"):
        """Give the clinic an account and entries to send; return the id of its PCare service."""
        with self._env() as env:
            bpjs = env.ref("antrean_bpjs.penjamin_bpjs").id
            faskes = env["bpjs.faskes"].create(
                {"company_id": self.company_id, "cons_id": "1", "secret": "x"}
            )
            for index in range(entries):
                patient = env["res.partner"].browse(self.pasien_ids[index])
                patient.no_kartu_bpjs = f"{1000000051 + index:013d}"
                self._daftarkan(env, index, penjamin_id=bpjs)
            layanan = faskes.layanan_ids.filtered(lambda layanan: layanan.kode == kode)
            layanan.concurrency = 1
            return layanan.id
