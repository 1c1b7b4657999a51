from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError

from ...bpjs import mobile_jkn as said
from ...bpjs.referensi import menit
from ...jobs import JOB_TYPES
from ..antrean.antrean_alur import ALASAN_LENGTH
from ..antrean.antrean_antrean import BOOKED
from ..antrean.antrean_ruangan import RAWAT_JALAN
from .sesi import BARIS, Baris, Sesi, called, living, waiting

PUBLICATION = JOB_TYPES["tambah_antrean_fktp"]
KETERANGAN = "Mohon lapor ke loket pendaftaran saat tiba, paling lambat sebelum praktik berakhir."


class MobileJkn(models.AbstractModel):
    """The queue, as Mobile JKN sees it and books in it."""

    _inherit = "mobile.jkn"

    def _status(self, faskes, version, kd_poli, tanggal):
        kd_poli, tanggal = said.poli(kd_poli), said.day(tanggal)
        ruangan = self._poli(kd_poli)
        self._check_day(faskes, tanggal)
        sesi = self._sesi(ruangan, kd_poli, tanggal)
        if not sesi:
            raise said.Refused(said.NOT_OPEN)
        baris = self._baris(ruangan, tanggal)
        if version == 1:
            return self._numbers(ruangan, baris)
        return [
            {
                **self._numbers(ruangan, each.of(baris)),
                "sisaantrean": len(waiting(each.of(baris))),
                "kodedokter": each.kd_dokter,
                "namadokter": each.nm_dokter,
                "jampraktek": each.jam_praktek,
            }
            for each in sesi
        ]

    @staticmethod
    def _numbers(ruangan, baris):
        return {
            "namapoli": ruangan[0].nama_poli_antrean,
            "totalantrean": str(len(living(baris))),
            "sisaantrean": str(len(waiting(baris))),
            "antreanpanggil": called(baris),
            "keterangan": KETERANGAN,
        }

    def _ambil(self, faskes, version, body):
        """Book, with the numbers of the room locked from the look at its places to the end."""
        booking = said.booking(body)
        ruangan = self._poli(booking.kd_poli)
        self._check_day(faskes, booking.tanggal)
        sesi = self._wanted(self._sesi(ruangan, booking.kd_poli, booking.tanggal), booking)
        patient = self._booking_patient(booking)
        for ruangan_id in sorted(ruangan.ids):
            self.env["antrean.antrean"]._lock_numbers(ruangan_id, booking.tanggal)
        baris = self._baris(ruangan, booking.tanggal, is_locked=True)
        if any(row.pasien_id == patient.id for row in living(baris)):
            raise said.Refused(said.TWICE)
        free = [each for each in sesi if each.has_place(baris)]
        if not free:
            raise said.Refused(said.FULL)
        entry = self._book(booking, patient, free[0])
        place = self._place(entry, free[0].of(baris))
        angka = entry.angka_antrean
        return {**place, "angkaantrean": str(angka) if version == 1 else angka}

    def _book(self, booking, patient, sesi):
        payers = self.env["antrean.penjamin"]
        bpjs = [("is_bpjs", "=", True), *payers._domain_of(self.env.company)]
        try:
            entry = self.env["antrean.antrean"].create(
                {
                    "company_id": self.env.company.id,
                    "tanggal": booking.tanggal,
                    "state": BOOKED,
                    "sumber": "mobile_jkn",
                    "menunggu_at": False,
                    "pasien_id": patient.id,
                    "penjamin_id": payers.search(bpjs, limit=1).id,
                    "ruangan_id": sesi.jadwal[0].ruangan_id.id,
                    "jadwal_id": sesi.jadwal[0].id,
                    "keluhan": booking.keluhan,
                }
            )
        except ValidationError:  # BPJS's card has the visit already, by another record of theirs
            raise said.Refused(said.TWICE) from None
        request = PUBLICATION.publication(entry, sesi)
        request.body.update(nomorkartu=booking.no_kartu, nik=booking.nik)
        entry._job(PUBLICATION.name)._was_booked(request)
        return entry

    def _sisapeserta(self, _faskes, _version, no_kartu, kd_poli, tanggal):
        entry = self._entry(said.visit(no_kartu, kd_poli, tanggal))
        baris = self._baris(entry.ruangan_id, entry.tanggal)
        return self._place(entry, [row for row in baris if row.jadwal_id == entry.jadwal_id.id])

    def _batal(self, _faskes, _version, body):
        visit = said.visit(
            *map(body.get, ("nomorkartu", "kodepoli", "tanggalperiksa", "keterangan"))
        )
        if visit.tanggal < self.env.company._antrean_today():
            raise said.Refused(said.PAST_DAY)
        entry = self._entry(visit)
        if entry.state not in (BOOKED, "menunggu"):
            raise said.Refused(said.SERVED)
        entry._batalkan_oleh_bpjs(visit.alasan[:ALASAN_LENGTH])

    def _place(self, entry, baris):
        """Return what a member sees of their place among those of the same doctor and hours."""
        turn = (not entry.is_prioritas, entry.angka_antrean)
        before = [row for row in waiting(baris) if (not row.is_prioritas, row.angka) < turn]
        return {
            "nomorantrean": entry.nomor_antrean,
            "namapoli": entry.ruangan_id.nama_poli_antrean,
            "sisaantrean": str(len(before)),
            "antreanpanggil": called(baris),
            "keterangan": KETERANGAN,
        }

    def _entry(self, visit):
        """Return the queue entry that BPJS knows by card, poli and day.

        :raises Refused: there is none, or it is cancelled
        """
        known_by = (visit.no_kartu, visit.kd_poli, visit.tanggal.isoformat())
        key = PUBLICATION.visit_key(self.env.company, known_by)
        jobs = self.env["bpjs.job"].search([("told_visit_key", "=", key)], order="id desc")
        entries = jobs.antrean_id
        if not entries:
            self._poli(visit.kd_poli)
            raise said.Refused(said.NOT_FOUND)
        if living := entries.filtered(lambda entry: entry.state != "batal"):
            return living[0]
        raise said.Refused(said.CANCELLED)

    # Poli, days and hours

    def _poli(self, kd_poli):
        """Return the rooms that are a poli. Raises `Refused`."""
        ruangan = self.env["antrean.ruangan"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("kd_poli_antrean", "=", kd_poli),
                ("jenis_kunjungan", "=", RAWAT_JALAN),
            ]
        )
        if not ruangan:
            raise said.Refused(said.UNKNOWN_POLI)
        return ruangan

    def _check_day(self, faskes, tanggal):
        today = self.env.company._antrean_today()
        if tanggal < today:
            raise said.Refused(said.PAST_DAY)
        if tanggal > today + timedelta(days=faskes.mobile_jkn_hari):
            raise said.Refused(said.NOT_OPEN)

    def _sesi(self, ruangan, kd_poli, tanggal):
        """Return the sessions of a poli on a day: those of BPJS's own schedule where that is known,
        else ours.
        """
        rows = self.env["bpjs.jadwal"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("tanggal", "=", tanggal),
                ("kd_poli", "=", kd_poli),
            ]
        )
        sesi = {}
        hari = str(tanggal.weekday())
        for jadwal in ruangan.jadwal_ids.filtered(lambda jadwal: jadwal.hari == hari):
            row = rows._chosen(jadwal)
            kd_dokter = jadwal.dokter_id.kd_dokter_antrean
            if kd_dokter and (row or not rows):
                each = Sesi(
                    kd_poli=kd_poli,
                    kd_dokter=kd_dokter,
                    nm_dokter=row.nm_dokter or jadwal.dokter_id.name,
                    jam_praktek=row.jam_praktek or jadwal.jam_praktek,
                    kapasitas=row.kapasitas or jadwal.kapasitas,
                    selesai=row.jam_selesai or jadwal._ends(),
                )
                sesi.setdefault((kd_dokter, each.jam_praktek), each).jadwal.append(jadwal)
        return list(sesi.values())

    def _wanted(self, sesi, booking):
        """Return, of these, the sessions that will do and have not ended. Raises `Refused`."""
        if booking.kd_dokter is not None:
            known = [("kd_dokter_antrean", "=", booking.kd_dokter)]
            of_company = [("company_id", "=", self.env.company.id)]
            if not self.env["antrean.dokter"].search_count(of_company + known, limit=1):
                raise said.Refused(said.UNKNOWN_DOKTER)
            sesi = [each for each in sesi if each.kd_dokter == booking.kd_dokter]
        if booking.jam_praktek:
            jam = _hours(booking.jam_praktek)
            sesi = [each for each in sesi if _hours(each.jam_praktek) == jam]
        if not sesi:
            raise said.Refused(said.NOT_OPEN)
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=self.env.company.antrean_tz), fields.Datetime.now()
        )
        clock = now.hour + now.minute / 60
        is_today = booking.tanggal == now.date()
        if not (still := [each for each in sesi if not is_today or clock < each.selesai]):
            raise said.Refused(said.CLOSED)
        return still

    def _baris(self, ruangan, tanggal, is_locked=False):
        """Return the queue entries of these rooms and day.

        This transaction's snapshot may be older than the lock on the rooms' numbers, so what was
        committed meanwhile is read by a cursor of its own, as the last number is.
        """
        self.env["antrean.antrean"].flush_model()
        rows = self._rows(self.env.cr, ruangan, tanggal)
        if is_locked and self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                rows |= self._rows(fresh, ruangan, tanggal)
        return list(rows.values())

    @staticmethod
    def _rows(cr, ruangan, tanggal):
        cr.execute(BARIS, (ruangan.ids, tanggal))
        return {row[0]: Baris(*row) for row in cr.fetchall()}


def _hours(jam_praktek):
    """Return what hours are compared by, however they are written."""
    return menit(jam_praktek) or jam_praktek
