"""Sockets and bytes: keep-alive, dropped connections, a port that refuses.

Werkzeug's own server ends every connection after one answer and swallows headers with an underscore
(`user_key`), so the standard library's serves here.
"""

import contextlib
import socket
import socketserver
import sys
import threading
import time
import zlib
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

from .app import App
from .call import Call
from .engine import Engine
from .envelope import Reply
from .proxy import Proxy
from .settings import DEFAULTS, Settings
from .soap import SERVICE_PATH

_BLANKS = 2**20 * b" "
_POLL = 0.05  # seconds until the listening thread notices that it is to stop


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive; an answer leaves in one piece and at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _answer(self) -> None:
        self.server.idle.discard(self.connection)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        reply = self._reply(Call(self.command, unquote(url.path), url.query, self.headers, body))
        if reply is None:
            self.close_connection = True
            return
        self.log_request(reply.status)
        self._send(reply)
        self.server.idle.add(self.connection)

    def _reply(self, call: Call) -> Reply | None:
        return self.server.app(call)

    def _send(self, reply: Reply) -> None:
        for number in range(reply.interim):
            self.wfile.flush()
            time.sleep(reply.interim_pause)
            self.wfile.write(_head(102 + number % 2, {}))  # Processing, Early Hints
        body = _body(reply)
        self._write(_head(reply.status, self._headers(reply, body)), pause=reply.head_pause)
        if reply.cut:
            self.close_connection = True
            body = [body[0][: len(body[0]) // 2]]
        for part in body:
            self._write(part, pause=reply.body_pause)
        self.wfile.flush()

    def _headers(self, reply: Reply, body: list[bytes]) -> dict[str, str]:
        headers = {"Date": self.date_time_string(), **reply.headers}
        if reply.status != 204:
            headers["Content-Type"] = reply.content_type
            headers["Content-Length"] = str(sum(map(len, body)))
        if reply.gzipped:
            headers["Content-Encoding"] = "gzip"
        if self.close_connection or self.server.refuses:
            headers["Connection"] = "close"
        return headers

    def _write(self, data: bytes, pause: float) -> None:
        """Write, after a pause before each byte if there is one."""
        if not pause:
            self.wfile.write(data)
            return
        for byte in data:
            time.sleep(pause)
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = _answer

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp or self.server.app.now())

    def log_message(self, format: str, *args: object) -> None:
        if self.server.verbose:
            super().log_message(format, *args)


class ProxyHandler(Handler):
    def _reply(self, call: Call) -> Reply | None:
        return self.server.app(call, self.path, self.connection)

    do_CONNECT = Handler._answer


class Listener(socketserver.ThreadingTCPServer):
    """Serves an app, one thread a connection. Raises `OSError` when the port is taken."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    handler = Handler

    def __init__(self, host: str, port: int, app: App | Engine | Proxy, verbose: bool):
        self.verbose = verbose
        self.app = app
        self.idle: set[socket.socket] = set()  # open connections without a call under way
        self._refusing = threading.Lock()
        super().__init__((host, port), self.handler)

    @property
    def url(self) -> str:
        host, port = self.server_address
        return f"http://{host}:{port}"

    @property
    def refuses(self) -> bool:
        return self._refusing.locked()

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=[_POLL], daemon=True).start()

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so long, then listen again on the same port.

        Open connections end at once, or with the answer to the call under way.
        """
        if not self._refusing.acquire(blocking=False):
            return
        self.shutdown()
        self.socket.close()
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()  # keeps the port; nobody can connect before it listens
        for connection in list(self.idle):
            with contextlib.suppress(OSError):  # it may have ended by itself
                connection.shutdown(socket.SHUT_RDWR)
        again = threading.Timer(seconds, self._listen_again)
        again.daemon = True
        again.start()

    def _listen_again(self) -> None:
        self.server_activate()
        self.start()
        self._refusing.release()

    def process_request(self, request, client_address) -> None:
        self.idle.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request) -> None:
        self.idle.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:
        """A client that went away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Server(Listener):
    """BPJS."""

    def __init__(self, host: str, port: int, verbose: bool = False, settings: Settings = DEFAULTS):
        super().__init__(host, port, App(self.refuse, settings), verbose)


class EngineServer(Listener):
    """An integration engine before a BPJS, under its control."""

    def __init__(self, host: str, port: int, bpjs: Server):
        control = bpjs.app.control
        super().__init__(host, port, Engine(control, bpjs.url), bpjs.verbose)
        control.refuse_by["engine"] = self.refuse

    @property
    def url(self) -> str:
        """Where its description is."""
        return f"{super().url}{SERVICE_PATH}?wsdl"


class ProxyServer(Listener):
    """A proxy before a BPJS, under its control."""

    handler = ProxyHandler

    def __init__(self, host: str, port: int, bpjs: Server):
        control = bpjs.app.control
        super().__init__(host, port, Proxy(control), bpjs.verbose)
        control.refuse_by["proxy"] = self.refuse


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    """The status line and the headers."""
    reason, _ = BaseHTTPRequestHandler.responses.get(status, ("", ""))
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _body(reply: Reply) -> list[bytes]:
    """The body in parts, so that even a huge one takes little memory."""
    whole, rest = divmod(reply.filler, len(_BLANKS))
    parts = [reply.body, *whole * [_BLANKS], _BLANKS[:rest]]
    if not reply.gzipped:
        return parts
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)  # 16: in the form of gzip
    return [*map(packer.compress, parts), packer.flush()]
