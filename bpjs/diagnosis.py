"""Finds out, step by step, how far a service of BPJS works with the settings of a client."""

from __future__ import annotations

import re
import string
import time
from dataclasses import dataclass, replace

from . import reason as reasons
from .address import host_and_port
from .answer import Answer
from .client import Client, Credentials
from .errors import TransportError
from .outcome import (
    ACCOUNT,
    ACCOUNT_LOST,
    NOT_GRANTED,
    SIGNATURE,
    UNKNOWN,
    USER_KEY,
    Outcome,
)
from .request import Request
from .services import SERVICES

OK, FAILED, SKIPPED = "ok", "failed", "skipped"

# In the order in which a call meets them. Of the first, each way has its own (`Way.steps`).
ON_THE_WAY = (
    "address",  # the host's name leads somewhere
    "proxy",  # is reached
    "proxy_account",
    "connection",
    "tls",  # of https only
    "engine",  # is reached
    "engine_account",
    "engine_wsdl",
    "engine_answer",
)
AT_BPJS = (  # its gateway looks at the user key first
    "answer",  # what answers is BPJS, and it works
    "clock",
    "user_key",
    "service",  # BPJS has granted it to this consumer ID
    "signature",
    "account",  # of a service that takes it only
    "decryption",
)
STEPS = ON_THE_WAY + AT_BPJS
LONGEST = 10.0  # seconds that one time-out of a test may take
MAX_SKEW = 60  # seconds that our clock and BPJS's may differ without being blamed for a refusal
VISIBLE = frozenset(string.ascii_letters + string.digits + string.punctuation)

STAGES = {  # of a request without an answer: the step that failed, why
    "address": ("address", "address_invalid"),
    "name": ("address", "address_unknown"),
    "connection": ("connection", "connection"),
    "tls": ("tls", "tls"),
    "certificate": ("tls", "certificate"),
    "headers": ("user_key", "characters"),
    "answer": ("answer", "no_answer"),
    "proxy": ("proxy", "proxy"),
    "proxy_account": ("proxy_account", "proxy_account"),
    "proxy_refusal": ("connection", "proxy_refusal"),
    "engine": ("engine", "engine"),
    "engine_certificate": ("engine", "engine_certificate"),
    "engine_account": ("engine_account", "engine_account"),
    "engine_wsdl": ("engine_wsdl", "engine_wsdl"),
    "engine_answer": ("engine_answer", "engine_answer"),
}
# Of an answer: HTTP status or code, text, the step that failed, why. The first row that fits
# counts; where none does, it is not BPJS that answers.
ANY = range(10**9)
REFUSALS = (
    (ANY, SIGNATURE, "signature", "signature"),
    (ANY, NOT_GRANTED, "service", "service"),
    (ANY, USER_KEY, "user_key", "user_key"),
    (ANY, ACCOUNT, "account", "account"),
    (ANY, ACCOUNT_LOST, "account", "account_lost"),
    (ANY, r"limits exceeded", "answer", "busy"),
    ({429}, r"", "answer", "busy"),
    ({401, 403}, r"", "user_key", "user_key"),
    ({404}, r"", "answer", "not_found"),
    ({415}, r"", "answer", "content_type"),
    ({408, *range(500, 600)}, r"", "answer", "down"),
)


@dataclass(frozen=True)
class Step:
    """One of `STEPS`: whether it worked and, where it failed, why (`reason`, a word).

    `seen` is what came of the call, without any credential; `ahead` how many seconds our clock is
    ahead of BPJS's (of the clock only).
    """

    name: str
    state: str
    reason: str = ""
    seen: Outcome | None = None
    ahead: int = 0


def diagnose(client: Client, request: Request) -> list[Step]:
    """Send a GET that changes nothing and tell how far it got; what comes after is skipped.

    Never raises. Waits no longer than the client's `longest`.
    """
    client.way.forget()
    found = {step.name: step for step in _find(client, request)}
    failed = next((name for name, step in found.items() if step.state == FAILED), None)
    names = [name for name in STEPS if name == failed or _has(client, request, name)]
    reached = names.index(failed) if failed else len(names)
    return [
        found.get(name, Step(name, OK if number < reached else SKIPPED))
        for number, name in enumerate(names)
    ]


def _has(client: Client, request: Request, name: str) -> bool:
    if name == "tls" and not client.base_url.lower().startswith("https:"):
        return False
    if name == "account":
        return SERVICES[request.service].takes_account
    return name in client.way.steps or name in AT_BPJS


def _find(client: Client, request: Request) -> list[Step]:
    """The steps of which there is more to tell than that they worked."""
    if name := _unsendable(client.credentials):
        return _untried(name, "characters")
    if "address" in client.way.steps and not _is_address(client.base_url):
        return [Step("address", FAILED, "address_invalid")]
    try:
        answer = client.send(request)
    except TransportError as error:
        name, reason = STAGES[error.stage]
        return [Step(name, FAILED, reason, client.outcome(request, error))]
    return _of_answer(client, request, answer, _ahead(answer))


def _untried(failed: str, reason: str) -> list[Step]:
    """A step that fails before anything is sent."""
    before = STEPS[: STEPS.index(failed)]
    return [*(Step(name, SKIPPED) for name in before), Step(failed, FAILED, reason)]


def _unsendable(c: Credentials) -> str:
    """The step whose credential holds a blank or a character that BPJS gives to nobody."""
    headers = {"user_key": c.user_key, "service": c.cons_id}
    return next((name for name, text in headers.items() if not VISIBLE.issuperset(text)), "")


def _is_address(base_url: str) -> bool:
    try:
        host_and_port(base_url)
    except ValueError:
        return False
    return True


def _ahead(answer: Answer) -> int:
    return round(time.time() - answer.date.timestamp()) if answer.date else 0


def _of_answer(client: Client, request: Request, answer: Answer, ahead: int) -> list[Step]:
    clock = Step("clock", OK, ahead=ahead)
    outcome = client.outcome(request, answer)
    name, reason = _refusal(client.credentials, answer, outcome)
    if not name:  # BPJS did what it was asked, or refused it for a reason of its own
        untested = [] if answer.response else [Step("decryption", SKIPPED)]
        return [clock, *untested]
    failed = Step(name, FAILED, reason, outcome)
    if name == "answer":  # who knows whose clock that was
        return [failed]
    if abs(ahead) > MAX_SKEW:
        return [replace(failed, name="clock", reason="clock", ahead=ahead)]
    return [clock, failed]


def _refusal(c: Credentials, answer: Answer, outcome: Outcome) -> tuple[str, str]:
    """The step at which BPJS refused the call, and why; two empty texts where it did not."""
    if outcome.scope == "job" and outcome.kind != UNKNOWN:
        return "", ""
    if answer.is_2xx and answer.problem == reasons.UNDECRYPTABLE:
        return "decryption", "decryption"
    name, reason = next(
        (
            (name, reason)
            for statuses, pattern, name, reason in REFUSALS
            if answer.worse_status in statuses and re.search(pattern, answer.message, re.IGNORECASE)
        ),
        ("answer", "not_bpjs"),
    )
    is_blank = {"user_key": not c.user_key, "account": not (c.username and c.password)}
    return name, f"{name}_blank" if is_blank.get(name) else reason
