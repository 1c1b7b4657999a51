"""A poli's day as Mobile JKN knows it: sessions, and the numbers that members see of them."""

from collections import namedtuple
from dataclasses import dataclass, field

from ..antrean.antrean_antrean import BOOKED

WAITING = (BOOKED, "menunggu")

# One queue entry as far as these numbers need it.
Baris = namedtuple("Baris", "id jadwal_id pasien_id angka nomor is_prioritas state dipanggil_at")

BARIS = """
    SELECT id, jadwal_id, pasien_id, angka_antrean, nomor_antrean, is_prioritas, state, dipanggil_at
      FROM antrean_antrean WHERE ruangan_id = ANY(%s) AND tanggal = %s
"""


@dataclass
class Sesi:
    """One doctor's hours in a poli on a day, as BPJS writes them where it is known."""

    kd_poli: str
    kd_dokter: int
    nm_dokter: str
    jam_praktek: str
    kapasitas: int  # 0: no limit
    selesai: float  # hours since the day's midnight
    jadwal: list = field(default_factory=list)  # ours: one, rarely more

    def of(self, baris):
        ids = {jadwal.id for jadwal in self.jadwal}
        return [row for row in baris if row.jadwal_id in ids]

    def has_place(self, baris):
        return not self.kapasitas or len(self.of(living(baris))) < self.kapasitas


def living(baris):
    return [row for row in baris if row.state != "batal"]


def waiting(baris):
    return [row for row in baris if row.state in WAITING]


def called(baris):
    """Return the number called last, "" where nobody was called."""
    rows = [row for row in living(baris) if row.dipanggil_at]
    return max(rows, key=lambda row: (row.dipanggil_at, row.angka)).nomor if rows else ""
