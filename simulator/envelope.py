"""What the two services say, and how it is wrapped, encrypted and turned into HTTP."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

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
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What an endpoint says, before the envelope of its service."""

    code: int
    message: str
    response: object = None


class Refused(Exception):
    """The call is refused with this answer."""

    def __init__(self, answer: Answer):
        super().__init__(answer.message)
        self.answer = answer


@dataclass(frozen=True, eq=False)
class Service:
    """One of the two services: where it is, how it wraps answers, how it words common refusals."""

    name: str
    base: str
    user_key: str
    metadata_key: str
    encrypts: frozenset[int]  # the codes whose response is encrypted
    mirrors_code: bool  # HTTP status is the code (else always 200)
    refusals: Mapping[str, Answer]


def fields(*errors: tuple[str, str]) -> Answer:
    """PCare's 412 with one `{field, message}` for each (field, message)."""
    named = [{"field": name, "message": message} for name, message in errors]
    return Answer(412, "PRECONDITION_FAILED", named)


PCARE = Service(
    name="pcare",
    base="/pcare-rest",
    user_key="kunci-pcare-simulator",
    metadata_key="metaData",
    encrypts=frozenset({200, 201}),
    mirrors_code=True,
    refusals={
        "wrong_password": Answer(401, "UNAUTHORIZED, because username/password PCare"),
        "wrong_signature": Answer(401, "Signature tidak sesuai"),
        "not_registered": Answer(404, "Unauthorized! You are not registered for this service!"),
        "screening": Answer(401, _SCREENING),
        "fields_412": fields(
            ("noKartu", "Nomor kartu tidak valid"), ("kdPoli", "Poli tidak ditemukan")
        ),
    },
)
ANTREAN = Service(
    name="antrean_fktp",
    base="/antreanfktp",
    user_key="kunci-antrean-simulator",
    metadata_key="metadata",
    encrypts=frozenset({1}),
    mirrors_code=False,
    refusals={
        "wrong_signature": Answer(201, "Signature tidak sesuai"),
        "not_registered": Answer(201, "Unauthorized! You are not registered for this service!"),
        "screening": Answer(201, _SCREENING),
    },
)
SERVICES = {service.name: service for service in (PCARE, ANTREAN)}


def as_json(data: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(data, ensure_ascii=False).encode(errors="replace"))


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
    if service.mirrors_code and answer.code == 204:
        return Reply(204)
    response = _odd(answer.response) if odd else answer.response
    if answer.code in service.encrypts and response is not None:
        response = encrypt(response, timestamp, secret)
    metadata = {"message": answer.message, "code": answer.code}
    envelope = {"response": response, service.metadata_key: metadata}
    if odd:
        metadata = {"Message": answer.message, "Code": str(answer.code)}
        envelope = {"response": response, "Metadata": metadata}
    return as_json(envelope, answer.code if service.mirrors_code else 200)


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
