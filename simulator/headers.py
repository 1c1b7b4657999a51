"""The headers of a call: who may speak to which service."""

import base64
import binascii
import hmac
from collections.abc import Mapping

from bpjs.envelope import sign

from .envelope import (
    CONS_ID,
    KD_APLIKASI,
    PASSWORD,
    PCARE,
    SECRET,
    USERNAME,
    Answer,
    Refused,
    Service,
)

MAX_SKEW = 300  # seconds


def check(service: Service, headers: Mapping[str, str], now: float) -> None:
    """Let a call pass that was signed about `now` (Unix seconds), raise `Refused` for any other.

    (The gateway checks user_key.)
    """
    if headers.get("X-cons-id") != CONS_ID:
        raise Refused(service.refusals["not_registered"])
    timestamp = headers.get("X-timestamp", "")
    expected = sign(CONS_ID, SECRET, timestamp).encode()
    signed = hmac.compare_digest(headers.get("X-signature", "").encode(), expected)
    if not (signed and _is_recent(timestamp, now)):
        raise Refused(service.refusals["wrong_signature"])
    if service is PCARE:
        _check_account(headers.get("X-authorization", ""))


def _is_recent(timestamp: str, now: float) -> bool:
    return timestamp.isdecimal() and abs(now - int(timestamp)) <= MAX_SKEW


def _check_account(authorization: str) -> None:
    if not authorization.startswith("Basic "):
        raise Refused(Answer(500, "StartIndex cannot be less than zero"))
    try:
        account = base64.b64decode(authorization.removeprefix("Basic "), validate=True)
    except binascii.Error:
        account = b""
    if account != f"{USERNAME}:{PASSWORD}:{KD_APLIKASI}".encode():
        raise Refused(PCARE.refusals["wrong_password"])
