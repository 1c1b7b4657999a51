from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import reason
from .answer import Answer, plain
from .errors import TransportError
from .request import Request

SUCCESS = "success"
DUPLICATE = "duplicate"  # it is there already
REJECTED = "rejected"  # a human must change the data
PATIENT = "patient"  # the patient must fill in the screening form
MISCONFIGURED = "misconfigured"  # nothing of this facility gets through
UNSENT = "unsent"  # BPJS certainly did nothing
UNKNOWN = "unknown"  # BPJS may have done it
LEARNED = "learned"  # BPJS told what the request needs, nothing more; a job says so itself

# What BPJS says of the clinic's account, whatever the code: each has words of its own for it.
SIGNATURE = r"signature|time.?stamp"
NOT_GRANTED = r"not registered for this service|cons(umer)?[\W_]*id\b"
USER_KEY = r"user[\W_]*key|authentication"
ACCOUNT = r"user[\W_]?name|\buser\b|password|kata sandi"
ACCOUNT_LOST = r"cannot be less than zero"  # X-authorization, on the way
OUR_ACCOUNT = "|".join((SIGNATURE, NOT_GRANTED, USER_KEY, ACCOUNT, ACCOUNT_LOST))

# What an answer that is no success means, by the worse of HTTP status and code and by the text.
# The first row that fits wins; where none does, nobody knows.
REFUSALS = range(200, 500)
ERRORS = range(500, 10**9)
IN_ANY_BODY = (  # gateways and web servers answer without BPJS's envelope
    ({429}, r"", UNSENT),
    ({403}, r"limits exceeded", UNSENT),
    ({401, 403, 404, 415}, r"", MISCONFIGURED),
    (ERRORS, ACCOUNT_LOST, MISCONFIGURED),
    (ERRORS, r"newtonsoft", REJECTED),  # a value of the wrong JSON type
)
IN_ENVELOPE = (
    (REFUSALS, r"peserta sudah (di\W*entri|terdaftar) di poli", DUPLICATE),
    (REFUSALS, r"belum melakukan skrining", PATIENT),
    (REFUSALS, OUR_ACCOUNT, MISCONFIGURED),
    ({401, 404}, r"peserta|pasien|tidak ditemukan", REJECTED),  # about a person, not about us
    *IN_ANY_BODY,
    ({201, *range(400, 500)} - {408}, r"", REJECTED),
)
CIPHERTEXT = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")  # tells nobody anything
# How fields' names begin in requests and in BPJS's texts.
EVERYDAY_WORDS = {"alasan", "keterangan", "status", "waktu"}  # name a field, and much else
PREFIXES = ("kode|kd", "nomor|no", "nama|nm", "tanggal|tgl", "jam")


@dataclass(frozen=True)
class Outcome:
    """What became of a request: a kind, why, and whom it concerns.

    `message` is BPJS's own text; what is to be said in our own words is a `reason` (a code), and
    `http_status` that of the answer, if there is one. `scope` is "service" where every other
    request of the facility would fare the same, else "job". `data` is what a job read out of the
    answers.
    """

    kind: str
    message: str = ""
    scope: str = "job"
    data: dict = field(default_factory=dict)
    reason: str = ""
    http_status: int | None = None


def classify(request: Request, result: Answer | TransportError) -> Outcome:
    """What an answer, or the lack of one, means for the request. Never raises."""
    if isinstance(result, TransportError):
        kind, why = _of_failure(result), {"reason": result.reason}
    else:
        kind, why = _of_answer(request, result), _why(result)
    if kind is None:
        kind = UNKNOWN if request.has_effect else UNSENT
    return Outcome(kind, scope="service" if kind in (MISCONFIGURED, UNSENT) else "job", **why)


def _of_failure(error: TransportError) -> str | None:
    if error.misconfigured:
        return MISCONFIGURED
    return None if error.sent else UNSENT


def _of_answer(request: Request, answer: Answer) -> str | None:
    if _says_done(request, answer):
        return None if answer.problem else SUCCESS
    text = f"{answer.message}; {_errors(answer)}"
    for statuses, pattern, kind in IN_ANY_BODY if answer.code is None else IN_ENVELOPE:
        if kind == DUPLICATE and not request.registers:
            continue
        if answer.worse_status in statuses and re.search(pattern, text, re.IGNORECASE):
            return _of_page(request, answer, kind)
    if answer.code is not None and answer.worse_status in ERRORS and _names_a_field(request, text):
        return REJECTED  # a data error in the clothes of an outage
    return None


def _of_page(request: Request, answer: Answer, kind: str) -> str | None:
    """A page for people, such as a firewall's, does not tell what BPJS did before it came up."""
    is_page = answer.problem == reason.NOT_JSON and request.has_effect
    return None if is_page and kind == MISCONFIGURED else kind


def _names_a_field(request: Request, text: str) -> bool:
    """Whether a text names a field that was sent: kdPoli, or as "kode poli"."""
    names = (name for name in request.body or () if name not in EVERYDAY_WORDS)
    return any(re.search(_field(name), text, re.IGNORECASE) for name in names)


def _field(name: str) -> str:
    for prefix in PREFIXES:
        if match := re.fullmatch(f"(?:{prefix})(.+)", name):
            words = re.findall("[A-Z]?[a-z]+", match[1])
            return r"[\W_]*".join((rf"\b(?:{prefix})", *words)) + r"\b"
    return rf"\b{name}\b"


def _says_done(request: Request, answer: Answer) -> bool:
    """A look-up is done, too, when BPJS says by 204 that it has nothing."""
    has_nothing = not request.has_effect and (answer.code or answer.http_status) == 204
    return answer.is_2xx and (answer.code in request.success or has_nothing)


def _why(answer: Answer) -> dict:
    message = _errors(answer) or answer.message
    return {
        "message": message,
        "reason": answer.problem or ("" if message else reason.NO_MESSAGE),
        "http_status": answer.http_status,
    }


def _errors(answer: Answer) -> str:
    """What a 412 has against the data: "field: message; field: message", or texts alone."""
    if answer.worse_status < 400:
        return ""
    errors = answer.response if isinstance(answer.response, list) else [answer.response]
    return plain("; ".join(filter(None, map(_error, errors))))


def _error(error: object) -> str:
    if not isinstance(error, dict):
        return "" if CIPHERTEXT.fullmatch(text := plain(error)) else text
    return ": ".join(filter(None, (plain(error.get("field")), plain(error.get("message")))))
