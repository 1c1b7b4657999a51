"""A web server on loopback that answers as a test wants."""

import json
import ssl
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

OK = json.dumps({"response": None, "metaData": {"message": "OK", "code": 200}}).encode()
FOR_EVER = 60  # seconds; tests end such waits themselves


class Handler(BaseHTTPRequestHandler):
    """One connection to the stand-in; how it answers is the test's affair."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections += 1

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.command, self.path, self.headers, body))
        self.server.reply(self)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815

    def send(self, status=200, body=OK, **headers):
        self.begin(status, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def begin(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def drop(self):
        self.close_connection = True

    def wait(self, seconds=FOR_EVER):
        """Wait, but not beyond the end of the test. Whether that end has come."""
        return self.server.ended.wait(seconds)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections, self.requests, self.reply = 0, [], Handler.send
        self.ended = threading.Event()
        if tls:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server_port}/base"

    def handle_error(self, request, client_address):
        """Clients that hang up are what is tested."""


@contextmanager
def running(**options):
    with Server(**options) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def certificate(folder, host):
    """A self-signed certificate for an address: the server's context, the path of a CA bundle."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "BPJS stand-in")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{host}.pem", folder / f"{host}.key"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)
