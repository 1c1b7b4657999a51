"""A poli's day as Mobile JKN knows it: sessions, and the numbers that members see of them.

Read by SQL in the same few statements whatever the day's size: BPJS asks often.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ..antrean.antrean_antrean import BOOKED
from ..antrean.antrean_jadwal import ends, jam_praktek, overlap
from ..antrean.antrean_ruangan import RAWAT_JALAN
from ..referensi.bpjs_jadwal import chosen

WAITING = (BOOKED, "menunggu")

# The rooms that are a poli, with the hours of a weekday, if they have any.
JADWAL = f"""
    SELECT ruangan.id, COALESCE(referensi.nama, ruangan.name), jadwal.id, jam_mulai, jam_selesai,
           kapasitas, kd_dokter_antrean, dokter.name
      FROM antrean_ruangan ruangan
      LEFT JOIN bpjs_referensi referensi
             ON (referensi.company_id, referensi.kode) = (ruangan.company_id, kd_poli_antrean)
            AND referensi.layanan = 'antrean_fktp' AND referensi.jenis = 'poli'
      LEFT JOIN antrean_jadwal jadwal
             ON jadwal.ruangan_id = ruangan.id AND jadwal.active AND hari = %s
      LEFT JOIN antrean_dokter dokter ON dokter.id = jadwal.dokter_id
     WHERE ruangan.company_id = %s AND kd_poli_antrean = %s AND ruangan.active
       AND jenis_kunjungan = '{RAWAT_JALAN}'
     ORDER BY ruangan.sequence, ruangan.id, jam_mulai, jadwal.id
"""
PRAKTEK = """
    SELECT kd_dokter, nm_dokter, jam_praktek, jam_mulai, jam_selesai, kapasitas
      FROM bpjs_jadwal WHERE company_id = %s AND tanggal = %s AND kd_poli = %s
     ORDER BY jam_mulai, id
"""
BARIS = """
    SELECT id, jadwal_id, pasien_id, angka_antrean, nomor_antrean, is_prioritas, state, dipanggil_at
      FROM antrean_antrean WHERE ruangan_id = ANY(%s) AND tanggal = %s
"""


class Jadwal(NamedTuple):
    """A room of a poli, and one doctor's hours in it, if it has any that day."""

    ruangan_id: int
    nama_poli: str
    id: int | None
    jam_mulai: float
    jam_selesai: float
    kapasitas: int | None
    kd_dokter: int | None
    nm_dokter: str


class Praktek(NamedTuple):
    """One row of BPJS's own schedule."""

    kd_dokter: int
    nm_dokter: str | None
    jam_praktek: str
    jam_mulai: float
    jam_selesai: float  # above 24: on the next day
    kapasitas: int | None


class Baris(NamedTuple):
    """One queue entry, as far as the numbers need it."""

    id: int
    jadwal_id: int | None
    pasien_id: int
    angka: int
    nomor: str
    is_prioritas: bool
    state: str
    dipanggil_at: datetime | None


def rows(cr, kind, statement, *values):
    cr.execute(statement, values)
    return list(map(kind._make, cr.fetchall()))


@dataclass
class Sesi:
    """One doctor's hours in a poli on a day, as BPJS writes them where it is known."""

    kd_poli: str
    ruangan_id: int
    kd_dokter: int
    nm_dokter: str
    jam_praktek: str
    kapasitas: int  # 0: no limit
    selesai: float  # hours since the day's midnight
    jadwal_ids: list = field(default_factory=list)  # ours: one, rarely more

    def of(self, baris):
        return [row for row in baris if row.jadwal_id in self.jadwal_ids]

    def has_place(self, baris):
        return not self.kapasitas or len(self.of(living(baris))) < self.kapasitas


class Poli:
    """A poli of a clinic on a day; `is_known` where the clinic has it at all."""

    def __init__(self, env, company_id, kd_poli, tanggal):
        env.flush_all()
        jadwal = rows(env.cr, Jadwal, JADWAL, str(tanggal.weekday()), company_id, kd_poli)
        praktek = rows(env.cr, Praktek, PRAKTEK, company_id, tanggal, kd_poli)
        self.kd_poli, self.tanggal = kd_poli, tanggal
        self.ruangan_ids = sorted({row.ruangan_id for row in jadwal})
        self.is_known = bool(jadwal)
        self.nama = jadwal[0].nama_poli if jadwal else ""
        self.sesi = self._sesi([row for row in jadwal if row.kd_dokter], praktek)

    def _sesi(self, jadwal, praktek):
        """Return the sessions of BPJS's own schedule where that is known, else ours."""
        sesi = {}
        for ours in jadwal:
            hours = ours.jam_mulai, ends(ours.jam_mulai, ours.jam_selesai)
            of_doctor = [row for row in praktek if row.kd_dokter == ours.kd_dokter]
            bpjs = chosen(
                of_doctor,
                lambda row, hours=hours: overlap(hours, (row.jam_mulai, row.jam_selesai)),
            )
            if praktek and not bpjs:
                continue
            jam = bpjs.jam_praktek if bpjs else jam_praktek(ours.jam_mulai, ours.jam_selesai)
            each = Sesi(
                kd_poli=self.kd_poli,
                ruangan_id=ours.ruangan_id,
                kd_dokter=ours.kd_dokter,
                nm_dokter=bpjs and bpjs.nm_dokter or ours.nm_dokter,
                jam_praktek=jam,
                kapasitas=bpjs and bpjs.kapasitas or ours.kapasitas or 0,
                selesai=bpjs and bpjs.jam_selesai or hours[1],
            )
            sesi.setdefault((ours.kd_dokter, jam), each).jadwal_ids.append(ours.id)
        return list(sesi.values())

    def baris(self, cr):
        """Return the poli's queue entries of the day as `cr` sees them."""
        return rows(cr, Baris, BARIS, self.ruangan_ids, self.tanggal)


def living(baris):
    return [row for row in baris if row.state != "batal"]


def waiting(baris):
    return [row for row in baris if row.state in WAITING]


def called(baris):
    """Return the number called last, "" where nobody was called."""
    told = [row for row in living(baris) if row.dipanggil_at]
    return max(told, key=lambda row: (row.dipanggil_at, row.angka)).nomor if told else ""
