"""A clinic's own web service, as small as the contract allows (BPJS catalogue, WS FKTP)."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENTS_FIELDS = {
    "nomorkartu", "nik", "nomorkk", "nama", "jeniskelamin", "tanggallahir", "alamat", "kodeprop",
    "namaprop", "kodedati2", "namadati2", "kodekec", "namakec", "kodekel", "namakel", "rw", "rt",
    "nohp",
}  # fmt: skip
VISIT_FIELDS = {
    "nomorkartu", "nik", "kodepoli", "tanggalperiksa", "keluhan", "kodedokter", "jampraktek",
    "norm", "nohp",
}  # fmt: skip
USER, PASSWORD = "bpjs-contoh", "sandi-klinik"


class Klinik(ThreadingHTTPServer):
    """Takes bookings of the patients it knows. `calls` are (method, path, body) of those let in."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/mobile-jkn/0001R001"
        self.calls, self.logins = [], 0
        self.patients, self.queue = set(), {}  # cards; (card, poli, day): number
        self.token = ""
        self.raw = None  # (status, body) in place of every answer

    def login(self):
        self.logins += 1
        self.token = f"token-{self.logins}"
        return 200, "Ok", {"token": self.token}

    def answer(self, method, path, body):
        """(code, message, response)"""
        self.calls.append((method, path, body))
        match method, *path.strip("/").split("/"):
            case "GET", "v2", "antrean", "status", poli, day:
                numbers = [key for key in self.queue if key[1:] == (poli, day)]
                return 200, "Ok", [self.state("11101", len(numbers))]
            case "POST", "v2", "antrean":
                return self.book(**body)
            case "GET", "antrean", "sisapeserta", *visit:
                number = self.queue.get(tuple(visit))
                place = {
                    "sisaantrean": 3,
                    "antreanpanggil": "A-2",
                    "keterangan": "Datang lebih awal",
                }
                return (200, "Ok", {"nomorantrean": number, **place}) if number else NOT_FOUND
            case "PUT", "v2", "antrean", "batal":
                visit = body["nomorkartu"], body["kodepoli"], body["tanggalperiksa"]
                return (200, "Ok", None) if self.queue.pop(visit, None) else NOT_FOUND
            case "POST", "peserta":
                assert set(body) == PATIENTS_FIELDS
                self.patients.add(body["nomorkartu"])
                return 200, "Ok", {"norm": "RM1"}
        return 201, "Tidak ada", None

    def state(self, kodedokter, total):
        return {
            "namapoli": "Poli Umum",
            "totalantrean": total,
            "sisaantrean": total,
            "antreanpanggil": "",
            "keterangan": "",
            "kodedokter": int(kodedokter),
            "namadokter": "dr. Contoh Satu",
            "jampraktek": "07:00-14:00",
        }

    def book(self, nomorkartu, kodepoli, tanggalperiksa, **more):
        assert {"nomorkartu", "kodepoli", "tanggalperiksa", *more} == VISIT_FIELDS
        visit = nomorkartu, kodepoli, tanggalperiksa
        if nomorkartu not in self.patients:
            return 202, "Data pasien ini tidak ditemukan", None
        if not more["keluhan"]:
            return 201, "Keluhan tidak boleh kosong", None
        if visit in self.queue:
            return 201, "Nomor Antrean hanya dapat diambil 1 kali", None
        self.queue[visit] = f"A-{len(self.queue) + 5}"
        number = {"nomorantrean": self.queue[visit], "angkaantrean": len(self.queue) + 4}
        return 200, "Ok", number | {"namapoli": "Poli Umum", "sisaantrean": 4}


NOT_FOUND = 201, "Antrean Tidak Ditemukan", None


class Handler(BaseHTTPRequestHandler):
    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.removeprefix("/mobile-jkn/0001R001")
        if self.server.raw:
            return self._send(*self.server.raw)
        code, message, response = self._said(path, json.loads(body) if body else None)
        metadata = {"message": message, "code": code}
        self._send(200, json.dumps({"response": response, "metadata": metadata}).encode())

    def _said(self, path, body):
        if path == "/auth":
            sent = self.headers.get("x-username"), self.headers.get("x-password")
            if sent != (USER, PASSWORD):
                return 201, "Username atau Password Tidak Sesuai", None
            return self.server.login()
        if (self.headers.get("x-token"), self.headers.get("x-username")) != (
            self.server.token,
            USER,
        ):
            return 201, "Token expired", None
        return self.server.answer(self.command, path, body)

    def _send(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/web/login")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, *_):
        pass
