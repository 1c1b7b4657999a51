"""*Uji Mandiri*: the calls by which BPJS accepts a clinic's service, with a made-up member.

What is tried and what is expected stands here in Indonesian, for the sheet that BPJS gets.
"""

import json
import time
from dataclasses import dataclass
from urllib.parse import quote

from ...bpjs import mobile_jkn as said
from ...bpjs.connection import Deadline
from ...bpjs.errors import TransportError
from ...bpjs.session import Session

CONNECT_SECONDS, READ_SECONDS = 5, 15
NOBODY, NO_POLI, PAST = "salah", "UJI-TIDAK-ADA", "2020-01-01"


@dataclass(frozen=True)
class Anggota:
    """The made-up member, and the visit that is booked for them."""

    no_kartu: str
    nik: str
    nama: str
    kd_poli: str
    tanggal: str
    kd_dokter: int
    jam_praktek: str

    def visit(self, **more):
        return {
            "nomorkartu": self.no_kartu,
            "nik": self.nik,
            "kodepoli": self.kd_poli,
            "tanggalperiksa": self.tanggal,
            "keluhan": "Uji mandiri",
            **more,
        }

    def peserta(self, **more):
        return {
            "nomorkartu": self.no_kartu,
            "nik": self.nik,
            "nomorkk": self.nik,
            "nama": self.nama,
            "jeniskelamin": "L",
            "tanggallahir": "1990-01-31",
            "alamat": "Alamat Contoh",
            "kodeprop": "99",
            "namaprop": "Provinsi Contoh",
            "kodedati2": "9901",
            "namadati2": "Kota Contoh",
            "kodekec": "990101",
            "namakec": "Kecamatan Contoh",
            "kodekel": "9901011001",
            "namakel": "Kelurahan Contoh",
            "rw": "001",
            "rt": "001",
            **more,
        }


@dataclass
class Langkah:
    """One call, what it should be answered, and what it was answered."""

    layanan: str
    skenario: str
    method: str
    path: str
    body: dict | None
    kode: int  # expected, with the message and the parts of the response
    pesan: str = "Ok"
    bagian: tuple = ()
    http_status: int = 0
    dijawab: str = ""  # code and message
    jawaban: str = ""
    milidetik: int = 0
    lulus: bool = False
    gagal: str = ""  # why there was no answer: the stage that failed, or what answered instead


class Uji:
    """Does the calls, one after the other; ends early where the address leads nowhere."""

    def __init__(self, alamat, username, password, anggota, tanda):
        self._alamat, self._username, self._password = alamat, username, password
        self._anggota, self._tanda = anggota, tanda
        self._token = ""
        self.langkah = []

    def run(self):
        with Session(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            ca_bundle=None,
            pool_size=1,
        ) as session:
            for langkah, headers in self._steps():
                self.langkah.append(langkah)
                self._do(session, langkah, headers)
                if langkah.gagal and len(self.langkah) == 1:
                    break
        return self.langkah

    def _do(self, session, langkah, headers):
        url = f"{self._alamat}/{langkah.path}?uji={self._tanda}"
        body = None if langkah.body is None else json.dumps(langkah.body).encode()
        begun = time.monotonic()
        try:
            answer = session.exchange(
                langkah.method,
                url,
                {"Content-Type": "application/json", **headers},
                body,
                Deadline(CONNECT_SECONDS + READ_SECONDS),
            )
        except TransportError as error:
            langkah.gagal = error.stage
            return
        langkah.milidetik = round((time.monotonic() - begun) * 1000)
        langkah.http_status = answer.status_code
        try:
            envelope = json.loads(answer.content)
            code, message = (envelope["metadata"][name] for name in ("code", "message"))
        except (ValueError, TypeError, KeyError):
            langkah.gagal = "redirect" if answer.is_redirect else "no_json"
            return
        langkah.dijawab = f"{code} {message}"
        langkah.jawaban = answer.content.decode()
        response = envelope.get("response")
        first = response[0] if isinstance(response, list) and response else response
        is_whole = not langkah.bagian or set(langkah.bagian) <= set(first or ())
        langkah.lulus = (code, message) == (langkah.kode, langkah.pesan) and is_whole
        if langkah.path == "auth" and code == said.OK:
            self._token = str(response["token"])

    def _steps(self):
        """Yield each step with the headers of its call."""
        member, failed = self._anggota, said.FAILED
        day = f"{member.kd_poli}/{member.tanggal}"
        user = {"x-username": self._username}

        def account(password):
            return {**user, "x-password": password}

        def step(layanan, skenario, method, path, body, kode, *expected, token=None):
            path = "/".join(quote(part) for part in path.split("/"))
            langkah = Langkah(layanan, skenario, method, path, body, kode, *expected)
            return langkah, {**user, "x-token": self._token if token is None else token}

        wrong = Langkah("Auth", "Password salah", "GET", "auth", None, failed, said.ACCOUNT)
        yield wrong, account(NOBODY)
        right = Langkah("Auth", "Username dan password benar", "GET", "auth", None, said.OK)
        right.bagian = ("token",)
        yield right, account(self._password)

        numbers = ("namapoli", "totalantrean", "sisaantrean", "antreanpanggil", "keterangan")
        doctor = ("kodedokter", "namadokter", "jampraktek")
        status, v2_status = f"antrean/status/{day}", f"v2/antrean/status/{day}"
        name = "Status Antrean"
        yield step(name, "Token salah", "GET", status, None, failed, said.TOKEN, token=NOBODY)
        yield step(name, "Versi 1", "GET", status, None, said.OK, "Ok", numbers)
        yield step(name, "Versi 2", "GET", v2_status, None, said.OK, "Ok", numbers + doctor)
        bad = f"antrean/status/{member.kd_poli}/31-12-2026"
        yield step(name, "Format tanggal salah", "GET", bad, None, failed, said.BAD_DAY)
        bad = f"antrean/status/{NO_POLI}/{member.tanggal}"
        yield step(name, "Poli tidak ada", "GET", bad, None, failed, said.UNKNOWN_POLI)

        v2 = {"kodedokter": member.kd_dokter, "jampraktek": member.jam_praktek}
        number = ("nomorantrean", "angkaantrean", "namapoli", "sisaantrean", "antreanpanggil")
        name, ambil = "Ambil Antrean", "v2/antrean"
        visit = member.visit(**v2)
        yield step(
            name, "Pasien baru", "POST", ambil, visit, said.NEW_PATIENT, said.UNKNOWN_PATIENT
        )
        yield step(
            "Pasien Baru", "Tanpa Nomor KK", "POST", "peserta", member.peserta(nomorkk=""),
            failed, "Nomor KK tidak boleh kosong",
        )  # fmt: skip
        peserta = member.peserta()
        yield step(
            "Pasien Baru", "Data lengkap", "POST", "peserta", peserta, said.OK, "Ok", ("norm",)
        )
        yield step(
            "Pasien Baru", "Sudah terdaftar", "POST", "peserta", peserta, failed,
            said.KNOWN_PATIENT,
        )  # fmt: skip
        for skenario, change, refusal in (
            ("Nomor kartu kurang", {"nomorkartu": "123"}, "Nomor Kartu harus 13 digit"),
            ("Tanpa keluhan", {"keluhan": ""}, said.NO_KELUHAN),
            ("Tanggal lampau", {"tanggalperiksa": PAST}, said.PAST_DAY),
        ):
            yield step(name, skenario, "POST", ambil, visit | change, failed, refusal)
        yield step(name, "Versi 2", "POST", ambil, visit, said.OK, "Ok", number)
        yield step(name, "Kedua kali", "POST", ambil, visit, failed, said.TWICE)
        yield step(
            "Sisa Antrean", "Antrean peserta", "GET",
            f"antrean/sisapeserta/{member.no_kartu}/{day}", None, said.OK, "Ok",
            ("nomorantrean", "namapoli", "sisaantrean", "antreanpanggil"),
        )  # fmt: skip
        name, batal = "Batal Antrean", member.visit(keterangan="Uji mandiri")
        yield step(name, "Versi 2", "PUT", "v2/antrean/batal", batal, said.OK)
        yield step(name, "Kedua kali", "PUT", "v2/antrean/batal", batal, failed, said.CANCELLED)
        v1 = member.visit()
        yield step("Ambil Antrean", "Versi 1", "POST", "antrean", v1, said.OK, "Ok", number)
        yield step(name, "Versi 1", "PUT", "antrean/batal", v1, said.OK)
