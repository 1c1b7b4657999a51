"""WS FKTP: what BPJS, for Mobile JKN, asks of a clinic's own web service, in both its versions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from .answer import lower_keys, plain, whole_number
from .envelope import loads

OK, FAILED, NEW_PATIENT = 200, 201, 202

# What members read, as BPJS has it.
ACCOUNT = "Username atau Password Tidak Sesuai"
TOKEN = "Token expired"  # noqa: S105 a text
NO_POLI = "Kode Poli tidak boleh kosong"
UNKNOWN_POLI = "Poli tidak ditemukan"
UNKNOWN_DOKTER = "Dokter tidak ditemukan"
NO_DAY = "Tanggal tidak boleh kosong"
BAD_DAY = "Format Tanggal tidak sesuai, format yang benar adalah yyyy-mm-dd"
PAST_DAY = "Tanggal Periksa tidak berlaku mundur"
NO_KELUHAN = "Keluhan tidak boleh kosong"
NOT_OPEN = "Pendaftaran ke Poli ini tidak tersedia"
CLOSED = "Pendaftaran ke Poli ini sudah tutup"
FULL = "Kuota penuh"
TWICE = "Nomor Antrean hanya dapat diambil 1 kali pada Tanggal, Dokter dan Poli yang sama"
UNKNOWN_PATIENT = "Data pasien ini tidak ditemukan, silahkan melakukan registrasi pasien baru"
NOT_FOUND = "Antrean Tidak Ditemukan"
CANCELLED = "Antrean sudah dibatalkan"
SERVED = "Pasien Sudah Dilayani, Antrean Tidak Dapat Dibatalkan"
KNOWN_PATIENT = "Data pasien ini sudah terdaftar"
UNKNOWN_SEX = "Jenis Kelamin tidak ditemukan"
# Ours, where BPJS has no text.
UNKNOWN_SERVICE = "Layanan tidak ditemukan"
UNREADABLE = "Data yang dikirim tidak dapat dibaca, kirim objek JSON"
TOO_LARGE = "Data yang dikirim terlalu besar"
TOO_MANY_TRIES = "Terlalu banyak percobaan, silakan coba lagi beberapa saat lagi"
NO_NAME = "Nama tidak boleh kosong"
OWN_ERROR = "Terjadi gangguan pada sistem klinik, silakan hubungi klinik"

NUMBERS = {"Nomor Kartu": 13, "NIK": 16, "Nomor KK": 16}  # and their digits
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_BODY = 64 * 1024  # bytes
CANCELLED_BY_MEMBER = "Dibatalkan peserta di Mobile JKN"

PATH = re.compile("(v2(?:/+|$))?(.*)", re.DOTALL)
SAID = "(?:/([^/]*))?"  # a part of the path; that it is empty, or missing, is told by its own text
SERVICES = (  # method, path, name; those below /v2 are the same
    ("GET", re.compile("auth"), "auth"),
    ("GET", re.compile("antrean/status" + 2 * SAID), "status"),
    ("POST", re.compile("antrean"), "ambil"),
    ("GET", re.compile("antrean/sisapeserta" + 3 * SAID), "sisapeserta"),
    ("PUT", re.compile("antrean/batal"), "batal"),
    ("POST", re.compile("peserta"), "peserta"),
)


class Refused(Exception):
    """Why a call comes to nothing, in words for the member."""

    def __init__(self, message: str, code: int = FAILED):
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(frozen=True)
class Call:
    """Which service is called: its name, its version (1 or 2) and what its path says."""

    service: str
    version: int
    said: tuple[str, ...]


@dataclass(frozen=True)
class Booking:
    """What a member asks for. Without doctor and hours, as in version 1, any will do."""

    no_kartu: str
    nik: str
    kd_poli: str
    tanggal: date
    keluhan: str
    kd_dokter: int | None = None
    jam_praktek: str = ""
    no_hp: str = ""


@dataclass(frozen=True)
class Visit:
    """What BPJS knows a queue entry by, and why it is cancelled, if it is."""

    no_kartu: str
    kd_poli: str
    tanggal: date
    alasan: str = CANCELLED_BY_MEMBER


@dataclass(frozen=True)
class Peserta:
    """A member who becomes a patient. `tempat` is the address without its first line."""

    no_kartu: str
    nik: str
    no_kk: str
    nama: str
    sex: str  # L or P
    tanggal_lahir: date
    alamat: str
    tempat: str
    kota: str
    provinsi: str
    no_hp: str


def answer(code: int, message: str, response: object = None) -> bytes:
    """What is answered, as JSON."""
    said = {} if response is None else {"response": response}
    envelope = said | {"metadata": {"message": message, "code": code}}
    return json.dumps(envelope, ensure_ascii=False).encode()


def call_of(method: str, path: str) -> Call:
    """Which service a path below the facility's address is. Raises `Refused`."""
    v2, where = PATH.fullmatch(path.strip("/")).groups()
    for its_method, pattern, name in SERVICES:
        if method == its_method and (match := pattern.fullmatch(where)):
            return Call(name, 2 if v2 else 1, match.groups(""))
    raise Refused(UNKNOWN_SERVICE)


def body_of(raw: bytes) -> dict:
    """The object of a body, its keys in lower case. Raises `Refused`."""
    try:
        body = loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None
    if not isinstance(body, dict):
        raise Refused(UNREADABLE)
    return lower_keys(body)


def day(text: object) -> date:
    """Raises `Refused` for what is no day."""
    text = _text(text)
    if not text:
        raise Refused(NO_DAY)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:  # the 31st of February
        pass
    raise Refused(BAD_DAY)


def poli(text: object) -> str:
    """The code of a poli. Raises `Refused` where there is none."""
    text = _text(text)
    if not text:
        raise Refused(NO_POLI)
    return text


def booking(body: dict) -> Booking:
    """What `ambil` of either version asks for. Raises `Refused`."""
    return Booking(
        no_kartu=_number("Nomor Kartu", body.get("nomorkartu")),
        nik=_number("NIK", body.get("nik")),
        kd_poli=poli(body.get("kodepoli")),
        tanggal=day(body.get("tanggalperiksa")),
        keluhan=_required(body.get("keluhan"), NO_KELUHAN),
        kd_dokter=_doctor(body.get("kodedokter")),
        jam_praktek=_text(body.get("jampraktek")),
        no_hp=_text(body.get("nohp")),
    )


def visit(no_kartu: object, kd_poli: object, tanggal: object, keterangan: object = "") -> Visit:
    """What `sisapeserta` and `batal` are about. Raises `Refused`."""
    return Visit(
        _number("Nomor Kartu", no_kartu),
        poli(kd_poli),
        day(tanggal),
        _text(keterangan) or CANCELLED_BY_MEMBER,
    )


def peserta(body: dict) -> Peserta:
    """The patient that `peserta` brings. Raises `Refused`."""

    def text(name: str) -> str:
        return _text(body.get(name))

    where = [
        ("RT", "rt"),
        ("RW", "rw"),
        ("Kel.", "namakel"),
        ("Kec.", "namakec"),
    ]
    return Peserta(
        no_kartu=_number("Nomor Kartu", body.get("nomorkartu")),
        nik=_number("NIK", body.get("nik")),
        no_kk=_number("Nomor KK", body.get("nomorkk")),
        nama=_required(body.get("nama"), NO_NAME),
        sex=_sex(text("jeniskelamin")),
        tanggal_lahir=day(body.get("tanggallahir")),
        alamat=text("alamat"),
        tempat=", ".join(f"{label} {text(name)}" for label, name in where if text(name)),
        kota=text("namadati2"),
        provinsi=text("namaprop"),
        no_hp=text("nohp"),
    )


def _text(value: object) -> str:
    """A text as one line; of a number its digits, "" of what is neither."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return plain(value)


def _required(value: object, otherwise: str) -> str:
    text = _text(value)
    if not text:
        raise Refused(otherwise)
    return text


def _number(label: str, value: object) -> str:
    length = NUMBERS[label]
    text = _required(value, f"{label} tidak boleh kosong")
    if len(text) != length:
        raise Refused(f"{label} harus {length} digit")
    if not re.fullmatch("[0-9]+", text) or len(set(text)) == 1:
        raise Refused(f"Format {label} tidak sesuai")
    return text


def _doctor(value: object) -> int | None:
    if value in (None, ""):
        return None
    kode = None if isinstance(value, bool) else whole_number(value)
    if kode is None:
        raise Refused(UNKNOWN_DOKTER)
    return kode


def _sex(text: str) -> str:
    if text not in ("L", "P"):
        raise Refused(UNKNOWN_SEX)
    return text
