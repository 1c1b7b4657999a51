"""The calls of Antrean FKTP, clinic to BPJS (BPJS catalogue, Antrean FKTP)."""

from datetime import date, datetime
from urllib.parse import unquote

from .request import Request, path
from .service import Service

ANTREAN = "antrean_fktp"
SERVICE = Service(
    code=ANTREAN,
    label="Antrean FKTP",
    addresses={
        "production": "https://apijkn.bpjs-kesehatan.go.id/antreanfktp",
        "development": "https://apijkn-dev.bpjs-kesehatan.go.id/antreanfktp_dev",
        "simulator": "http://127.0.0.1:8899/antreanfktp",  # of `python -m simulator`
    },
    content_type="application/json",
    date_format="%Y-%m-%d",
    success=frozenset({1, 200}),
    probe=lambda tanggal: ref_poli(tanggal),
)
PRESENT, ABSENT = 1, 2


def _post(action: str, body: dict, *, registers: bool = False) -> Request:
    where = path("antrean", action)
    return Request(ANTREAN, "POST", where, body, SERVICE.success, registers=registers)


def _ref(*segments: object) -> Request:
    return Request(ANTREAN, "GET", path("ref", *segments), success=SERVICE.success)


def add(
    *,
    no_kartu: str,
    nik: str,
    no_hp: str,
    kd_poli: str,
    nm_poli: str,
    no_rm: str,
    tanggal: date,
    kd_dokter: int,
    nm_dokter: str,
    jam_praktek: str,
    nomor_antrean: str,
    angka_antrean: int,
    keterangan: str,
) -> Request:
    """Publish a queue entry made at the clinic; `no_kartu` is empty for a non-JKN patient.

    `kd_poli`, `kd_dokter` and `jam_praktek` ("HH:MM-HH:MM") must be those of `ref_dokter` that day.
    """
    body = {
        "nomorkartu": no_kartu,
        "nik": nik,
        "nohp": no_hp,
        "kodepoli": kd_poli,
        "namapoli": nm_poli,
        "norm": no_rm,
        "tanggalperiksa": SERVICE.date_text(tanggal),
        "kodedokter": kd_dokter,
        "namadokter": nm_dokter,
        "jampraktek": jam_praktek,
        "nomorantrean": nomor_antrean,
        "angkaantrean": angka_antrean,
        "keterangan": keterangan,
    }
    return _post("add", body, registers=True)


def panggil(*, tanggal: date, kd_poli: str, no_kartu: str, hadir: bool, waktu: datetime) -> Request:
    """Tell that the patient was called. `waktu` needs a time zone, else raises `ValueError`."""
    if waktu.tzinfo is None:
        raise ValueError("waktu needs a time zone")
    body = {
        "tanggalperiksa": SERVICE.date_text(tanggal),
        "kodepoli": kd_poli,
        "nomorkartu": no_kartu,
        "status": PRESENT if hadir else ABSENT,
        "waktu": round(waktu.timestamp() * 1000),
    }
    return _post("panggil", body)


def batal(*, tanggal: date, kd_poli: str, no_kartu: str, alasan: str) -> Request:
    body = {
        "tanggalperiksa": SERVICE.date_text(tanggal),
        "kodepoli": kd_poli,
        "nomorkartu": no_kartu,
        "alasan": alasan,
    }
    return _post("batal", body)


def ref_poli(tanggal: date) -> Request:
    return _ref("poli", "tanggal", SERVICE.date_text(tanggal))


def ref_dokter(kd_poli: str, tanggal: date) -> Request:
    return _ref("dokter", "kodepoli", kd_poli, "tanggal", SERVICE.date_text(tanggal))


def asked_of(request: Request) -> tuple[str, date]:
    """The poli and the day that a `ref_dokter` asks for."""
    *_, kd_poli, _, tanggal = map(unquote, request.path.split("/"))
    return kd_poli, SERVICE.date_of(tanggal)
