"""A proxy on loopback: forwards http, connects through for https, asks for a password if told."""

import base64
import http.client
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):  # noqa: N802
        if not self.may_pass():
            return
        host, port = self.path.rsplit(":", 1)
        try:
            there = socket.create_connection((host.strip("[]"), int(port)))
        except OSError:
            return self.refuse(502)
        self.server.opened.append(there)
        self.send_response(200, "Connection established")
        self.end_headers()
        back = threading.Thread(target=relay, args=(there, self.connection))
        back.start()
        relay(self.connection, there)
        back.join()
        there.close()
        self.close_connection = True

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.may_pass():
            return
        parts = urlsplit(self.path)
        headers = {
            name: value for name, value in self.headers.items() if not name.startswith("Proxy-")
        }
        try:
            there = http.client.HTTPConnection(parts.hostname, parts.port)
            there.request(self.command, parts.path, body or None, headers)
            answer = there.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return self.refuse(502)
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = forward  # noqa: N815

    def may_pass(self):
        self.server.asked.append((self.command, self.path, self.headers))
        if self.server.reply:
            self.server.reply(self)
            return False
        if self.headers.get("Proxy-Authorization", "") == self.server.wanted:
            return True
        self.refuse(407, Proxy_Authenticate='Basic realm="proxy"')
        return False

    def refuse(self, status, **headers):
        page = b"<html>The proxy says no</html>"
        self.send_response(status)
        headers |= {"Content_Length": str(len(page)), "Connection": "close"}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args):
        pass


def relay(here, there):
    with suppress(OSError):
        while data := here.recv(65_536):
            there.sendall(data)
    with suppress(OSError):
        there.shutdown(socket.SHUT_WR)


class Proxy(ThreadingHTTPServer):
    """`asked` is what it was asked for; `reply`, if set, answers in its stead."""

    def __init__(self, account=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.opened, self.reply = [], [], None
        self.wanted = f"Basic {base64.b64encode(account.encode()).decode()}" if account else ""
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Clients that hang up are what is tested."""

    def __enter__(self):
        self._serving = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._serving.start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        for there in self.opened:
            with suppress(OSError):
                there.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        super().__exit__(*exception)
