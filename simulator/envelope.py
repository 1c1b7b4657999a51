"""What the two services say, and how it is wrapped, encrypted and turned into HTTP."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.padding import PKCS7
from lzstring import LZString

from bpjs.envelope import cipher

CONS_ID, SECRET = "10001", "rahasia-simulator"
USERNAME, PASSWORD, KD_APLIKASI = "klinik-contoh", "sandi-contoh", "095"

_SCREENING = (
    "Anda belum melakukan skrining kesehatan. Mohon untuk melakukan skrining kesehatan terlebih "
    "dahulu pada menu skrining kesehatan atau https://webskrining.bpjs-kesehatan.go.id/skrining"
)


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, and how it travels. Pauses are seconds."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)  # beside the usual ones
    filler: int = 0  # bytes that follow the body
    gzipped: bool = False
    interim: int = 0  # answers 102 and 103 that come before this one
    interim_pause: float = 0  # before each of them
    head_pause: float = 0  # before each byte of the status line and the headers
    body_pause: float = 0  # before each byte of the body
    cut: bool = False  # the connection ends in the midst of the body


@dataclass(frozen=True)
class Answer:
    """What an endpoint says, before the envelope of its service."""

    code: int
    message: str
    response: object = None
    encrypted: bool | None = None  # None: as the service does with this code
    status: int = 0  # of HTTP; 0: as the service does with this code


class Refused(Exception):
    """The call is refused with this answer."""

    def __init__(self, answer: Answer):
        super().__init__(answer.message)
        self.answer = answer


def answer_of(endpoint: Callable[..., Answer], *arguments: object, **more: object) -> Answer:
    """What an endpoint says, whether or not it refuses."""
    try:
        return endpoint(*arguments, **more)
    except Refused as refused:
        return refused.answer


@dataclass(frozen=True, eq=False)
class Service:
    """One of the two services: where it is, how it wraps answers, how it words common refusals."""

    name: str
    base: str
    user_key: str
    metadata_key: str
    success: frozenset[int]  # codes; what comes with them is encrypted
    mirrors_code: bool  # HTTP status is the code (else always 200)
    refusals: Mapping[str, Answer]


def precondition_failed(response: object, encrypted: bool = False) -> Answer:
    """PCare's 412; its response is usually a list of `{field, message}`."""
    return Answer(412, "PRECONDITION_FAILED", response, encrypted)


def fields(*errors: tuple[str, str]) -> Answer:
    """PCare's 412 with one `{field, message}` for each (field, message)."""
    return precondition_failed([{"field": name, "message": message} for name, message in errors])


_CARD = {"field": "noKartu", "message": "Nomor kartu tidak valid"}
_START_INDEX = "StartIndex cannot be less than zero"


PCARE = Service(
    name="pcare",
    base="/pcare-rest",
    user_key="kunci-pcare-simulator",
    metadata_key="metaData",
    success=frozenset({200, 201}),
    mirrors_code=True,
    refusals={
        "wrong_password": Answer(401, "UNAUTHORIZED, because username/password PCare"),
        "unknown_user": Answer(401, "Username PCare tidak terdaftar"),
        "expired_account": Answer(401, "Masa berlaku password PCare telah habis"),
        "wrong_signature": Answer(401, "Signature tidak sesuai"),
        "not_registered": Answer(404, "Unauthorized! You are not registered for this service!"),
        "start_index_400": Answer(400, _START_INDEX),
        "start_index_500": Answer(500, _START_INDEX),
        "start_index_50000": Answer(50000, _START_INDEX),
        "screening": Answer(401, _SCREENING),
        "duplicate": Answer(401, "Peserta sudah di-entri di poli yang sama pada hari yang sama."),
        "fields_412": fields(
            ("noKartu", "Nomor kartu tidak valid"), ("kdPoli", "Poli tidak ditemukan")
        ),
        "object_412": precondition_failed(_CARD),
        "text_412": precondition_failed("Nomor kartu tidak valid"),
        "texts_412": precondition_failed(["Nomor kartu tidak valid", "Poli tidak ditemukan"]),
        "encrypted_412": precondition_failed([_CARD], encrypted=True),
        "newtonsoft": Answer(500, "Cannot access child value on Newtonsoft.Json.Linq.JValue."),
        "reference_500": Answer(500, "kdPoli Tidak sesuai dengan referensi sistem."),
        "failed_dependency": Answer(424, "FAILED_DEPENDENCY"),
        "request_timeout": Answer(408, "REQUEST_TIMEOUT"),
        "no_content": Answer(204, "NO_CONTENT"),
    },
)
ANTREAN = Service(
    name="antrean_fktp",
    base="/antreanfktp",
    user_key="kunci-antrean-simulator",
    metadata_key="metadata",
    success=frozenset({1, 200}),
    mirrors_code=False,
    refusals={
        "wrong_signature": Answer(201, "Signature tidak sesuai"),
        "not_registered": Answer(201, "Unauthorized! You are not registered for this service!"),
        "screening": Answer(201, _SCREENING),
        "duplicate": Answer(201, "Peserta sudah terdaftar di poli tersebut pada hari ini"),
        "no_schedule": Answer(201, "Jadwal Dokter tidak ditemukan"),
        "not_found": Answer(201, "Data tidak ditemukan"),
        "no_content": Answer(201, "No Content"),
    },
)
SERVICES = {service.name: service for service in (PCARE, ANTREAN)}


def as_json(data: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(data, ensure_ascii=False).encode(errors="replace"))


def html(status: int, title: str, text: str = "", **headers: str) -> Reply:
    """A page for people; `_` stands for `-` in the names of headers."""
    page = f"<html><title>{title}</title><body><h1>{title}</h1>{text}</body></html>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, page.encode(), "text/html", named)


WRONG_ACCOUNT = {  # what is said to it on the way to BPJS
    "engine": html(401, "Unauthorized", WWW_Authenticate='Basic realm="engine"'),
    "proxy": html(407, "Proxy Authentication Required", Proxy_Authenticate='Basic realm="proxy"'),
}


def gateway_refusal() -> Reply:
    """What the gateway before both services says to a wrong user_key: JSON without an envelope."""
    return as_json({"message": "Authentication failed"}, 403)


def wrap(
    service: Service, answer: Answer, timestamp: str, secret: str = SECRET, odd: bool = False
) -> Reply:
    """The answer as the service sends it to a call signed with `timestamp`.

    `odd` is the shape that is seen now and then: other upper case, a code as text, a single object
    where a list is usual and the other way round.
    """
    status = answer.status or (_status(answer.code) if service.mirrors_code else 200)
    if status == 204:
        return Reply(204)
    response = _odd(answer.response) if odd else answer.response
    encrypted = answer.code in service.success if answer.encrypted is None else answer.encrypted
    if encrypted and response is not None:
        response = encrypt(response, timestamp, secret)
    metadata = {"message": answer.message, "code": answer.code}
    envelope = {"response": response, service.metadata_key: metadata}
    if odd:
        metadata = {"Message": answer.message, "Code": str(answer.code)}
        envelope = {"response": response, "Metadata": metadata}
    return as_json(envelope, status)


def _status(code: int) -> int:
    """The HTTP status that mirrors a code, which may be none of HTTP's."""
    return code if 200 <= code <= 599 else 500


def _odd(response: object) -> object:
    match response:
        case [dict() as first, *_others]:
            return first
        case dict():
            return [response]
    return response


def encrypt(data: object, timestamp: str, secret: str = SECRET) -> str:
    """base64(AES-256-CBC(LZString(json))), the reverse of `bpjs.envelope.decrypt`."""
    text = _utf16_units(json.dumps(data, ensure_ascii=False))
    padder = PKCS7(128).padder()
    packed = LZString.compressToEncodedURIComponent(text).encode()
    padded = padder.update(packed) + padder.finalize()
    encryptor = cipher(CONS_ID, secret, timestamp).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def _utf16_units(text: str) -> str:
    """BPJS compresses UTF-16 units: an emoji is two of them."""
    raw = text.encode("utf-16-le", "surrogatepass")
    units = (raw[i : i + 2] for i in range(0, len(raw), 2))
    return "".join(chr(int.from_bytes(unit, "little")) for unit in units)
