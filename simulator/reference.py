"""The invented reference data: providers, polis, doctors and their schedule."""

from dataclasses import asdict, dataclass, field

from .people import OTHER_PROVIDER, OWN_PROVIDER

PROVIDERS = {OWN_PROVIDER: "Klinik Contoh", OTHER_PROVIDER: "Puskesmas Contoh Dua"}
POLI = {"001": "Poli Umum", "002": "Poli Gigi", "003": "Poli KIA"}
LETTERS = {"001": "A", "002": "B", "003": "C"}  # what a PCare queue number of the poli starts with
DOKTER = {11101: "dr. Contoh Satu", 11102: "drg. Contoh Dua", 11103: "dr. Contoh Tiga"}
TKP = {"10": "RJTP", "20": "RITP", "50": "Promotif"}
KESADARAN = {"01": "Compos mentis", "02": "Somnolence", "03": "Sopor", "04": "Coma"}


@dataclass(frozen=True)
class Jadwal:
    """One doctor's hours in one poli; the same every day of the week."""

    kd_poli: str
    kd_dokter: int
    jam: str
    kapasitas: int = 60


JADWAL = [
    Jadwal("001", 11101, "07:00-14:00"),
    Jadwal("001", 11103, "14:00-21:00"),
    Jadwal("002", 11102, "08:00-14:00"),
    Jadwal("003", 11103, "08:00-12:00"),
]


@dataclass(frozen=True)
class Reference:
    """The lists the services give out and hold every call against."""

    poli: dict[str, str] = field(default_factory=lambda: POLI)  # code: name
    dokter: dict[int, str] = field(default_factory=lambda: DOKTER)
    jadwal: list[Jadwal] = field(default_factory=lambda: JADWAL)
    poli_sehat: list[str] = field(default_factory=list)  # codes; PCare marks them poliSakit false

    def replace(
        self,
        poli: dict[str, str] | None = None,
        dokter: dict[str, str] | None = None,
        jadwal: list[dict] | None = None,
        poli_sehat: list[str] | None = None,
    ) -> "Reference":
        """Other lists, as JSON has them; what is not named stays. Raises `ValueError`."""
        changed = Reference(
            self.poli if poli is None else {str(kode): str(poli[kode]) for kode in poli},
            self.dokter if dokter is None else {int(kode): str(dokter[kode]) for kode in dokter},
            self.jadwal if jadwal is None else [Jadwal(**row) for row in jadwal],
            self.poli_sehat if poli_sehat is None else [str(kode) for kode in poli_sehat],
        )
        for row in changed.jadwal:
            if row.kd_poli not in changed.poli or row.kd_dokter not in changed.dokter:
                raise ValueError(f"{row} names a poli or doctor that is not in the lists")
        return changed

    def as_dict(self) -> dict:
        return asdict(self)
