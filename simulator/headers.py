"""The headers of a call: who may speak to which service."""

import base64
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
    Refused,
    Reply,
    Service,
    gateway_refusal,
)
from .settings import Settings

MAX_SKEW = 300  # seconds


def gateway(service: Service, headers: Mapping[str, str], settings: Settings) -> Reply | None:
    """How the gateway before the service sends a call away; None where it lets it pass."""
    stranger = headers.get("X-cons-id") != CONS_ID
    knows_consumers = settings.wrong_cons_id == "authentication_failed"
    if headers.get("user_key") != service.user_key or (stranger and knows_consumers):
        return gateway_refusal()
    return None


def check(service: Service, headers: Mapping[str, str], settings: Settings) -> None:
    """Let a call pass that was signed about now by BPJS's clock, raise `Refused` for any other."""
    if headers.get("X-cons-id") != CONS_ID:
        raise Refused(service.refusals[settings.wrong_cons_id])
    timestamp = headers.get("X-timestamp", "")
    expected = sign(CONS_ID, SECRET, timestamp).encode()
    signed = hmac.compare_digest(headers.get("X-signature", "").encode(), expected)
    if not (signed and _is_recent(timestamp, settings.now())):
        raise Refused(service.refusals["wrong_signature"])
    if service is PCARE:
        _check_account(headers.get("X-authorization", ""))


def _is_recent(timestamp: str, now: float) -> bool:
    return timestamp.isdecimal() and abs(now - int(timestamp)) <= MAX_SKEW


def _check_account(authorization: str) -> None:
    if not authorization.startswith("Basic "):
        raise Refused(PCARE.refusals["start_index_500"])
    if _basic(authorization) != f"{USERNAME}:{PASSWORD}:{KD_APLIKASI}":
        raise Refused(PCARE.refusals["wrong_password"])


def is_account(authorization: str, user: str, password: str) -> bool:
    """Whether a header is this account's; without a user everybody is let in."""
    return not user or _basic(authorization) == f"{user}:{password}"


def _basic(authorization: str) -> str:
    """What `Basic dXNlcjpwYXNz` says in plain text; nothing where it is none."""
    try:
        return base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return ""
