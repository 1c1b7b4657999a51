"""The HTTP proxy between clinic and BPJS: absolute addresses for http, a tunnel for https."""

import select
import socket
import time
from functools import partial
from urllib.parse import SplitResult, urlsplit

from .call import Call
from .control import Control
from .envelope import WRONG_ACCOUNT, Reply, html
from .headers import is_account
from .settings import Settings

_SECONDS = 120  # without a byte from either side, until both are given up
_HERE = ("127.0.0.1", "localhost", "::1")  # nothing else is reached through it
_HOP = ("connection", "keep-alive", "proxy-authorization", "proxy-connection")


class Proxy:
    """An app of its own."""

    now = staticmethod(time.time)

    def __init__(self, control: Control):
        self._control = control

    def __call__(self, call: Call, target: str, client: socket.socket) -> Reply | None:
        """What the proxy itself says; None where all has been said, or nothing is."""
        state = self._control.state
        state.book.count(f"proxy {call.method}")
        plan = state.faults.take("proxy", call.method, target, call.text)
        return plan.carry_out(partial(self._do, state.book.settings, call, target, client))

    def _do(
        self,
        settings: Settings,
        call: Call,
        target: str,
        client: socket.socket,
        _effect,
        _change,
        mute: bool = False,
    ) -> Reply | None:
        account = call.headers.get("Proxy-Authorization", "")
        if not is_account(account, settings.proxy_user, settings.proxy_password):
            return WRONG_ACCOUNT["proxy"]
        where = urlsplit(f"//{target}" if call.method == "CONNECT" else target)
        if call.method != "CONNECT" and where.scheme != "http":
            return html(400, "Bad Request")
        if where.hostname not in _HERE:
            return html(403, "Forbidden")
        try:
            server = socket.create_connection((where.hostname, where.port or 80), _SECONDS)
        except OSError:
            return html(502, "Bad Gateway")
        with server:
            if call.method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(_request(call, where))
            _relay(client, server, mute)
        return None


def _request(call: Call, where: SplitResult) -> bytes:
    """The call as it is sent on."""
    path = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
    headers = [
        f"{name}: {value}" for name, value in call.headers.items() if name.lower() not in _HOP
    ]
    lines = [f"{call.method} {path} HTTP/1.1", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + call.body


def _relay(client: socket.socket, server: socket.socket, mute: bool) -> None:
    """Carry bytes both ways until one side ends; `mute`: until the server's first, which stays."""
    other = {client: server, server: client}
    while ready := select.select([client, server], [], [], _SECONDS)[0]:
        for source in ready:
            received = source.recv(65536)
            if not received or (mute and source is server):
                return
            other[source].sendall(received)
