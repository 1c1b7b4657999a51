from __future__ import annotations

import base64
import json
import ssl
import time
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException, InvalidURL

import requests
from requests import exceptions

from . import reason
from .answer import Answer, read
from .envelope import decrypt, sign
from .errors import TransportError
from .request import Request
from .services import SERVICES
from .wire import MAX_BODY, BadBundle, Deadline, Session, UnknownHost, Unreachable

# What goes wrong on the way: exceptions, how far the request got, reason. The first match wins.
FAILURES = (
    (ssl.SSLCertVerificationError, "certificate", reason.CERTIFICATE),
    (BadBundle, "certificate", reason.CA_BUNDLE),
    (exceptions.SSLError, "tls", reason.TLS),
    (exceptions.ConnectTimeout, "connection", reason.NO_CONNECTION_IN_TIME),
    (UnknownHost, "name", reason.UNREACHABLE),
    ((Unreachable, exceptions.ProxyError), "connection", reason.UNREACHABLE),
    (
        (
            exceptions.InvalidURL,
            exceptions.InvalidSchema,
            exceptions.MissingSchema,
            InvalidURL,
        ),
        "address",
        reason.ADDRESS,
    ),
    ((UnicodeError, exceptions.InvalidHeader), "headers", reason.CHARACTERS),
    (TimeoutError, "answer", reason.NO_ANSWER_IN_TIME),
    (Exception, "answer", reason.CONNECTION_LOST),
)


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


class Client:
    """One service of BPJS with one facility's credentials. Threads may share it.

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
    ):
        self.base_url = base_url.strip().rstrip("/")
        self.credentials = credentials
        self.longest = connect_timeout + read_timeout
        self._constant_headers = _constant_headers(service, credentials, content_type)
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
        timestamp = str(int(time.time()))
        try:
            response = self._exchange(request, timestamp, Deadline(seconds))
        except (OSError, ValueError, HTTPException) as error:
            raise _transport_error(error) from None  # the original names the path
        status, date = response.status_code, _date(response.headers.get("Date"))
        if len(response.content) > MAX_BODY:
            return Answer(status, None, "", None, reason.TOO_LARGE, date)
        c = self.credentials
        answer = read(
            status,
            response.content,
            partial(decrypt, cons_id=c.cons_id, secret=c.secret, timestamp=timestamp),
        )
        return replace(answer, date=date)

    def _exchange(self, request: Request, timestamp: str, deadline: Deadline) -> requests.Response:
        c = self.credentials
        return self._session.exchange(
            request.method,
            self.base_url + request.path,
            {
                **self._constant_headers,
                "X-timestamp": timestamp,
                "X-signature": sign(c.cons_id, c.secret, timestamp),
            },
            None if request.body is None else json.dumps(request.body).encode(),
            deadline,
        )


def _constant_headers(service: str, c: Credentials, content_type: str) -> dict[str, str]:
    headers = {
        "X-cons-id": c.cons_id,
        "user_key": c.user_key,
        "Content-Type": content_type,
        "Accept-Encoding": "identity",  # what is encrypted does not shrink
    }
    if SERVICES[service].takes_account:
        account = f"{c.username}:{c.password}:{c.kd_aplikasi}".encode()
        headers["X-authorization"] = f"Basic {base64.b64encode(account).decode()}"
    return headers


def _date(header: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)


def _transport_error(error: Exception) -> TransportError:
    stage, why = next(
        (stage, why)
        for kinds, stage, why in FAILURES
        if isinstance(error, kinds) or isinstance(error.__cause__, kinds)
    )
    return TransportError(why, stage)
