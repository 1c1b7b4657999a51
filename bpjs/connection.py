"""HTTP connections on which no wait outlasts the deadline of the exchange, upon http.client.

It is one file because socket, answer and connection hand one deadline and one limit to each other.
"""

from __future__ import annotations

import io
import os
import socket
import ssl
import time
from base64 import b64encode
from functools import lru_cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import NamedTuple
from urllib.parse import urlsplit

from requests import PreparedRequest, exceptions
from requests.certs import where
from requests.utils import get_auth_from_url, urldefragauth

from . import hostnames
from .address import PORTS, host_and_port, is_forbidden

MAX_BODY = 5_000_000  # bytes of an answer's body
MAX_HEAD = 65_536  # bytes of its headers, of interim answers, and of what frames chunks
CHUNK = 65_536


class UnknownHost(exceptions.ConnectionError):
    """Nothing says where the host is."""


class Unreachable(exceptions.ConnectionError):
    """Nobody takes the connection."""


class BadBundle(exceptions.SSLError):
    """There are no certificates to trust where they should be."""


class ProxyUnreachable(exceptions.ProxyError):
    """The proxy takes no connection, or says nothing that a proxy would."""


class ProxyRefusal(exceptions.ProxyError):
    """The proxy does not connect us to where we want."""


class ProxyAccount(ProxyRefusal):
    """The proxy does not accept our user and password."""


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


class Route(NamedTuple):
    """Where a request goes, and through which proxy (its URL, or "")."""

    scheme: str
    host: str
    port: int
    proxy: str

    @classmethod
    def of(cls, url: str, proxy: str) -> Route:
        parts = urlsplit(url)
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], proxy)

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def is_forwarded(self) -> bool:
        """Whether the proxy itself asks, since it may read what is sent."""
        return bool(self.proxy) and not self.is_secure

    @property
    def proxy_headers(self) -> dict[str, str]:
        user, password = get_auth_from_url(self.proxy)
        return {"Proxy-Authorization": basic_auth(user, password)} if user else {}


class Connection(HTTPConnection):
    """A connection for one exchange after the other."""

    auto_open = 0  # whoever opens it says until when

    def __init__(self, route: Route):
        super().__init__(route.host, route.port)
        self.route, self.default_port = route, PORTS[route.scheme]
        self.response_class = Incoming

    @property
    def is_open(self) -> bool:
        return self.sock is not None

    def is_quiet(self) -> bool:
        """Whether another exchange may follow: nothing has come that nobody asked for."""
        return self.is_open and self.sock.is_quiet()

    def open(self, ca_bundle: str | bool, deadline: Deadline) -> None:
        if self.route.proxy:
            self._reach_proxy(deadline)
        else:
            self.sock = _Line(_reached(self.route.host, self.route.port, deadline), deadline)
        if self.route.is_secure:
            self.sock.secure(_trusting(ca_bundle), self.route.host)

    def _reach_proxy(self, deadline: Deadline) -> None:
        """What comes before the proxy has connected us is the proxy's own."""
        if not self.route.proxy.startswith("http://"):
            raise ProxyUnreachable("to a proxy only HTTP is spoken")
        try:
            host, port = host_and_port(urldefragauth(self.route.proxy))
            self.sock = _Line(_reached(host, port, deadline), deadline)
            if self.route.is_secure:
                self._pass_proxy()
        except exceptions.ProxyError:
            raise
        except (OSError, ValueError, HTTPException) as error:
            raise ProxyUnreachable("no proxy") from error

    def _pass_proxy(self) -> None:
        host = f"[{self.route.host}]" if ":" in self.route.host else self.route.host
        headers = {"Host": f"{host}:{self.route.port}", **self.route.proxy_headers}
        head = [f"CONNECT {headers['Host']} HTTP/1.1", *map(": ".join, headers.items()), "", ""]
        self.sock.sendall("\r\n".join(head).encode())
        with Incoming(self.sock, method="CONNECT") as answer:
            answer.begin()
        _check_account(answer)
        if not 200 <= answer.status < 300:
            raise ProxyRefusal("the proxy does not let us through")

    def exchange(self, request: PreparedRequest, deadline: Deadline) -> tuple[Incoming, bytes]:
        """Send a request; return the answer's status and headers, and its body.

        The body is one byte longer than `MAX_BODY` where there is more of it. Where the answer is
        not all that has come, the connection is closed.
        """
        self.sock.deadline = deadline
        target, headers = request.path_url, request.headers
        if self.route.is_forwarded:
            target, headers = request.url, {**headers, **self.route.proxy_headers}
        self.request(request.method, target, request.body, headers)
        with self.getresponse() as answer:
            if self.route.is_forwarded:
                _check_account(answer)
            body = answer.whole_body()
        if len(body) > MAX_BODY or answer.reader.surplus:
            self.close()
        return answer, body


class Incoming(HTTPResponse):
    """An answer as http.client reads it, except that it is no interim one and says its length
    clearly or not at all.
    """

    def __init__(self, line: _Line, **kwargs):
        super().__init__(line, **kwargs)
        self.reader = self.fp  # http.client drops it when the answer ends

    def begin(self):
        super().begin()
        while self.status < 200:  # http.client itself passes over 100 only
            self.headers = None
            super().begin()
        lengths = set(self.headers.get_all("Content-Length", ()))
        if len(lengths) > 1 or not all(map(str.isdecimal, lengths)):
            raise HTTPException("the answer has no clear length")
        self.reader.raw.limit += MAX_BODY

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

    def makefile(self, mode: str) -> _Reader:
        return _Reader(_Bytes(self._sock, self.deadline))

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


class _Reader(io.BufferedReader):
    """The bytes of one answer; afterwards `surplus` says how many more had come."""

    surplus = 0

    def close(self):
        self.surplus = self.raw.count - self.tell()
        super().close()


def basic_auth(user: str, password: str) -> str:
    """The header of who proves to be a user by a password (RFC 7617)."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _check_account(answer: Incoming) -> None:
    """407 is for proxies only, so where there is one, it is the proxy's."""
    if answer.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise ProxyAccount("the proxy wants another user or password")


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
