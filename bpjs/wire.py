"""HTTP exchanges that end: each has one deadline and reads no more than a limit.

What requests and urllib3 call a time-out limits a single wait, so a server that sends a byte now
and then holds a call for ever. They read a redirect's body to its end, take an interim answer for
the final one, and keep connections on which more waits than was asked for. So a requests session
gets an adapter of its own here, upon http.client: each wait of its sockets is cut to what is left.
"""

from __future__ import annotations

import io
import os
import socket
import ssl
import time
import zlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests import exceptions
from requests.adapters import BaseAdapter
from requests.certs import where
from requests.utils import get_auth_from_url, prepend_scheme_if_needed, select_proxy

from . import hostnames
from .address import PORTS, is_forbidden

MAX_BODY = 5_000_000  # bytes of an answer's body, as it comes and unpacked
MAX_HEAD = 65_536  # bytes of its headers, of interim answers, and of what frames chunks
CHUNK = 65_536
GZIP = b"\x1f\x8b"  # how it begins, and no text
GZIP_BITS = 16 + zlib.MAX_WBITS  # how zlib is told of it


class UnknownHost(exceptions.ConnectionError):
    """Nothing says where the host is."""


class Unreachable(exceptions.ConnectionError):
    """Nobody takes the connection."""


class BadBundle(exceptions.SSLError):
    """There are no certificates to trust where they should be."""


class Deadline:
    """The moment by which something has to be done."""

    def __init__(self, seconds: float):
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds until then, more than 0. Raises `TimeoutError` when it has passed."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def or_in(self, seconds: float) -> Deadline:
        """The sooner of this moment and the one in so many seconds."""
        return Deadline(min(seconds, self.left()))


class Session(requests.Session):
    """A requests session whose exchanges end. Threads may share it.

    In seconds: `connect_timeout` limits all that comes before a connection stands (the host's
    name, TCP, a proxy, TLS), `read_timeout` the rest, to the answer's last byte.
    """

    def __init__(
        self, *, connect_timeout: float, read_timeout: float, ca_bundle: str | None, pool_size: int
    ):
        super().__init__()
        self._ca_bundle = ca_bundle or True
        adapter = _Adapter(connect_timeout, read_timeout, pool_size)
        for scheme in PORTS:
            self.mount(f"{scheme}://", adapter)

    def exchange(
        self, method: str, url: str, headers: Mapping, body: bytes | None, deadline: Deadline
    ) -> requests.Response:
        """Send once, and return the answer when all of it is here, whatever its status.

        Of an answer that is longer, there is one byte more than `MAX_BODY`. Raises `OSError`,
        among them requests' exceptions, `ValueError` or `HTTPException`.
        """
        return self.request(
            method,
            url,
            headers=headers,
            data=body,
            timeout=deadline.left(),
            verify=self._ca_bundle,
            allow_redirects=False,
        )

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests looks where a redirect leads even when it does not follow."""


class _Adapter(BaseAdapter):
    """What requests sends through. It keeps the connections that can be used again."""

    def __init__(self, connect_timeout: float, read_timeout: float, pool_size: int):
        super().__init__()
        self._connect_timeout, self._read_timeout = connect_timeout, read_timeout
        self._pool_size = pool_size
        self._idle: dict[_Route, list[_Connection]] = defaultdict(list)

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        """As requests has it, but that `timeout` is for the whole exchange."""
        deadline = Deadline(timeout)
        route = _Route.of(request.url, select_proxy(request.url, proxies))
        connection = self._take(route)
        try:
            if not connection.is_open:
                connection.open(verify, deadline.or_in(self._connect_timeout))
            response = connection.exchange(request, deadline.or_in(self._read_timeout))
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return response

    def _take(self, route: _Route) -> _Connection:
        idle = self._idle[route]
        with suppress(IndexError):  # none is left
            while not (connection := idle.pop()).is_quiet():
                connection.close()
            return connection
        return _Connection(route)

    def _give_back(self, connection: _Connection) -> None:
        idle = self._idle[connection.route]
        if len(idle) < self._pool_size and connection.is_quiet():
            idle.append(connection)
        else:
            connection.close()

    def close(self):
        for idle in self._idle.values():
            while idle:
                idle.pop().close()


class _Route(NamedTuple):
    """Where a request goes, and through which proxy (its URL, or "")."""

    scheme: str
    host: str
    port: int
    proxy: str

    @classmethod
    def of(cls, url: str, proxy: str | None) -> _Route:
        parts = urlsplit(url)
        proxy = prepend_scheme_if_needed(proxy, "http") if proxy else ""
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], proxy)

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def first_stop(self) -> tuple[str, int]:
        if not self.proxy:
            return self.host, self.port
        parts = urlsplit(self.proxy)
        return parts.hostname, parts.port or PORTS[parts.scheme]

    @property
    def proxy_headers(self) -> dict[str, str]:
        account = ":".join(get_auth_from_url(self.proxy)).encode()
        return {"Proxy-Authorization": basic_auth(account)} if account != b":" else {}


class _Connection(HTTPConnection):
    """A connection for one exchange after the other."""

    auto_open = 0  # whoever opens it says until when

    def __init__(self, route: _Route):
        super().__init__(route.host, route.port)
        self.route, self.default_port = route, PORTS[route.scheme]
        self.response_class = _Answer

    @property
    def is_open(self) -> bool:
        return self.sock is not None

    def is_quiet(self) -> bool:
        """Whether another exchange may follow: nothing has come that nobody asked for."""
        return self.is_open and self.sock.is_quiet()

    def open(self, ca_bundle: str | bool, deadline: Deadline) -> None:
        self.sock = _Line(_reached(*self.route.first_stop, deadline), deadline)
        if self.route.is_secure:
            if self.route.proxy:
                self._pass_proxy()
            self.sock.secure(_trusting(ca_bundle), self.route.host)

    def _pass_proxy(self) -> None:
        """Have the proxy connect us to the host. Its answer is the proxy's own."""
        host = f"[{self.route.host}]" if ":" in self.route.host else self.route.host
        headers = {"Host": f"{host}:{self.route.port}", **self.route.proxy_headers}
        head = [f"CONNECT {headers['Host']} HTTP/1.1", *map(": ".join, headers.items()), "", ""]
        try:
            self.sock.sendall("\r\n".join(head).encode())
            with _Answer(self.sock, method="CONNECT") as answer:
                answer.begin()
        except TimeoutError as error:
            raise exceptions.ConnectTimeout("the proxy does not answer") from error
        except (OSError, HTTPException) as error:
            raise Unreachable("the proxy does not answer") from error
        if not 200 <= answer.status < 300:
            raise exceptions.ProxyError("the proxy does not let us through")

    def exchange(self, request: requests.PreparedRequest, deadline: Deadline) -> requests.Response:
        self.sock.deadline = deadline
        target, headers = request.path_url, request.headers
        if self.route.proxy and not self.route.is_secure:
            target, headers = request.url, {**headers, **self.route.proxy_headers}
        self.request(request.method, target, request.body, headers)
        with self.getresponse() as answer:
            body = answer.whole_body()
        if len(body) > MAX_BODY or answer.incoming.surplus:
            self.close()
        response = requests.Response()
        response.request, response.url = request, request.url
        response.status_code, response.reason = answer.status, answer.reason
        response.headers.update(answer.headers.items())
        response.raw = io.BytesIO(_unpacked(body))
        return response


class _Answer(HTTPResponse):
    """An answer as http.client reads it, except that it is no interim one and says its length
    clearly or not at all.
    """

    def __init__(self, line: _Line, **kwargs):
        super().__init__(line, **kwargs)
        self.incoming = self.fp  # http.client drops it when the answer ends

    def begin(self):
        super().begin()
        while self.status < 200:  # http.client itself passes over 100 only
            self.headers = None
            super().begin()
        lengths = set(self.headers.get_all("Content-Length", ()))
        if len(lengths) > 1 or not all(map(str.isdecimal, lengths)):
            raise HTTPException("the answer has no clear length")
        self.incoming.raw.limit += MAX_BODY

    def whole_body(self) -> bytes:
        """The body to its end, or to one byte more than `MAX_BODY`."""
        body = bytearray()
        while len(body) <= MAX_BODY and (chunk := self.read1(CHUNK)):
            body += chunk
        if len(body) <= MAX_BODY and self.length:
            raise IncompleteRead(b"", self.length)
        return bytes(body[: MAX_BODY + 1])


class _Line:
    """A socket as far as http.client needs one. No wait outlasts the deadline of its exchange."""

    def __init__(self, sock: socket.socket, deadline: Deadline):
        self._sock, self.deadline = sock, deadline

    def secure(self, tls: ssl.SSLContext, host: str) -> None:
        try:
            self._sock.settimeout(self.deadline.left())  # of the handshake, however many its parts
            self._sock = tls.wrap_socket(self._sock, server_hostname=host)
        except (OSError, ValueError) as error:
            raise exceptions.SSLError("no TLS") from error

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self.deadline.left())
            rest = rest[self._sock.send(rest) :]

    def makefile(self, mode: str) -> _Incoming:
        return _Incoming(_Bytes(self._sock, self.deadline))

    def is_quiet(self) -> bool:
        """Whether the other side has neither sent anything more nor hung up."""
        self._sock.settimeout(0)
        try:
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False

    def close(self) -> None:
        self._sock.close()


class _Bytes(io.RawIOBase):
    """The bytes that come for one answer, up to a limit."""

    def __init__(self, sock: socket.socket, deadline: Deadline):
        self._sock, self._deadline = sock, deadline
        self._file = sock.makefile("rb", buffering=0)  # keeps the socket open as long as itself
        self.count, self.limit = 0, MAX_HEAD

    def readable(self):
        return True

    def readinto(self, buffer):
        self._sock.settimeout(self._deadline.left())
        count = self._file.readinto(buffer)
        self.count += count
        if self.count > self.limit:
            raise HTTPException("the answer is too long")
        return count

    def tell(self):
        return self.count

    def close(self):
        self._file.close()
        super().close()


class _Incoming(io.BufferedReader):
    """The bytes of one answer; afterwards `surplus` says how many more had come."""

    surplus = 0

    def close(self):
        self.surplus = self.raw.count - self.tell()
        super().close()


def basic_auth(account: bytes) -> str:
    """The header that proves to be `user:password` (RFC 7617)."""
    return f"Basic {b64encode(account).decode()}"


def _reached(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first of the host's addresses that takes one in its share of the time."""
    try:
        addresses = hostnames.addresses(host, port, deadline.left())
    except (OSError, UnicodeError) as error:
        raise UnknownHost("nothing says where the host is") from error
    if any(is_forbidden(address[0]) for *_, address in addresses):
        raise Unreachable("the host is none that may be called")
    for number, (*kind, _, address) in enumerate(addresses):
        try:
            return _connected(kind, address, deadline.left() / (len(addresses) - number))
        except OSError as error:
            trouble = error
    kind = exceptions.ConnectTimeout if isinstance(trouble, TimeoutError) else Unreachable
    raise kind("nobody takes the connection") from trouble


def _connected(kind: list[int], address: tuple, seconds: float) -> socket.socket:
    sock = socket.socket(*kind)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as http.client does
    except BaseException:
        sock.close()
        raise
    return sock


def _trusting(ca_bundle: str | bool) -> ssl.SSLContext:
    """The TLS settings with which the bundle is trusted, or with True the usual authorities."""
    path = where() if ca_bundle is True else ca_bundle
    try:
        return _trusting_as_of(path, os.stat(path).st_mtime)
    except OSError as error:
        raise BadBundle("no CA bundle can be read") from error


@lru_cache(maxsize=8)  # to read one takes longer than an exchange
def _trusting_as_of(path: str, changed_at: float) -> ssl.SSLContext:
    kind = "capath" if os.path.isdir(path) else "cafile"
    return ssl.create_default_context(**{kind: path})


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
