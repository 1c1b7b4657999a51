"""Both books side by side: what a clinic's database says, and what its BPJS holds."""

from collections import Counter, defaultdict
from typing import NamedTuple

from simulator.tests.caller import card
from system_tests.chaos.trouble import ODD, UNKNOWN_TO_PCARE

# Of each entry: id, whether it is cancelled, its job's state, the visit, and what BPJS is to say of
# it. Beside it the columns of the simulator's book.
ENTRIES = """
    SELECT antrean.id, antrean.state = 'batal', job.state,
           pasien.no_kartu_bpjs, ruangan.{kd_poli}, antrean.tanggal::text, {details}
      FROM antrean_antrean antrean
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      LEFT JOIN antrean_jadwal jadwal ON jadwal.id = antrean.jadwal_id
      LEFT JOIN antrean_dokter dokter ON dokter.id = jadwal.dokter_id
      LEFT JOIN bpjs_job job ON job.antrean_id = antrean.id AND job.job_type = '{job_type}'
     WHERE antrean.company_id = %s AND antrean.sumber = 'loket'
"""
PENDAFTARAN = ENTRIES.format(
    kd_poli="kd_poli_pcare",
    details="antrean.nomor_antrean_pcare, antrean.kunjungan_sakit",
    job_type="pendaftaran_pcare",
)
HOURS = "to_char(interval '1 hour' * jadwal.{}, 'HH24:MI')"
ANTREAN = ENTRIES.format(
    kd_poli="kd_poli_antrean",
    details=f"""
        antrean.nomor_antrean, antrean.angka_antrean, pasien.nik, dokter.kd_dokter_antrean,
        {HOURS.format("jam_mulai")} || '-' || {HOURS.format("jam_selesai")}
    """,
    job_type="tambah_antrean_fktp",
)
BOOKS = {
    "pcare": (PENDAFTARAN, ("noUrut", "kunjSakit")),
    "antrean_fktp": (
        ANTREAN,
        ("nomorantrean", "angkaantrean", "nik", "kodedokter", "jampraktek"),
    ),
}
CALLS = """
    SELECT antrean.id, CASE WHEN antrean.tidak_hadir THEN 'tidak hadir' ELSE 'dipanggil' END,
           pasien.no_kartu_bpjs, ruangan.kd_poli_antrean, antrean.tanggal::text
      FROM antrean_antrean antrean
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
     WHERE antrean.company_id = %s AND antrean.state = 'dipanggil'
"""
# Jobs that are red though nothing was wrong with them. BPJS having something else than is entered,
# or another's, is a reason to be red.
HINDERED = """
    SELECT antrean.id
      FROM bpjs_job job
      JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
     WHERE job.company_id = %s AND job.state = 'failed'
       AND job.outcome NOT IN ('outdated', 'incomplete') AND pasien.no_kartu_bpjs != ALL(%s)
"""
ODD_CARDS = [card(number) for number in (*ODD, UNKNOWN_TO_PCARE)]


class Entry(NamedTuple):
    """A queue entry as one of BPJS's services is to know it."""

    id: int
    is_cancelled: bool
    state: str | None  # of its job
    visit: tuple  # card, poli, day
    details: tuple


class Left(NamedTuple):
    """What a service has of a visit that nobody is."""

    no_kartu: str
    kd_poli: str
    tanggal: str
    service: str
    booked_at: str


class Books:
    """A clinic's entries and what one of its services holds, visit by visit."""

    def __init__(self, clinic, simulator):
        self._service = simulator.service
        query, columns = BOOKS[self._service]
        self.entries = [
            Entry(antrean_id, is_cancelled, state, tuple(rest[:3]), tuple(rest[3:]))
            for antrean_id, is_cancelled, state, *rest in clinic.sql(query)
        ]
        self.held = defaultdict(list)  # by visit
        self._moments = {}  # at which it was booked last
        for row in simulator.from_clinic():
            visit = row["noKartu"], row["kdPoli"], row["tanggal"]
            self.held[visit].append(tuple(row[column] for column in columns))
            self._moments[visit] = row["waktu"]

    def alive(self):
        return [entry for entry in self.entries if not entry.is_cancelled]

    def false_green(self):
        """Entries that are green though BPJS has another visit, or none."""
        return {
            entry.id
            for entry in self.alive()
            if entry.state == "success" and self.held.get(entry.visit) != [entry.details]
        }

    def doubled(self):
        """Entries of a visit that BPJS has more than once, or that has several entries."""
        times = Counter(entry.visit for entry in self.alive())
        return {
            entry.id
            for entry in self.alive()
            if times[entry.visit] > 1 or len(self.held.get(entry.visit, ())) > 1
        }

    def lost(self):
        """Entries that BPJS does not have, though no red badge says so."""
        return {
            entry.id
            for entry in self.alive()
            if entry.state != "failed" and entry.visit not in self.held
        }

    def left(self):
        """What BPJS has and the clinic has not."""
        gone = self.held.keys() - {entry.visit for entry in self.alive()}
        return {Left(*visit, self._service, self._moments[visit]) for visit in gone}


def when_settled(clinic):
    """What must not be when nothing is open: {figure: ids of entries}."""
    books = [Books(clinic, simulator) for simulator in clinic.simulators]
    return {
        "false green": set().union(*(each.false_green() for each in books)),
        "doubled": set().union(*(each.doubled() for each in books)),
    }


def before_anybody_helps(clinic):
    """What must not be before what is red has been resent."""
    rows = clinic.sql(HINDERED, ODD_CARDS)
    return when_settled(clinic) | {"hindered": {antrean_id for (antrean_id,) in rows}}


def in_the_end(clinic):
    """What must not be in the end."""
    books = [Books(clinic, simulator) for simulator in clinic.simulators]
    return when_settled(clinic) | {
        "lost": set().union(*(each.lost() for each in books)),
        "alive": set().union(*(each.left() for each in books)),
        "not called": not_called(clinic),
    }


def not_called(clinic):
    """Entries whose last call Antrean FKTP does not show."""
    [antrean] = (each for each in clinic.simulators if each.service == "antrean_fktp")
    statuses = {
        (row["noKartu"], row["kdPoli"], row["tanggal"]): row["status"]
        for row in antrean.from_clinic()
    }
    return {
        antrean_id
        for antrean_id, call, *visit in clinic.sql(CALLS)
        if statuses.get(tuple(visit), call) != call
    }
