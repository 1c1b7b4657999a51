from __future__ import annotations

import base64
import json
import logging
import os
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy

import requests
from requests import exceptions
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from . import reason
from .answer import Answer, read
from .envelope import decrypt, sign
from .errors import TransportError
from .request import Request
from .services import SERVICES

MAX_BODY = 5_000_000  # bytes
CHUNK = 65_536
AWAITED = ThreadPoolExecutor(8, thread_name_prefix="bpjs-awaited")  # see `send_within`

# urllib3 writes paths, and so card numbers, to its debug log.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

# What goes wrong on the way: exceptions, how far the request got, reason. The first match wins.
FAILURES = (
    (ssl.SSLCertVerificationError, "certificate", reason.CERTIFICATE),
    (exceptions.SSLError, "tls", reason.TLS),
    (exceptions.ConnectTimeout, "connection", reason.NO_CONNECTION_IN_TIME),
    (NewConnectionError, "connection", reason.UNREACHABLE),
    (
        (exceptions.InvalidURL, exceptions.InvalidSchema, exceptions.MissingSchema),
        "address",
        reason.ADDRESS,
    ),
    (UnicodeError, "headers", reason.CHARACTERS),
    ((exceptions.Timeout, TimeoutError), "answer", reason.NO_ANSWER_IN_TIME),
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

    Time-outs are in seconds. `read_timeout` limits the wait for the first byte and then the whole
    body.
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
        self._timeout = connect_timeout, read_timeout
        self._verify = ca_bundle or True
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.headers.update(_constant_headers(service, credentials, content_type))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=pool_size))

    def send(self, request: Request) -> Answer:
        """Send the request once, without a retry or redirect. Raises `TransportError`, only."""
        timestamp = str(int(time.time()))
        if isinstance(self._verify, str) and not os.path.exists(self._verify):
            raise TransportError(reason.CA_BUNDLE, "certificate")
        try:
            status, date, body = self._exchange(request, timestamp)
        except (OSError, ValueError, HTTPError, HTTPException) as error:
            raise _transport_error(error) from None  # the original names the path
        if len(body) > MAX_BODY:
            return Answer(status, None, "", None, reason.TOO_LARGE, date)
        c = self.credentials
        answer = read(
            status,
            body,
            partial(decrypt, cons_id=c.cons_id, secret=c.secret, timestamp=timestamp),
        )
        return replace(answer, date=date)

    def send_within(self, seconds: float, request: Request) -> Answer:
        """`send` that ends after so many seconds whatever happens, for somebody who waits.

        Time-outs alone do not hold that: none limits looking up BPJS's address, for instance. What
        is given up goes on in its thread until it ends by itself, so this is for look-ups only.
        The threads are few: while all of them hang, further calls end unsent.
        """
        sending = AWAITED.submit(self.send, request)
        if not wait([sending], seconds).done:
            stage = "connection" if sending.cancel() else "answer"
            raise TransportError(reason.NO_ANSWER_IN_TIME, stage)
        return sending.result()

    def _exchange(self, request: Request, timestamp: str) -> tuple[int, datetime | None, bytes]:
        c = self.credentials
        headers = {"X-timestamp": timestamp, "X-signature": sign(c.cons_id, c.secret, timestamp)}
        with self._session.request(
            request.method,
            self.base_url + request.path,
            data=None if request.body is None else json.dumps(request.body),
            headers=headers,
            timeout=self._timeout,
            verify=self._verify,
            allow_redirects=False,
            stream=True,
        ) as response:
            date = _date(response.headers.get("Date"))
            return response.status_code, date, self._body(response)

    def _body(self, response: requests.Response) -> bytes:
        """The body, no more of it than one chunk above `MAX_BODY`.

        requests limits only the wait for the next packet, and reads on until a chunk is full. So
        this asks http.client for what is there (urllib3 can do that from 2.2 on).
        """
        raw, body = response.raw._original_response, bytearray()
        deadline = time.monotonic() + self._timeout[1]
        while (chunk := raw.read1(CHUNK)) and len(body) <= MAX_BODY:
            body += chunk
            if time.monotonic() > deadline:
                raise TimeoutError
        if not chunk:
            raw.close()  # first, for another thread may take the connection at once
            response.raw.release_conn()
        return bytes(body)


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
    causes = list(_causes(error))
    stage, why = next(
        (stage, why)
        for kinds, stage, why in FAILURES
        if any(isinstance(cause, kinds) for cause in causes)
    )
    return TransportError(why, stage)


def _causes(error: object) -> Iterator[Exception]:
    """The error and those inside it: requests wraps those of urllib3, which wraps the socket's."""
    while isinstance(error, Exception):
        yield error
        error = getattr(error, "reason", None) or next(iter(error.args), None)
