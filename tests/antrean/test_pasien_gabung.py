from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import AntreanCase


@tagged("post_install", "-at_install")
class TestPasienGabung(AntreanCase):
    """Odoo's wizard merges contacts who are patients, and nothing of them is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kontak = new_test_user(
            cls.env,
            "kontak",
            "base.group_user,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _gabung(self, kept, *others, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user or self.kontak)
        partners = kept.union(*others)
        wizard = wizard.create({"dst_partner_id": kept.id, "partner_ids": [(6, 0, partners.ids)]})
        wizard.action_merge()
        self.env.invalidate_all()

    def test_what_only_one_has_survives_whoever_merges(self):
        for member, user in ((1, self.kontak), (2, self.petugas), (3, self.env.user)):
            with self.subTest(user=user.login):
                known = {
                    "nik": f"320000000000010{member}",
                    "no_kartu_bpjs": f"000100000010{member}",
                    "kd_provider_peserta": "0001R001",
                    "no_rekam_medis": f"RM-{member}",
                    "tanggal_lahir": "1990-02-03",
                    "jenis_kelamin": "P",
                }
                kept = self.env["res.partner"].create({"name": "Peserta", "phone": "0812"})
                other = self.env["res.partner"].create({"name": "Peserta", **known})
                antrean = self._daftarkan(other)
                self._gabung(kept, other, user=user)
                self.assertFalse(other.exists())
                self.assertEqual(str(kept.tanggal_lahir), known.pop("tanggal_lahir"))
                self.assertEqual({name: kept[name] for name in known}, known)
                self.assertEqual(antrean.pasien_id, kept)

    def test_what_both_have_alike_is_kept(self):
        kept, other = self._pasien(1), self._pasien(1)
        self._gabung(kept, other, user=self.petugas)
        self.assertEqual(kept.no_kartu_bpjs, "0001000000001")

    def test_a_third_twin_from_before_hinders_no_merge(self):
        kept, other, _third = (self._pasien(1) for _ in range(3))
        self._gabung(kept, other, user=self.petugas)
        self.assertEqual(kept.no_kartu_bpjs, "0001000000001")

    def test_what_differs_is_decided_by_people(self):
        for name, value in [
            ("nik", "3200000000000009"),
            ("no_kartu_bpjs", "0001000000009"),
            ("no_rekam_medis", "RM-9"),
            ("tanggal_lahir", "1990-09-09"),
            ("jenis_kelamin", "L"),
            ("kd_provider_peserta", "0001R009"),
        ]:
            with self.subTest(field=name):
                one = self._pasien(
                    1, no_rekam_medis="RM-1", tanggal_lahir="1990-01-01", jenis_kelamin="P"
                )
                two = self.env["res.partner"].create({"name": "Peserta Lain"})
                two.write({name: value})
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    self._gabung(one, two)
                self.assertIn(one._fields[name].string, str(caught.exception))
                self.assertNotRegex(str(caught.exception), rf"\b{value}\b")
                self.assertTrue(two.exists())
                one.unlink()

    def test_two_in_one_queue_are_refused(self):
        one, two = self._pasien(1), self.env["res.partner"].create({"name": "Peserta Kembar"})
        first = self._daftarkan(one, penjamin_id=self.umum.id)
        second = self._daftarkan(two, penjamin_id=self.umum.id)
        two.no_rekam_medis = False
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._gabung(one, two)
        for words in (one.name, two.name, "Poli Umum", "A-1", "A-2"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual((first.pasien_id, second.pasien_id), (one, two))
        self._batalkan(second)
        self._gabung(one, two)
        self.assertEqual((first + second).pasien_id, one)

    def test_one_visit_of_bpjs_under_two_rooms_is_refused_too(self):
        anak = self._ruangan("Poli Anak", "N", kd_poli_pcare="001", kd_poli_antrean="001")
        one = self._pasien(1)
        two = self._pasien(2, nik=False, no_kartu_bpjs=False)
        self._daftarkan(one)
        self._daftarkan(two, anak, penjamin_id=self.bpjs.id)
        two.no_rekam_medis = False
        with self.assertRaisesRegex(UserError, "A-1|N-1"), self.env.cr.savepoint():
            self._gabung(one, two)

    def test_visits_of_past_days_hinder_no_merge(self):
        one, two = self._pasien(1), self._pasien(2, nik=False, no_kartu_bpjs=False)
        visits = self.env["antrean.antrean"].create(
            [
                {"pasien_id": patient.id, "ruangan_id": self.poli.id, "tanggal": "2020-02-03"}
                for patient in (one, two)
            ]
        )
        two.write(dict.fromkeys(two._identity_fields(), False))
        self._gabung(one, two)
        self.assertEqual(visits.pasien_id, one)

    def test_no_clinic_loses_a_patient_to_another(self):
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        room = self._ruangan("Poli", "A", company_id=other.id)
        shared = self._pasien(1, company_id=False, nik=False, no_kartu_bpjs=False)
        theirs = self.env["antrean.antrean"].create(
            {"pasien_id": shared.id, "ruangan_id": room.id, "company_id": other.id}
        )
        shared.no_rekam_medis = False
        ours = self._pasien(2, company_id=self.company.id)
        for kept, gone in ((ours, shared), (shared, ours)):
            with (
                self.subTest(kept=kept.name),
                self.assertRaisesRegex(UserError, "in more clinics than one"),
                self.env.cr.savepoint(),
            ):
                self._gabung(kept, gone, user=self.env.user)
            self.assertEqual(theirs.pasien_id, shared)
        ours.company_id = False
        self._gabung(shared, ours, user=self.env.user)
        self.assertEqual(theirs.pasien_id, shared)
