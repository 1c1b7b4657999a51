"""The client over real HTTP, on loopback."""

import json
import logging
import os
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date

import pytest

from bpjs import antrean_fktp, pcare, reason
from bpjs.answer import Answer
from bpjs.antrean_fktp import ANTREAN
from bpjs.client import MAX_BODY, Client, Credentials
from bpjs.envelope import sign
from bpjs.errors import TransportError
from bpjs.pcare import PCARE
from bpjs.request import Request
from bpjs.service import Service
from bpjs.services import SERVICES
from bpjs.tests.encrypted import CONS_ID, SECRET, encrypt
from bpjs.tests.stand_in import FOR_EVER, OK, Handler, certificate, running

KARTU = "0001000000001"
CREDENTIALS = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")
GET = pcare.peserta(KARTU)
POST = pcare.pendaftaran_add(
    kd_provider_peserta="0001R001", tanggal=date(2026, 3, 7), no_kartu=KARTU, kd_poli="001"
)


def client(server, service=PCARE, **options):
    return Client(service, server.url, CREDENTIALS, **{"read_timeout": 0.3} | options)


def failure(client, request=POST):
    with pytest.raises(TransportError) as caught:
        client.send(request)
    error = caught.value
    assert KARTU not in str(error)
    assert error.__cause__ is None  # requests' own errors name the path
    assert error.__suppress_context__ or error.__context__ is None
    return error


# Requests


def test_headers_of_pcare(server):
    before = int(time.time())
    client(server, content_type="text/plain").send(POST)
    [(method, path, headers, body)] = server.requests
    timestamp = headers["X-timestamp"]
    assert (method, path) == ("POST", "/base/pendaftaran")
    assert before <= int(timestamp) <= time.time()
    assert dict(headers) == {
        "Host": f"127.0.0.1:{server.server_port}",
        "User-Agent": headers["User-Agent"],
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "keep-alive",
        "Content-Type": "text/plain",
        "Content-Length": str(len(body)),
        "X-cons-id": CONS_ID,
        "X-timestamp": timestamp,
        "X-signature": sign(CONS_ID, SECRET, timestamp),
        "X-authorization": "Basic dXNlcjpwYXNzOjA5NQ==",
        "user_key": "kunci",
    }
    assert json.loads(body) == POST.body


def test_headers_of_antrean(server):
    client(server, ANTREAN).send(antrean_fktp.ref_poli(date(2026, 3, 7)))
    [(method, path, headers, body)] = server.requests
    assert (method, path, body) == ("GET", "/base/ref/poli/tanggal/2026-03-07", b"")
    assert headers["Content-Type"] == "application/json"
    assert headers["user_key"] == "kunci"
    assert headers["X-signature"] == sign(CONS_ID, SECRET, headers["X-timestamp"])
    assert "X-authorization" not in headers


@pytest.mark.parametrize("takes_account", [True, False])
def test_headers_of_a_service_that_is_described_nowhere_else(server, monkeypatch, takes_account):
    toy = Service(
        code="mainan",
        label="Mainan",
        addresses={"production": server.url},
        content_type="text/csv",
        date_format="%Y%m%d",
        probe=lambda tanggal: Request("mainan", "GET", f"/tes/{toy.date_text(tanggal)}"),
        takes_account=takes_account,
    )
    monkeypatch.setitem(SERVICES, toy.code, toy)
    url = toy.addresses["production"]
    calling = Client(toy.code, url, CREDENTIALS, content_type=toy.content_type)
    calling.send(toy.probe(date(2026, 3, 7)))
    [(method, path, headers, _body)] = server.requests
    assert (method, path) == ("GET", "/base/tes/20260307")
    assert headers["Content-Type"] == "text/csv"
    assert ("X-authorization" in headers) is takes_account


def test_credentials_are_stripped_and_not_shown():
    pasted = Credentials(" 1234\n", "\tsecretKEY ", " kunci ", " user", "pass\u00a0", "095 ")
    assert pasted == CREDENTIALS
    assert repr(pasted) == "Credentials(cons_id='1234', kd_aplikasi='095')"


def test_nothing_reaches_a_log(server, caplog):
    caplog.set_level(logging.DEBUG)
    client(server).send(GET)
    for secret in (KARTU, SECRET, "kunci"):
        assert secret not in caplog.text


# Answers


def test_an_answer_is_decrypted_with_the_timestamp_of_its_request(server):
    def reply(handler):
        response = encrypt({"nama": "Pasien 😀"}, handler.headers["X-timestamp"])
        metadata = {"message": "OK", "code": "200"}
        handler.send(200, json.dumps({"response": response, "metaData": metadata}).encode())

    server.reply = reply
    assert client(server).send(GET) == Answer(200, 200, "OK", {"nama": "Pasien 😀"})


def test_a_refusal_is_an_answer(server):
    body = json.dumps({"response": None, "metaData": {"message": "Tidak", "code": 412}})
    server.reply = lambda handler: handler.send(412, body.encode())
    assert client(server).send(POST) == Answer(412, 412, "Tidak", None)


@pytest.mark.parametrize("location", ["/elsewhere", "http://["])
def test_no_redirect_is_followed(server, location):
    server.reply = lambda handler: handler.send(302, b"", Location=location)
    assert client(server).send(POST).http_status == 302
    assert len(server.requests) == 1


def test_no_cookie_is_kept(server):
    server.reply = lambda handler: handler.send(Set_Cookie="session=1; Path=/")
    shared = client(server)
    shared.send(GET)
    shared.send(GET)
    assert "Cookie" not in server.requests[1][2]


def test_a_body_without_end_is_cut_off(server):
    written = []

    def reply(handler):
        handler.begin(Connection="close")
        while not handler.wait(0):
            written.append(handler.wfile.write(b"x" * 100_000))

    server.reply = reply
    assert client(server, read_timeout=5).send(POST) == Answer(
        200, None, "", None, reason.TOO_LARGE
    )
    assert sum(written) > MAX_BODY


def test_a_body_may_be_as_large_as_the_limit(server):
    server.reply = lambda handler: handler.send(200, OK.ljust(MAX_BODY))
    assert client(server, read_timeout=5).send(GET).message == "OK"


def chunked(handler):
    handler.begin(Transfer_Encoding="chunked")
    handler.wfile.write(b"5\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (OK[:5], len(OK) - 5, OK[5:]))


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Handler.send, id="length"),
        pytest.param(chunked, id="chunked"),
        pytest.param(lambda handler: handler.send(200, b""), id="empty"),
        pytest.param(lambda handler: handler.send(412), id="refusal"),
        pytest.param(lambda handler: handler.begin(204), id="no content"),
    ],
)
def test_a_connection_is_used_again(server, reply):
    server.reply = reply
    shared = client(server)
    assert shared.send(POST) == shared.send(GET)
    assert len(server.requests) == 2
    assert server.connections == 1


def test_a_closed_connection_is_replaced(server):
    server.reply = lambda handler: handler.send(Connection="close")
    shared = client(server)
    assert shared.send(POST) == shared.send(GET)
    assert server.connections == 2


def test_a_closed_client_opens_another_connection(server):
    shared = client(server)
    shared.send(GET)
    shared.close()
    shared.send(GET)
    assert server.connections == 2


def test_threads_share_a_client(server):
    def reply(handler):
        message = {"message": handler.path, "code": 200}
        handler.send(200, json.dumps({"metaData": message}).encode())

    server.reply = reply
    shared = client(server, read_timeout=5)
    requests = [pcare.poli(start, 1) for start in range(40)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(shared.send, requests))
    assert [answer.message for answer in answers] == [f"/base{each.path}" for each in requests]
    assert server.connections <= 4


# No answers


def test_refused(server):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    error = failure(Client(PCARE, url, CREDENTIALS))
    assert (error.sent, error.misconfigured) == (False, False)


def test_host_not_found(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert not failure(Client(PCARE, "https://bpjs.invalid", CREDENTIALS)).sent


@contextmanager
def deaf():
    """A port that takes no connection and refuses none."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as port, ExitStack() as stack:
        for _ in range(2):  # they fill the queue, nobody accepts
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(port.getsockname())
        yield port.getsockname()


def test_no_connection_in_time():
    with deaf() as (host, port):
        error = failure(Client(PCARE, f"http://{host}:{port}", CREDENTIALS, connect_timeout=0.2))
    assert (error.sent, error.reason) == (False, reason.NO_CONNECTION_IN_TIME)


def test_an_address_that_does_not_answer_leaves_time_for_the_next(server, monkeypatch):
    with deaf() as address:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        found = [(*kind, address), (*kind, ("127.0.0.1", server.server_port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
        url = "http://bpjs.invalid"
        assert Client(PCARE, url, CREDENTIALS, connect_timeout=1).send(GET).code == 200


@pytest.mark.parametrize("url", ["apijkn.example/pcare", "htps://127.0.0.1", "http://[", "http://"])
def test_the_address_is_wrong(url):
    error = failure(Client(PCARE, url, CREDENTIALS))
    assert (error.sent, error.reason) == (False, reason.ADDRESS)


def test_a_key_that_no_header_takes(server):
    wrong = Client(PCARE, server.url, Credentials("1234", "secretKEY", "kunci–1"))
    assert not failure(wrong).sent
    assert server.requests == []


def reset(handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.drop()


def cut_off(handler):
    handler.begin(Transfer_Encoding="chunked")
    handler.wfile.write(b"%x\r\n%b" % (len(OK), OK[:10]))
    handler.drop()


def too_short(handler):
    handler.begin(Content_Length=str(len(OK)))
    handler.wfile.write(OK[:10])
    handler.drop()


def no_http(handler):
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.drop()


def two_lengths(handler):
    handler.begin(Content_Length="5,6")
    handler.drop()


@pytest.mark.parametrize("reply", [Handler.drop, reset, cut_off, too_short, no_http, two_lengths])
def test_no_answer_after_the_request(server, reply):
    server.reply = reply
    assert failure(client(server, read_timeout=10)).sent
    assert len(server.requests) == 1  # nothing is sent twice


def test_no_answer_in_time(server):
    server.reply = Handler.wait
    error = failure(client(server))
    assert (error.sent, error.reason) == (True, reason.NO_ANSWER_IN_TIME)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Content_Length": "1000"}, {"Transfer_Encoding": "chunked"}, {"Connection": "close"}],
)
def test_a_dripping_body_ends_in_time(server, headers):
    def drip(handler):
        handler.begin(**headers)
        handler.wfile.write(b"3e8\r\n" if "Transfer_Encoding" in headers else b"")
        while not handler.wait(0.02):
            handler.wfile.write(b" ")

    server.reply = drip
    started = time.monotonic()
    error = failure(client(server))
    assert (error.sent, error.reason) == (True, reason.NO_ANSWER_IN_TIME)
    assert 0.3 <= time.monotonic() - started < 2


# Within a time that somebody waits


def within(seconds, client, request=GET):
    """The seconds until the error, and the error."""
    started = time.monotonic()
    with pytest.raises(TransportError) as caught:
        client.send_within(seconds, request)
    return time.monotonic() - started, caught.value


def test_an_answer_in_time_is_the_answer(server):
    assert client(server).send_within(5, GET) == client(server).send(GET)


def test_an_error_in_time_is_the_error(server):
    server.reply = Handler.drop
    _, error = within(5, client(server))
    assert (error.sent, error.reason) == (True, reason.CONNECTION_LOST)


def drip(handler):
    handler.begin(Content_Length="1000")
    while not handler.wait(0.02):
        handler.wfile.write(b" ")


@pytest.mark.parametrize("reply", [Handler.wait, drip])
def test_no_answer_within_the_time(server, reply):
    server.reply = reply
    seconds, error = within(0.3, client(server, read_timeout=2))
    assert 0.3 <= seconds < 1
    assert (error.sent, error.reason) == (True, reason.NO_ANSWER_IN_TIME)


def test_no_address_within_the_time(monkeypatch):
    ended = threading.Event()

    def slow(*args, **kwargs):
        ended.wait(FOR_EVER)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    seconds, error = within(0.3, Client(PCARE, "https://bpjs.invalid", CREDENTIALS))
    ended.set()
    assert 0.3 <= seconds < 1
    assert (error.stage, error.sent) == ("name", False)


# TLS


def test_a_ca_bundle_is_trusted(trusted):
    server, ca_bundle = trusted
    shared = client(server, ca_bundle=ca_bundle)
    assert shared.send(GET) == shared.send(GET) == Answer(200, 200, "OK", None)
    assert server.connections == 1


def test_a_ca_bundle_outranks_the_environment(trusted, monkeypatch, tmp_path):
    server, ca_bundle = trusted
    _, other = certificate(tmp_path, "127.0.0.2")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
    assert client(server, ca_bundle=ca_bundle).send(GET).code == 200


def test_an_untrusted_certificate(trusted):
    server, _ = trusted
    error = failure(client(server))
    assert (error.sent, error.misconfigured) == (False, True)
    assert server.requests == []


def test_a_certificate_for_another_address(tmp_path):
    tls, ca_bundle = certificate(tmp_path, "127.0.0.2")
    with running(tls=tls) as server:
        error = failure(client(server, ca_bundle=ca_bundle))
    assert (error.sent, error.misconfigured) == (False, True)


@pytest.mark.parametrize("ca_bundle", ["/nowhere/ca.pem", __file__])
def test_a_ca_bundle_that_is_none(trusted, ca_bundle):
    server, _ = trusted
    error = failure(client(server, ca_bundle=ca_bundle))
    assert (error.sent, error.misconfigured) == (False, True)
    assert server.requests == []


def test_a_folder_of_certificates(trusted, tmp_path):
    """A folder as `openssl rehash` makes it, empty: nobody is trusted."""
    server, _ = trusted
    error = failure(client(server, ca_bundle=str(tmp_path)))
    assert (error.sent, error.misconfigured) == (False, True)


def test_a_ca_bundle_that_is_mended_is_read_anew(trusted, tmp_path):
    server, ca_bundle = trusted
    _, other = certificate(tmp_path, "127.0.0.2")
    changed = client(server, ca_bundle=other)
    assert failure(changed).misconfigured
    os.replace(ca_bundle, other)
    assert changed.send(GET).code == 200


def test_tls_to_a_port_without_it(server):
    server.url = server.url.replace("http:", "https:")
    error = failure(client(server))
    assert (error.sent, error.misconfigured) == (False, False)


def test_tls_dropped_after_the_request(trusted):
    server, ca_bundle = trusted
    server.reply = Handler.drop
    assert failure(client(server, ca_bundle=ca_bundle)).sent
