from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import AntreanCase, SerentakCase


@tagged("post_install", "-at_install")
class TestUrungkan(AntreanCase):
    """What was pressed by a slip is taken back, where nobody has gone on since."""

    def setUp(self):
        super().setUp()
        self.antrean = self._daftarkan(self._pasien(1), penjamin_id=self.umum.id)
        self.antrean = self.antrean.with_user(self.petugas)

    def test_each_action_offers_to_be_taken_back_once(self):
        for action, state, before in (
            ("action_panggil", "dipanggil", "menunggu"),
            ("action_terima", "diterima", "menunggu"),
            ("action_selesai", "selesai", "diterima"),
        ):
            if before == "diterima":
                self.antrean.action_terima()
            offer = getattr(self.antrean, action)()
            with self.subTest(action=action):
                self.assertEqual(offer["tag"], "antrean_bpjs.urungkan")
                self.assertEqual(offer["params"]["antrean_id"], self.antrean.id)
                self.assertEqual((offer["params"]["state"], self.antrean.state), (state, state))
                self.antrean.action_urungkan(state)
                self.assertEqual(self.antrean.state, before)
                with self.assertRaisesRegex(UserError, "nothing was taken back"):
                    self.antrean.action_urungkan(state)

    def test_calling_again_offers_nothing(self):
        self.antrean.action_panggil()
        self.assertFalse(self.antrean.action_panggil())

    def test_who_was_called_before_is_called_after(self):
        self.antrean.action_panggil()
        called_at = self.antrean.dipanggil_at
        self.antrean.action_terima()
        self.antrean.action_urungkan("diterima")
        self.assertEqual((self.antrean.state, self.antrean.dipanggil_at), ("dipanggil", called_at))

    def test_a_call_that_was_undone_is_none(self):
        self.antrean.action_panggil()
        self.antrean.action_tidak_hadir()
        self.antrean.action_urungkan("dipanggil")
        self.assertFalse(self.antrean.dipanggil_at or self.antrean.tidak_hadir)

    def test_back_to_waiting_from_wherever_it_is(self):
        for actions in (["panggil"], ["terima"], ["panggil", "terima", "selesai"]):
            with self.subTest(actions=actions):
                for action in actions:
                    getattr(self.antrean, f"action_{action}")()
                self.antrean.action_kembalikan()
                self.assertEqual(
                    (self.antrean.state, self.antrean.dipanggil_at), ("menunggu", False)
                )
        with self.assertRaises(UserError):
            self.antrean.action_kembalikan()

    def test_what_somebody_went_on_with_stays(self):
        self.antrean.action_terima()
        self.antrean.action_selesai()
        with self.assertRaisesRegex(UserError, "A-1.*Done"):
            self.antrean.action_urungkan("diterima")
        self.assertEqual(self.antrean.state, "selesai")

    def test_a_cancel_and_a_day_that_is_over_stay(self):
        self.antrean.action_panggil()
        self.antrean.sudo().tanggal -= timedelta(days=1)
        for undo in (
            lambda: self.antrean.action_urungkan("dipanggil"),
            self.antrean.action_kembalikan,
        ):
            with self.assertRaisesRegex(UserError, "is over"):
                undo()
        self.antrean.sudo().tanggal += timedelta(days=1)
        self._batalkan(self.antrean)
        for state in ("batal", "menunggu", "dipanggil", "lain"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self.antrean.action_urungkan(state)
        self.assertEqual(self.antrean.state, "batal")

    def test_only_who_may_change_an_entry_takes_back(self):
        self.antrean.action_panggil()
        other = self.env["res.company"].create({"name": "Klinik Lain"})
        stranger = self._user("petugas", other)
        with self.assertRaises(AccessError):
            self.antrean.with_user(stranger).action_urungkan("dipanggil")
        self.assertEqual(self.antrean.state, "dipanggil")


@tagged("post_install", "-at_install")
class TestTempat(AntreanCase):
    """Where somebody is in the queue."""

    def test_who_waits_before_is_ahead(self):
        entries = [self._daftarkan(self._pasien(nomor)) for nomor in range(1, 5)]
        self._daftarkan(self._pasien(5), self.apotek)
        entries[1].action_panggil()
        self._batalkan(entries[2])
        self.assertEqual(
            entries[3].with_user(self.petugas).get_tempat(),
            {"nomor": "A-4", "ruangan": "Poli Umum", "di_depan": 1},
        )

    def _new(self, pasien, **vals):
        vals = {
            "pasien_id": pasien.id,
            "ruangan_id": self.poli.id,
            "penjamin_id": self.umum.id,
        } | vals
        return self.env["antrean.antrean"].with_user(self.petugas).new(vals)

    def test_who_is_in_the_room_already_is_asked_about(self):
        pasien = self._pasien(1)
        self.assertFalse(self._new(pasien).sudah_antre)
        first = self._daftarkan(pasien, penjamin_id=self.umum.id)
        self.assertIn("A-1", self._new(pasien).sudah_antre)
        self.assertFalse(self._new(pasien, ruangan_id=self.apotek.id).sudah_antre)
        self.assertFalse(self._new(self._pasien(2)).sudah_antre)
        self.assertFalse(first.sudah_antre)
        self._batalkan(first)
        self.assertFalse(self._new(pasien).sudah_antre)

    def test_what_bpjs_books_once_is_refused_instead(self):
        pasien = self._pasien(1)
        self._daftarkan(pasien)
        self.assertFalse(self._new(pasien, penjamin_id=self.bpjs.id).sudah_antre)


@tagged("post_install", "-at_install")
class TestUrungkanSerentak(SerentakCase):
    """One desk goes on while another takes back."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            room = self._create(env, "antrean.ruangan", {"name": "Ruang Serentak"})
            patient = self._create(env, "res.partner", {"name": "Peserta Serentak"})
            entry = self._create(
                env,
                "antrean.antrean",
                {
                    "ruangan_id": room.id,
                    "pasien_id": patient.id,
                    "penjamin_id": env.ref("antrean_bpjs.penjamin_umum").id,
                },
            )
            entry.action_terima()
            self.entry_id = entry.id

    def _press(self, action, *args):
        """Return what presses a button, as far as the database."""

        def press(env):
            getattr(env["antrean.antrean"].browse(self.entry_id), action)(*args)
            env.flush_all()

        return press

    def _state(self):
        with self.registry.cursor() as cr:
            return self._env(cr)["antrean.antrean"].browse(self.entry_id).state

    @mute_logger("odoo.sql_db")
    def test_the_second_sees_what_the_first_has_done(self):
        finish, undo = ("action_selesai",), ("action_urungkan", "diterima")
        undo_finish = ("action_urungkan", "selesai")
        for first, second, refusal, state in (
            (finish, undo, "nothing was taken back", "selesai"),
            (undo_finish, undo_finish, "nothing was taken back", "diterima"),
            (undo, finish, "cannot become", "menunggu"),
        ):
            with self.subTest(first=first, second=second):
                [refused] = self._at_once(self._press(*first), self._press(*second))
                self.assertIn(refusal, refused)
                self.assertEqual(self._state(), state)
