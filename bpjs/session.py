"""A requests session whose exchanges end: one deadline each, and a limit to what is read.

What requests and urllib3 call a time-out limits a single wait, so a server that sends a byte now
and then holds a call for ever. They read a redirect's body to its end, take an interim answer for
the final one, and keep connections on which more waits than was asked for. So the session gets an
adapter of its own, whose connections wait for what is left of the time only.
"""

from __future__ import annotations

import io
import ssl
import zlib
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, InvalidURL

import requests
from requests import exceptions
from requests.adapters import BaseAdapter
from requests.utils import select_proxy

from . import reason
from .address import PORTS
from .connection import (
    MAX_BODY,
    BadBundle,
    Connection,
    Deadline,
    ProxyAccount,
    ProxyRefusal,
    ProxyUnreachable,
    Route,
    UnknownHost,
    Unreachable,
)
from .errors import TransportError

GZIP = b"\x1f\x8b"  # how it begins, and no text
GZIP_BITS = 16 + zlib.MAX_WBITS  # how zlib is told of it

# What goes wrong on the way: exceptions, how far the request got, reason. The first match wins.
FAILURES = (
    (ssl.SSLCertVerificationError, "certificate", reason.CERTIFICATE),
    (BadBundle, "certificate", reason.CA_BUNDLE),
    (exceptions.SSLError, "tls", reason.TLS),
    (ProxyAccount, "proxy_account", reason.PROXY_ACCOUNT),
    (ProxyRefusal, "proxy_refusal", reason.PROXY_REFUSAL),
    (ProxyUnreachable, "proxy", reason.PROXY_UNREACHABLE),
    (exceptions.ConnectTimeout, "connection", reason.NO_CONNECTION_IN_TIME),
    (UnknownHost, "name", reason.UNREACHABLE),
    (Unreachable, "connection", reason.UNREACHABLE),
    (
        (exceptions.InvalidURL, exceptions.InvalidSchema, exceptions.MissingSchema, InvalidURL),
        "address",
        reason.ADDRESS,
    ),
    ((UnicodeError, exceptions.InvalidHeader), "headers", reason.CHARACTERS),
    (TimeoutError, "answer", reason.NO_ANSWER_IN_TIME),
    (Exception, "answer", reason.CONNECTION_LOST),
)


class Session(requests.Session):
    """Threads may share it. What the environment says of proxies and the like does not count.

    In seconds: `connect_timeout` limits all that comes before a connection stands (the host's
    name, TCP, a proxy, TLS), `read_timeout` the rest, to the answer's last byte.
    """

    def __init__(
        self, *, connect_timeout: float, read_timeout: float, ca_bundle: str | None, pool_size: int
    ):
        super().__init__()
        self.trust_env = False
        self.headers["Accept-Encoding"] = "identity"  # requests would ask for more than gzip
        self.verify = ca_bundle or True
        adapter = _Adapter(connect_timeout, read_timeout, pool_size)
        for scheme in PORTS:
            self.mount(f"{scheme}://", adapter)

    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send once, and return the answer when all of it is here, whatever its status.

        Of an answer that is longer, there is one byte more than `MAX_BODY`. Raises
        `TransportError`, only.
        """
        try:
            seconds = deadline.left()
        except TimeoutError:
            raise TransportError(reason.NO_CONNECTION_IN_TIME, "connection") from None
        try:
            return self.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=seconds,
                allow_redirects=False,
                proxies=proxies,
            )
        except (OSError, ValueError, HTTPException) as error:
            raise _transport_error(error) from None  # the original names the path

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests looks where a redirect leads even when it does not follow."""


class _Adapter(BaseAdapter):
    """What requests sends through. It keeps the connections that can be used again."""

    def __init__(self, connect_timeout: float, read_timeout: float, pool_size: int):
        super().__init__()
        self._connect_timeout, self._read_timeout = connect_timeout, read_timeout
        self._pool_size = pool_size
        self._idle: dict[Route, list[Connection]] = defaultdict(list)

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        """As requests has it, but that `timeout` is for the whole exchange."""
        deadline = Deadline(timeout)
        route = Route.of(request.url, _proxy(request.url, proxies))
        connection = self._take(route)
        try:
            if not connection.is_open:
                connection.open(verify, deadline.or_in(self._connect_timeout))
            answer, body = connection.exchange(request, deadline.or_in(self._read_timeout))
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        response = requests.Response()
        response.request, response.url = request, request.url
        response.status_code, response.reason = answer.status, answer.reason
        response.headers.update(answer.headers.items())
        response.raw = io.BytesIO(_unpacked(body))
        return response

    def _take(self, route: Route) -> Connection:
        idle = self._idle[route]
        with suppress(IndexError):  # none is left
            while not (connection := idle.pop()).is_quiet():
                connection.close()
            return connection
        return Connection(route)

    def _give_back(self, connection: Connection) -> None:
        idle = self._idle[connection.route]
        if len(idle) < self._pool_size and connection.is_quiet():
            idle.append(connection)
        else:
            connection.close()

    def close(self):
        for idle in self._idle.values():
            while idle:
                idle.pop().close()


def _proxy(url: str, proxies: Mapping[str, str] | None) -> str:
    """The URL of the proxy on the way to another URL, "" for none."""
    proxy = select_proxy(url, proxies) or ""
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _unpacked(body: bytes) -> bytes:
    """What gzip has packed, asked for or not, or one byte more of it than `MAX_BODY`.

    What is not packed, or not in one whole piece, stays as it is.
    """
    if not body.startswith(GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=GZIP_BITS)
    try:
        unpacked = unpacker.decompress(body, MAX_BODY + 1)
    except zlib.error:
        return body
    is_whole = unpacker.eof and not unpacker.unused_data
    return unpacked if is_whole or len(unpacked) > MAX_BODY else body


def _transport_error(error: Exception) -> TransportError:
    stage, why = next(
        (stage, why)
        for kinds, stage, why in FAILURES
        if isinstance(error, kinds) or isinstance(error.__cause__, kinds)
    )
    return TransportError(why, stage)
