from datetime import timedelta

from odoo.tests import tagged

from ...models.harian.selisih import SANA
from ..common import SerentakCase


@tagged("post_install", "-at_install")
class TestBasiSerentak(SerentakCase):
    """Two administrators press the same button at the same moment."""

    def test_a_visit_of_an_earlier_day_is_entered_once(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            name = "Klinik Berdua"
            contact = self._create(env, "res.partner", {"name": name})  # to be removed with it
            company = self._create(env, "res.company", {"name": name, "partner_id": contact.id})
            self._create(
                env,
                "antrean.ruangan",
                {"name": "Poli", "company_id": company.id, "kd_poli_pcare": "001"},
            )
            patient = self._create(
                env,
                "res.partner",
                {
                    "name": "Peserta",
                    "no_kartu_bpjs": "0001000009999",
                    "company_id": company.id,
                },
            )
            day = company._antrean_today() - timedelta(days=1)
            harian = self._create(
                env, "bpjs.harian", {"company_id": company.id, "tanggal": day, "state": "selesai"}
            )
            baris = self._create(
                env,
                "bpjs.harian.baris",
                {
                    "harian_id": harian.id,
                    "jenis": SANA,
                    "pasien_id": patient.id,
                    "no_kartu": patient.no_kartu_bpjs,
                    "kd_poli": "001",
                    "nomor_di_bpjs": "A1",
                },
            )
            ids = baris.id, patient.id, company.id

        def press(env):
            env = env(context={"allowed_company_ids": [ids[2]]})
            env["bpjs.harian.baris"].browse(ids[0]).action_daftarkan()
            env.flush_all()

        raised = self._at_once(press, press)
        with self.registry.cursor() as cr:
            entries = self._env(cr)["antrean.antrean"].search([("pasien_id", "=", ids[1])])
            self.made += [("antrean.antrean", [entry.id]) for entry in entries]
            self.assertEqual(len(entries), 1)
        self.assertIn("dealt with already", raised[0])
