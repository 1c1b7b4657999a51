import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.modules.registry import Registry


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Transactions that really run at the same time, each with a cursor of its own."""

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
            env["antrean.ruangan"].browse(self.ruangan_id).unlink()
            env["res.partner"].browse(self.pasien_ids).unlink()
            env["res.company"].browse(self.company_id).unlink()

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

    def test_two_workers_never_claim_the_same_job(self):
        with self._env() as env:
            bpjs = env.ref("antrean_bpjs.penjamin_bpjs").id
            env["res.partner"].browse(self.pasien_ids).write({"no_kartu_bpjs": "0001000000001"})
            faskes = env["bpjs.faskes"].create(
                {"company_id": self.company_id, "cons_id": "1", "secret": "x"}
            )
            for index in range(2):
                self._daftarkan(env, index, penjamin_id=bpjs)
            layanan = faskes.layanan_ids.filtered(lambda layanan: layanan.kode == "pcare")
            layanan.concurrency = 1
            layanan_id = layanan.id
        self.addCleanup(self._remove_faskes, faskes.id)

        with self._env() as one, self._env() as two:
            self.assertIn(layanan_id, one["bpjs.engine"]._lock_services().ids)
            self.assertNotIn(layanan_id, two["bpjs.engine"]._lock_services().ids)
            two.cr.rollback()
            flights = one["bpjs.engine"]._claim_jobs(one["bpjs.layanan"].browse(layanan_id), 1)
            one.cr.commit()
            layanan = two["bpjs.layanan"].browse(layanan_id)
            self.assertEqual(len(flights), 1)
            self.assertEqual(two["bpjs.engine"]._count_in_flight(layanan), 1)
            others = two["bpjs.engine"]._claim_jobs(layanan, 2)
            self.assertNotIn(flights[0].job_id, [flight.job_id for flight in others])

    def _remove_faskes(self, faskes_id):
        with self._env() as env:
            env["bpjs.faskes"].browse(faskes_id).unlink()
