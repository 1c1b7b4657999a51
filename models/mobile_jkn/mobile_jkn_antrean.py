from datetime import timedelta

from odoo import models
from odoo.exceptions import ValidationError

from ...bpjs import mobile_jkn as said
from ...bpjs.referensi import menit
from ..antrean.antrean_alur import ALASAN_LENGTH
from ..antrean.antrean_antrean import BOOKED
from .antrean_dipesan import PUBLICATION
from .sesi import WAITING, Poli, called, living, waiting

KETERANGAN = "Mohon lapor ke loket pendaftaran saat tiba, paling lambat sebelum praktik berakhir."


class MobileJkn(models.AbstractModel):
    """The queue, as Mobile JKN sees it and books in it."""

    _inherit = "mobile.jkn"

    def _status(self, akun, version, kd_poli, tanggal):
        poli = self._open_poli(akun, said.poli(kd_poli), said.day(tanggal))
        baris = poli.baris(self.env.cr)
        if version == 1:
            return self._numbers(poli, baris)
        return [
            {
                **self._numbers(poli, sesi.of(baris)),
                "sisaantrean": len(waiting(sesi.of(baris))),
                "kodedokter": sesi.kd_dokter,
                "namadokter": sesi.nm_dokter,
                "jampraktek": sesi.jam_praktek,
            }
            for sesi in poli.sesi
        ]

    @staticmethod
    def _numbers(poli, baris):
        return {
            "namapoli": poli.nama,
            "totalantrean": str(len(living(baris))),
            "sisaantrean": str(len(waiting(baris))),
            "antreanpanggil": called(baris),
            "keterangan": KETERANGAN,
        }

    def _ambil(self, akun, version, body):
        """Book, with the numbers of the poli locked from the look at its places to the end."""
        booking = said.booking(body)
        poli = self._open_poli(akun, booking.kd_poli, booking.tanggal)
        sesi = self._wanted(akun, poli, booking)
        patient = self._booking_patient(booking)
        for ruangan_id in poli.ruangan_ids:
            self.env["antrean.antrean"]._lock_numbers(ruangan_id, booking.tanggal)
        baris = self._locked_baris(poli)
        if any(row.pasien_id == patient.id for row in living(baris)):
            raise said.Refused(said.TWICE)
        free = [each for each in sesi if each.has_place(baris)]
        if not free:
            raise said.Refused(said.FULL)
        entry = self._book(booking, patient, free[0])
        place = self._place(entry, poli.nama, free[0].of(baris))
        angka = entry.angka_antrean
        return {**place, "angkaantrean": str(angka) if version == 1 else angka}

    def _locked_baris(self, poli):
        """Return the poli's queue entries once its numbers are locked.

        This transaction's snapshot may be older than the lock, so what was committed meanwhile is
        read by a cursor of its own, as the last number is.
        """
        baris = {row.id: row for row in poli.baris(self.env.cr)}
        if self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                baris |= {row.id: row for row in poli.baris(fresh)}
        return list(baris.values())

    def _book(self, booking, patient, sesi):
        payers = self.env["antrean.penjamin"]
        bpjs = [("is_bpjs", "=", True), *payers._domain_of(self.env.company)]
        entries = self.env["antrean.antrean"].with_context(mobile_jkn_booked=(booking, sesi))
        try:
            entry = entries.create(
                {
                    "company_id": self.env.company.id,
                    "tanggal": booking.tanggal,
                    "state": BOOKED,
                    "sumber": "mobile_jkn",
                    "menunggu_at": False,
                    "pasien_id": patient.id,
                    "penjamin_id": payers.search(bpjs, limit=1).id,
                    "ruangan_id": sesi.ruangan_id,
                    "jadwal_id": sesi.jadwal_ids[0],
                    "keluhan": booking.keluhan,
                }
            )
        except ValidationError:  # another record of the same member has the visit already
            raise said.Refused(said.TWICE) from None
        return entry.with_env(self.env)

    def _sisapeserta(self, akun, _version, no_kartu, kd_poli, tanggal):
        visit = said.visit(no_kartu, kd_poli, tanggal)
        poli = Poli(self.env, akun.company_id, visit.kd_poli, visit.tanggal)
        entry = self._entry(visit, poli)
        baris = [row for row in poli.baris(self.env.cr) if row.jadwal_id == entry.jadwal_id.id]
        return self._place(entry, poli.nama or entry.ruangan_id.name, baris)

    def _batal(self, akun, _version, body):
        visit = said.visit(
            *map(body.get, ("nomorkartu", "kodepoli", "tanggalperiksa", "keterangan"))
        )
        if visit.tanggal < akun.today:
            raise said.Refused(said.PAST_DAY)
        entry = self._entry(visit, Poli(self.env, akun.company_id, visit.kd_poli, visit.tanggal))
        if entry.state not in WAITING:
            raise said.Refused(said.SERVED)
        entry._batalkan_oleh_bpjs(visit.alasan[:ALASAN_LENGTH])

    @staticmethod
    def _place(entry, nama_poli, baris):
        """Return what a member sees of their place among those of the same doctor and hours."""
        turn = (not entry.is_prioritas, entry.angka_antrean)
        before = [row for row in waiting(baris) if (not row.is_prioritas, row.angka) < turn]
        return {
            "nomorantrean": entry.nomor_antrean,
            "namapoli": nama_poli,
            "sisaantrean": str(len(before)),
            "antreanpanggil": called(baris),
            "keterangan": KETERANGAN,
        }

    def _entry(self, visit, poli):
        """Return the queue entry that BPJS knows by card, poli and day.

        :raises Refused: there is none, or it is cancelled
        """
        known_by = (visit.no_kartu, visit.kd_poli, visit.tanggal.isoformat())
        key = PUBLICATION.visit_key(self.env.company, known_by)
        jobs = self.env["bpjs.job"].search([("told_visit_key", "=", key)], order="id desc")
        entries = jobs.antrean_id
        if living := entries.filtered(lambda entry: entry.state != "batal"):
            return living[0]
        if entries:
            raise said.Refused(said.CANCELLED)
        raise said.Refused(said.NOT_FOUND if poli.is_known else said.UNKNOWN_POLI)

    def _open_poli(self, akun, kd_poli, tanggal):
        """Return a poli on a day on which it can be booked. Raises `Refused`."""
        poli = Poli(self.env, akun.company_id, kd_poli, tanggal)
        if not poli.is_known:
            raise said.Refused(said.UNKNOWN_POLI)
        if tanggal < akun.today:
            raise said.Refused(said.PAST_DAY)
        if tanggal > akun.today + timedelta(days=akun.hari) or not poli.sesi:
            raise said.Refused(said.NOT_OPEN)
        return poli

    def _wanted(self, akun, poli, booking):
        """Return the sessions that will do and have not ended. Raises `Refused`."""
        sesi = poli.sesi
        if booking.kd_dokter is not None:
            sesi = [each for each in sesi if each.kd_dokter == booking.kd_dokter]
            known = [("kd_dokter_antrean", "=", booking.kd_dokter)]
            of_company = [("company_id", "=", akun.company_id)]
            if not sesi and not self.env["antrean.dokter"].search_count(of_company + known):
                raise said.Refused(said.UNKNOWN_DOKTER)
        if booking.jam_praktek:
            jam = _hours(booking.jam_praktek)
            sesi = [each for each in sesi if _hours(each.jam_praktek) == jam]
        if not sesi:
            raise said.Refused(said.NOT_OPEN)
        now = akun.now
        clock = now.hour + now.minute / 60
        is_today = booking.tanggal == now.date()
        if not (still := [each for each in sesi if not is_today or clock < each.selesai]):
            raise said.Refused(said.CLOSED)
        return still


def _hours(jam_praktek):
    """Return what hours are compared by, however they are written."""
    return menit(jam_praktek) or jam_praktek
