"""A plain HTTP client that speaks to the simulator as a clinic does."""

import base64
import time
from typing import NamedTuple

import requests

from bpjs.envelope import decrypt, sign

CONS_ID, SECRET = "10001", "rahasia-simulator"
ACCOUNT = "klinik-contoh:sandi-contoh:095"
BASES = {"pcare": "/pcare-rest", "antrean_fktp": "/antreanfktp"}
USER_KEYS = {"pcare": "kunci-pcare-simulator", "antrean_fktp": "kunci-antrean-simulator"}
METADATA = {"pcare": "metaData", "antrean_fktp": "metadata"}
TODAY = "2026-11-23"
TODAY_PCARE = "23-11-2026"


def eventually(condition, seconds=5.0):
    """Wait until the condition holds; False when it does not in time."""
    deadline = time.monotonic() + seconds
    while not (done := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return done


def card(number: int) -> str:
    return f"00010000{number:05d}"


def nik(number: int) -> str:
    return f"32{number:014d}"


def registration(number: int = 1, **changes: object) -> dict:
    """The body of a PCare registration."""
    body = {
        "kdProviderPeserta": "0001R001",
        "tglDaftar": TODAY_PCARE,
        "noKartu": card(number),
        "kdPoli": "001",
        "keluhan": "pusing",
        "kunjSakit": True,
        "sistole": 0,
        "diastole": 0,
        "beratBadan": 0,
        "tinggiBadan": 0,
        "respRate": 0,
        "lingkarPerut": 0,
        "heartRate": 0,
        "rujukBalik": 0,
        "kdTkp": "10",
    }
    return body | changes


def entry(number: int = 1, **changes: object) -> dict:
    """The body of an antrean add."""
    body = {
        "nomorkartu": card(number),
        "nik": nik(number),
        "nohp": "080000000000",
        "kodepoli": "001",
        "namapoli": "Poli Umum",
        "norm": f"RM{number}",
        "tanggalperiksa": TODAY,
        "kodedokter": 11101,
        "namadokter": "dr. Contoh Satu",
        "jampraktek": "07:00-14:00",
        "nomorantrean": f"A-{number}",
        "angkaantrean": number,
        "keterangan": "",
    }
    return body | changes


def place(number: int = 1, **changes: object) -> dict:
    """What panggil and batal have in common."""
    return {"tanggalperiksa": TODAY, "kodepoli": "001", "nomorkartu": card(number)} | changes


class Answer(NamedTuple):
    status: int
    code: int
    message: str
    response: object


class Caller:
    """Calls of one simulator; `url` is where it listens."""

    def __init__(self, url: str):
        self.url = url
        self.session = requests.Session()

    def headers(self, service: str, timestamp: str | None = None, **changes: str | None) -> dict:
        """The headers of a correct call; a change to None leaves one out (`_` stands for `-`)."""
        timestamp = timestamp or str(int(time.time()))
        headers = {
            "X-cons-id": CONS_ID,
            "X-timestamp": timestamp,
            "X-signature": sign(CONS_ID, SECRET, timestamp),
            "user_key": USER_KEYS[service],
        }
        if service == "pcare":
            headers["X-authorization"] = "Basic " + base64.b64encode(ACCOUNT.encode()).decode()
        headers |= {
            name if name == "user_key" else name.replace("_", "-"): value
            for name, value in changes.items()
        }
        return {name: value for name, value in headers.items() if value is not None}

    def send(self, service, method, path, body=None, headers=None, timeout=10):
        """The raw `requests.Response`."""
        headers = self.headers(service) if headers is None else headers
        url = self.url + BASES[service] + path
        return self.session.request(method, url, json=body, headers=headers, timeout=timeout)

    def call(self, service, method, path, body=None, headers=None) -> Answer:
        """The answer out of its envelope; a response that is text is decrypted."""
        reply = self.send(service, method, path, body, headers)
        envelope = reply.json()
        metadata, response = envelope[METADATA[service]], envelope["response"]
        if isinstance(response, str):
            timestamp = reply.request.headers["X-timestamp"]
            response = decrypt(response, CONS_ID, SECRET, timestamp)
        return Answer(reply.status_code, metadata["code"], metadata["message"], response)

    def register(self, number: int = 1, **changes: object) -> Answer:
        return self.call("pcare", "POST", "/pendaftaran", registration(number, **changes))

    def add(self, number: int = 1, **changes: object) -> Answer:
        return self.call("antrean_fktp", "POST", "/antrean/add", entry(number, **changes))

    def control(self, method: str, path: str, body: object = None, status: int = 200) -> dict:
        reply = self.session.request(method, f"{self.url}/_control/{path}", json=body, timeout=10)
        assert reply.status_code == status, reply.text
        return reply.json()

    def fault(self, service: str, fault: str, **details: object) -> None:
        self.control("POST", "faults", {"service": service, "fault": fault, **details})

    def app(self, act: str, asked: dict) -> dict:
        """What Mobile JKN, the app, answers."""
        return self.session.post(f"{self.url}/mobile-jkn/{act}", json=asked, timeout=20).json()

    def book(self) -> dict:
        return self.control("GET", "book")
