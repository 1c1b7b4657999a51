"""The client on each way to BPJS: straight, through a proxy (in the clear and with TLS), through an
engine. What BPJS says, and what its silence means, is the same on all of them.
"""

import json
import logging
import time
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace

import pytest

from bpjs import pcare, reason
from bpjs.client import Client, Credentials
from bpjs.errors import TransportError
from bpjs.outcome import UNKNOWN, UNSENT, classify
from bpjs.pcare import PCARE
from bpjs.tests import stand_in_engine, stand_in_proxy
from bpjs.tests.encrypted import CONS_ID, SECRET, TIMESTAMP, encrypt
from bpjs.tests.stand_in import Handler, certificate, running
from bpjs.tests.test_client import cut_off, no_http, reset, too_short, two_lengths
from bpjs.tests.test_outcome import REFUSALS, SUCCESSES, outcome, table
from bpjs.ways.http import Direct, Proxy
from bpjs.ways.soap import Engine

KARTU = "0001000000001"
GET = pcare.peserta(KARTU)
POST = pcare.pendaftaran_add(
    kd_provider_peserta="0001R001", tanggal=date(2026, 3, 7), no_kartu=KARTU, kd_poli="001"
)
ACCOUNT = {"username": "klinik", "password": "s@ndi/1"}
CREDENTIALS = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")


class Road:
    """A stand-in for BPJS and the way there."""

    def __init__(self, kind, folder, stack):
        tls, self.ca_bundle = None, None
        if kind == "proxy with TLS":
            tls, self.ca_bundle = certificate(folder, "127.0.0.1")
        self.kind = kind
        self.bpjs = stack.enter_context(running(tls=tls))
        account = ":".join(ACCOUNT.values())
        if kind == "direct":
            self.way = Direct()
        elif kind == "engine":
            self.stop = stack.enter_context(stand_in_engine.Engine(self.bpjs.url, account))
            self.way = Engine(self.stop.url, **ACCOUNT)
        else:
            self.stop = stack.enter_context(stand_in_proxy.Proxy(account))
            self.way = Proxy(self.stop.url, **ACCOUNT)

    def client(self, service=PCARE, **options):
        options = {"ca_bundle": self.ca_bundle, "way": self.way, **options}
        return Client(service, self.bpjs.url, CREDENTIALS, **options)


@pytest.fixture(scope="module", params=["direct", "proxy", "proxy with TLS", "engine"])
def built(request, tmp_path_factory):
    with ExitStack() as stack:
        yield Road(request.param, tmp_path_factory.mktemp("tls"), stack)


@pytest.fixture
def road(built):
    built.bpjs.reply = Handler.send
    built.bpjs.requests.clear()
    return built


def result(client, request):
    try:
        return client.send(request)
    except TransportError as error:
        return error


# What BPJS says


@table(
    ["request_", "http_status", "body"],
    [row[:3] for row in SUCCESSES + REFUSALS],
)
def test_an_answer_means_the_same_on_each_way(road, monkeypatch, request_, http_status, body):
    monkeypatch.setattr("bpjs.client.time", SimpleNamespace(time=lambda: int(TIMESTAMP)))
    road.bpjs.reply = lambda handler: (
        handler.begin(204) if http_status == 204 else handler.send(http_status, body.encode())
    )
    said = road.client(request_.service).send(request_)
    assert classify(request_, said) == outcome(request_, http_status, body)


def test_bpjs_is_told_the_same_on_each_way(road):
    road.client(content_type="text/plain").send(POST)
    [(method, path, headers, body)] = road.bpjs.requests
    assert (method, path, json.loads(body)) == ("POST", "/base/pendaftaran", POST.body)
    assert headers["X-cons-id"] == CONS_ID
    assert headers["user_key"] == "kunci"
    assert headers["Content-Type"] == "text/plain"
    assert headers["X-authorization"] == "Basic dXNlcjpwYXNzOjA5NQ=="
    assert abs(int(headers["X-timestamp"]) - time.time()) < 5
    for name in ("Authorization", "Proxy-Authorization"):
        assert name not in headers


def test_only_we_decrypt(road):
    def reply(handler):
        secret = encrypt({"nama": "Pasien 😀"}, handler.headers["X-timestamp"])
        metadata = {"message": "OK", "code": 200}
        handler.send(200, json.dumps({"response": secret, "metaData": metadata}).encode())

    road.bpjs.reply = reply
    assert road.client().send(GET).response == {"nama": "Pasien 😀"}


def test_nothing_reaches_a_log(road, caplog):
    caplog.set_level(logging.DEBUG)
    road.way.forget()
    road.client().send(GET)
    road.client().send(POST)
    for secret in (KARTU, SECRET, "kunci", ACCOUNT["password"]):
        assert secret not in caplog.text


def test_equal_ways_are_one(road):
    assert hash(road.way) == hash(type(road.way)(**vars(road.way)))
    assert ACCOUNT["password"] not in repr(road.way)


# What its silence means


@pytest.mark.parametrize(
    "reply",
    [Handler.drop, reset, cut_off, too_short, no_http, two_lengths, Handler.wait],
    ids=lambda reply: reply.__name__,
)
def test_no_answer_after_the_request(road, reply):
    road.bpjs.reply = reply
    client = road.client(read_timeout=0.5)
    assert classify(POST, result(client, POST)).kind == UNKNOWN
    assert classify(GET, result(client, GET)).kind == UNSENT
    assert [method for method, *_ in road.bpjs.requests] == ["POST", "GET"]  # nothing twice


def test_no_answer_in_time(road):
    road.bpjs.reply = Handler.wait
    started = time.monotonic()
    error = result(road.client(read_timeout=0.3), POST)
    assert 0.3 <= time.monotonic() - started < 1.3
    assert (error.reason, error.sent) == (reason.NO_ANSWER_IN_TIME, True)


@pytest.mark.parametrize("url", ["http://[", "apijkn.example/pcare", "http://"])
def test_an_address_that_is_none(road, url):
    if road.kind != "engine":  # which knows BPJS's address itself
        road_to = Client(PCARE, url, CREDENTIALS, way=road.way)
        assert result(road_to, POST).stage == "address"
