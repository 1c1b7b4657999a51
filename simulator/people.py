"""The invented participants, some of whom always meet a fault."""

from dataclasses import dataclass
from datetime import date

OWN_PROVIDER, OTHER_PROVIDER = "0001R001", "0002R002"

# What always happens to a participant, by the last two digits of card and NIK.
SCREENING, FIELDS, NO_SCHEDULE, INACTIVE, SLOW, BY_HAND, ELSEWHERE = range(91, 98)
TROUBLES = {
    SCREENING: "belum skrining kesehatan: ditolak kedua layanan",
    FIELDS: "pendaftaran PCare ditolak 412 dengan daftar isian",
    NO_SCHEDULE: "antrean ditolak 201, PCare berhasil",
    INACTIVE: "peserta tidak aktif: ditolak kedua layanan",
    SLOW: "setiap panggilan tentang peserta ini memakan 6 detik",
    BY_HAND: "sudah didaftarkan di PCare dengan tangan",
    ELSEWHERE: "terdaftar di faskes lain",
}
SLOW_SECONDS = 6


@dataclass(frozen=True)
class Peserta:
    """One participant; `nomor` is the running number that card, NIK and name end in."""

    nomor: int

    @property
    def no_kartu(self) -> str:
        return f"00010000{self.nomor:05d}"

    @property
    def nik(self) -> str:
        return f"32{self.nomor:014d}"

    @property
    def nama(self) -> str:
        return f"Peserta Contoh {self.nomor:02d}"

    @property
    def sex(self) -> str:
        return "LP"[self.nomor % 2]

    @property
    def tgl_lahir(self) -> date:
        return date(1950 + self.nomor % 50, 1 + self.nomor % 9, 10 + self.nomor % 10)

    @property
    def no_hp(self) -> str:
        return f"08120000{self.nomor:04d}"

    @property
    def kd_provider(self) -> str:
        return OTHER_PROVIDER if self.nomor == ELSEWHERE else OWN_PROVIDER

    @property
    def aktif(self) -> bool:
        return self.nomor != INACTIVE


OTHERS = [Peserta(nomor) for nomor in range(501, 701)]  # whom other people register
PESERTA = [Peserta(nomor) for nomor in (*range(1, 61), *TROUBLES)]
BY_CARD = {peserta.no_kartu: peserta for peserta in PESERTA + OTHERS}
BY_NIK = {peserta.nik: peserta for peserta in PESERTA + OTHERS}
_SLOW_NUMBERS = (Peserta(SLOW).no_kartu, Peserta(SLOW).nik)


def patience(text: str) -> float:
    """Seconds BPJS thinks about a call whose path and body are `text`."""
    return SLOW_SECONDS if any(number in text for number in _SLOW_NUMBERS) else 0
