from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import partial

from . import reason
from .answer import Answer, read
from .connection import MAX_BODY, Deadline
from .envelope import decrypt, sign
from .errors import TransportError
from .masking import MASK
from .outcome import Outcome, classify
from .request import Request
from .services import SERVICES
from .session import Session
from .ways.http import DIRECT
from .ways.way import Message, Way


@dataclass(frozen=True)
class Credentials:
    """One facility's access to one service; blanks pasted along are dropped."""

    cons_id: str
    secret: str = field(repr=False)
    user_key: str = field(repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    kd_aplikasi: str = "095"

    def __post_init__(self):
        for each in fields(self):
            object.__setattr__(self, each.name, getattr(self, each.name).strip())

    @property
    def account(self) -> str:
        """The PCare account as it is sent."""
        account = f"{self.username}:{self.password}:{self.kd_aplikasi}"
        return base64.b64encode(account.encode()).decode()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody is to read, should an answer repeat it."""
        return self.secret, self.user_key, self.username, self.password, self.account


class Client:
    """One service of BPJS with one facility's credentials, on one way. Threads may share it.

    An exchange has one deadline, whatever BPJS sends and however slowly: a connection stands within
    `connect_timeout`, and `read_timeout` later the answer's last byte has come. `longest` is the
    sum, all in seconds.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        credentials: Credentials,
        *,
        content_type: str = "application/json",
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
        ca_bundle: str | None = None,
        pool_size: int = 4,
        way: Way = DIRECT,
    ):
        self.way = way
        self.base_url = base_url.strip().rstrip("/")
        self.credentials = credentials
        self.longest = connect_timeout + read_timeout
        self._constant_headers = _constant_headers(service, credentials, content_type)
        self._secrets = _any_of(*credentials.secrets, way.password)
        self._session = Session(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            ca_bundle=ca_bundle,
            pool_size=pool_size,
        )

    def send(self, request: Request) -> Answer:
        """Send the request once, without a retry or redirect. Raises `TransportError`, only."""
        return self.send_within(self.longest, request)

    def send_within(self, seconds: float, request: Request) -> Answer:
        """`send` with a deadline of its own, for somebody who waits."""
        c, timestamp = self.credentials, str(int(time.time()))
        message = self._signed(request, timestamp)
        reply = self.way.carry(message, self._session, Deadline(seconds))
        date = _date(reply.headers.get("Date"))
        if len(reply.body) > MAX_BODY:
            return Answer(reply.status, None, "", None, reason.TOO_LARGE, date)
        answer = read(
            reply.status,
            reply.body,
            partial(decrypt, cons_id=c.cons_id, secret=c.secret, timestamp=timestamp),
        )
        return replace(answer, date=date)

    def close(self) -> None:
        """Give up the connections that wait for another exchange; one may follow."""
        self._session.close()

    def outcome(self, request: Request, result: Answer | TransportError) -> Outcome:
        """What came of a request that was sent, to be read by others: without credentials."""
        outcome = classify(request, result)
        return replace(outcome, message=self._secrets.sub(MASK, outcome.message))

    def _signed(self, request: Request, timestamp: str) -> Message:
        c = self.credentials
        return Message(
            request.service,
            request.method,
            self.base_url,
            request.path,
            {
                **self._constant_headers,
                "X-timestamp": timestamp,
                "X-signature": sign(c.cons_id, c.secret, timestamp),
            },
            None if request.body is None else json.dumps(request.body),
        )


def _any_of(*texts: str) -> re.Pattern:
    longest_first = sorted(filter(None, texts), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def _constant_headers(service: str, c: Credentials, content_type: str) -> dict[str, str]:
    headers = {
        "X-cons-id": c.cons_id,
        "user_key": c.user_key,
        "Content-Type": content_type,
        "Accept-Encoding": "identity",  # what is encrypted does not shrink
    }
    if SERVICES[service].takes_account:
        headers["X-authorization"] = f"Basic {c.account}"
    return headers


def _date(header: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(header or "")
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
