"""The client through a proxy."""

import time

import pytest

from bpjs import pcare
from bpjs.client import Client, Credentials
from bpjs.errors import TransportError
from bpjs.pcare import PCARE
from bpjs.tests.adversary import Adversary, head
from bpjs.tests.encrypted import CONS_ID, SECRET
from bpjs.tests.stand_in_proxy import Proxy

GET = pcare.kesadaran()


@pytest.fixture
def through(monkeypatch):
    """Have the environment name a proxy."""
    monkeypatch.setenv("NO_PROXY", "")

    def name(url):
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", url)

    return name


def client(server, ca_bundle=None, **options):
    credentials = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")
    return Client(PCARE, server.url, credentials, ca_bundle=ca_bundle, **options)


def failure(client):
    with pytest.raises(TransportError) as caught:
        client.send(GET)
    return caught.value


@pytest.mark.parametrize("account", [None, "klinik:s@ndi/1"])
def test_http_is_forwarded(server, through, account):
    with Proxy(account) as proxy:
        through(proxy.url.replace("//", "//klinik:s%40ndi%2F1@" if account else "//"))
        shared = client(server)
        assert shared.send(GET) == shared.send(GET)
    assert [path for _, path, _, _ in server.requests] == 2 * ["/base/kesadaran"]
    assert [path for _, path, _ in proxy.asked] == 2 * [f"{server.url}/kesadaran"]


@pytest.mark.parametrize("account", [None, "klinik:s@ndi/1"])
def test_https_is_connected_through(trusted, through, account):
    server, ca_bundle = trusted
    with Proxy(account) as proxy:
        through(proxy.url.replace("//", "//klinik:s%40ndi%2F1@" if account else "//"))
        shared = client(server, ca_bundle)
        assert shared.send(GET) == shared.send(GET)
        [(method, target, headers)] = proxy.asked
    assert (method, target) == ("CONNECT", f"127.0.0.1:{server.server_port}")
    assert set(headers) <= {"Host", "Proxy-Authorization"}  # it learns nothing of BPJS
    for _, _, headers, _ in server.requests:
        assert "Proxy-Authorization" not in headers


def test_the_certificate_is_bpjs_s_behind_a_proxy_too(trusted, through):
    server, _ = trusted
    with Proxy() as proxy:
        through(proxy.url)
        assert failure(client(server)).certificate
    assert server.requests == []


def test_an_address_of_ipv6_is_written_in_brackets(through):
    with Proxy() as proxy:
        through(proxy.url)
        failure(Client(PCARE, "https://[::1]:9", Credentials(CONS_ID, SECRET, "kunci")))
    assert proxy.asked[0][1] == "[::1]:9"


@pytest.mark.parametrize(
    "play",
    [
        lambda guest: guest.send(head(status="407 Proxy Authentication Required")),
        lambda guest: guest.send(head(status="502 Bad Gateway")),
        lambda guest: guest.send(b"SSH-2.0-proxy\r\n\r\n"),
        lambda guest: guest.reset(),
        lambda guest: guest.is_over(),
        lambda guest: guest.drip_on(b"HTTP/1.1 200 OK"),
        lambda guest: guest.pour_on(b"X: y\r\n" * 1000),
    ],
)
def test_a_proxy_that_does_not_let_through(trusted, through, play):
    server, ca_bundle = trusted
    with Adversary(play) as proxy:
        through(proxy.url)
        started = time.monotonic()
        error = failure(client(server, ca_bundle, connect_timeout=0.3))
    assert (error.stage, error.sent) == ("connection", False)
    assert time.monotonic() - started < 1.3
    assert server.requests == []


def test_a_proxy_without_a_scheme(server, through):
    with Proxy() as proxy:
        through(proxy.url.removeprefix("http://"))
        assert client(server).send(GET).code == 200
    assert len(proxy.asked) == 1


def test_an_answer_of_the_proxy_s_own(server, through):
    with Proxy() as proxy:
        proxy.reply = lambda handler: handler.refuse(502)
        through(proxy.url)
        assert client(server).send(GET).http_status == 502
    assert server.requests == []
