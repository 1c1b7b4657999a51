"""What is peculiar to the way through a proxy."""

import socket
import time

import pytest

from bpjs import pcare, reason
from bpjs.client import Client, Credentials
from bpjs.errors import TransportError
from bpjs.outcome import MISCONFIGURED, UNKNOWN, UNSENT, classify
from bpjs.pcare import PCARE
from bpjs.tests.adversary import Adversary, head
from bpjs.tests.encrypted import CONS_ID, SECRET
from bpjs.tests.stand_in_proxy import Proxy as StandIn
from bpjs.tests.test_adversary import POST
from bpjs.ways.http import DIRECT, Direct, Proxy

GET = pcare.kesadaran()
ACCOUNT = {"username": "klinik", "password": "s@ndi/1"}


def client(url, way, **options):
    credentials = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")
    return Client(PCARE, url, credentials, way=way, **options)


def failure(client, request=GET):
    with pytest.raises(TransportError) as caught:
        client.send(request)
    return caught.value


@pytest.fixture(params=["http", "https"])
def bpjs(request):
    """A stand-in for BPJS, and the CA bundle that trusts it."""
    if request.param == "http":
        return request.getfixturevalue("server"), None
    return request.getfixturevalue("trusted")


# The proxy's part


def test_http_is_forwarded(server):
    with StandIn() as proxy:
        shared = client(server.url, Proxy(proxy.url))
        assert shared.send(GET) == shared.send(GET)
    assert [path for _, path, _, _ in server.requests] == 2 * ["/base/kesadaran"]
    assert [path for _, path, _ in proxy.asked] == 2 * [f"{server.url}/kesadaran"]


def test_https_is_connected_through_once_for_many_calls(trusted):
    server, ca_bundle = trusted
    with StandIn() as proxy:
        shared = client(server.url, Proxy(proxy.url), ca_bundle=ca_bundle)
        assert shared.send(GET) == shared.send(GET)
        [(method, target, headers)] = proxy.asked
    assert (method, target) == ("CONNECT", f"127.0.0.1:{server.server_port}")
    assert dict(headers) == {"Host": target}  # it learns nothing of BPJS


@pytest.mark.parametrize(
    "written",
    ["{0.url}", " {0.url}/ ", "127.0.0.1:{0.server_port}", "http://localhost:{0.server_port}"],
)
def test_how_its_address_may_be_written(bpjs, written):
    server, ca_bundle = bpjs
    with StandIn("klinik:s@ndi/1") as proxy:
        way = Proxy(written.format(proxy), **ACCOUNT)
        assert client(server.url, way, ca_bundle=ca_bundle).send(GET).code == 200


def test_its_account_may_stand_in_its_address(bpjs):
    server, ca_bundle = bpjs
    with StandIn("klinik:s@ndi/1") as proxy:
        way = Proxy(proxy.url.replace("//", "//klinik:s%40ndi%2F1@"))
        assert client(server.url, way, ca_bundle=ca_bundle).send(GET).code == 200


def test_an_address_of_ipv6_is_written_in_brackets():
    with StandIn() as proxy:
        failure(client("https://[::1]:9", Proxy(proxy.url)))
    assert proxy.asked[0][1] == "[::1]:9"


def test_the_certificate_is_bpjs_s(trusted):
    server, _ = trusted
    with StandIn() as proxy:
        error = failure(client(server.url, Proxy(proxy.url)))
    assert (error.stage, error.reason) == ("certificate", reason.CERTIFICATE)
    assert server.requests == []


# Whose answer it is


@pytest.mark.parametrize("account", [{}, {"username": "klinik"}, {**ACCOUNT, "password": "salah"}])
def test_its_407_concerns_its_account(bpjs, account):
    server, ca_bundle = bpjs
    with StandIn("klinik:s@ndi/1") as proxy:
        error = failure(client(server.url, Proxy(proxy.url, **account), ca_bundle=ca_bundle), POST)
    assert (error.stage, error.reason) == ("proxy_account", reason.PROXY_ACCOUNT)
    assert classify(POST, error).kind == MISCONFIGURED
    assert server.requests == []


@pytest.mark.parametrize("status", [403, 502, 504, 302])
def test_what_it_says_before_it_connects_us_is_its_own(trusted, status):
    server, ca_bundle = trusted
    with StandIn() as proxy:
        proxy.reply = lambda handler: handler.refuse(status)
        error = failure(client(server.url, Proxy(proxy.url), ca_bundle=ca_bundle), POST)
    assert (error.stage, error.reason) == ("proxy_refusal", reason.PROXY_REFUSAL)
    assert classify(POST, error).kind == UNSENT
    assert server.requests == []


def test_it_does_not_reach_bpjs():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with StandIn() as proxy:
        assert (
            failure(client(f"https://127.0.0.1:{port}", Proxy(proxy.url))).stage == "proxy_refusal"
        )


@pytest.mark.parametrize("status", [502, 504])
def test_what_it_says_where_it_forwards_may_be_bpjs_s(server, status):
    with StandIn() as proxy:
        proxy.reply = lambda handler: handler.refuse(status)
        answer = client(server.url, Proxy(proxy.url)).send(POST)
    assert classify(POST, answer).kind == UNKNOWN


@pytest.mark.parametrize("status", [407, 502])
def test_what_comes_through_it_is_bpjs_s(trusted, status):
    server, ca_bundle = trusted
    server.reply = lambda handler: handler.send(status)
    with StandIn() as proxy:
        answer = client(server.url, Proxy(proxy.url), ca_bundle=ca_bundle).send(POST)
    assert answer.http_status == status


def test_without_a_proxy_a_407_is_bpjs_s(server):
    server.reply = lambda handler: handler.send(407)
    assert client(server.url, DIRECT).send(POST).http_status == 407


# No proxy


@pytest.mark.parametrize(
    "play",
    [
        lambda guest: guest.send(b"SSH-2.0-proxy\r\n\r\n"),
        lambda guest: guest.reset(),
        lambda guest: guest.is_over(),
        lambda guest: guest.drip_on(b"HTTP/1.1 200 OK"),
        lambda guest: guest.drip_on(head(status="102 Processing")),
        lambda guest: guest.pour_on(b"X: y\r\n" * 1000),
        lambda guest: guest.pour_on(head(status="102 Processing") * 1000),
    ],
    ids=[
        "another protocol",
        "reset",
        "silence",
        "drops",
        "interim drops",
        "flood",
        "interim flood",
    ],
)
def test_what_is_no_proxy(trusted, play):
    server, ca_bundle = trusted
    with Adversary(play) as adversary:
        way = Proxy(adversary.url)
        started = time.monotonic()
        error = failure(client(server.url, way, ca_bundle=ca_bundle, connect_timeout=0.3))
    assert time.monotonic() - started < 1.3
    assert (error.stage, error.reason) == ("proxy", reason.PROXY_UNREACHABLE)
    assert classify(POST, error).kind == UNSENT
    assert server.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://",
        "http://[",
        "http://127.0.0.1:x",
        "https://127.0.0.1:9",
        "socks5://127.0.0.1:9",
    ],
)
def test_what_is_no_address_of_a_proxy(bpjs, address):
    server, ca_bundle = bpjs
    error = failure(client(server.url, Proxy(address), ca_bundle=ca_bundle))
    assert (error.stage, error.reason) == ("proxy", reason.PROXY_UNREACHABLE)
    assert server.requests == []


def test_nobody_listens(bpjs):
    server, ca_bundle = bpjs
    with socket.create_server(("127.0.0.1", 0)) as closed:
        way = Proxy(f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert failure(client(server.url, way, ca_bundle=ca_bundle)).stage == "proxy"


def test_nobody_knows_its_host(bpjs, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure(client(bpjs[0].url, Proxy("http://proxy.invalid:3128"))).stage == "proxy"


def test_bpjs_s_host_is_the_proxy_s_affair(monkeypatch):
    asked = []

    def look_up(host, *args, **kwargs):
        asked.append(host)
        return getaddrinfo(host, *args, **kwargs)

    getaddrinfo = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with StandIn() as proxy:
        proxy.reply = lambda handler: handler.refuse(502)
        failure(client("https://bpjs.invalid", Proxy(proxy.url)))
    assert asked == ["127.0.0.1"]


# The environment


@pytest.fixture
def named(monkeypatch):
    """A proxy that the environment's variables name."""
    with StandIn() as proxy:
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", proxy.url.removeprefix("http://"))
        yield proxy


def test_what_the_environment_names_is_not_used(named, bpjs):
    server, ca_bundle = bpjs
    assert client(server.url, DIRECT, ca_bundle=ca_bundle).send(GET).code == 200
    assert named.asked == []


def test_what_the_environment_names_is_used_where_it_is_trusted(named, bpjs):
    server, ca_bundle = bpjs
    way = Direct(trust_env=True)
    assert client(server.url, way, ca_bundle=ca_bundle).send(GET).code == 200
    assert len(named.asked) == 1


def test_the_environment_may_exclude_a_host(named, server, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert client(server.url, Direct(trust_env=True)).send(GET).code == 200
    assert named.asked == []


def test_no_password_comes_from_a_file_of_the_environment_s(server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login orang password lain\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for way in (DIRECT, Direct(trust_env=True)):
        client(server.url, way).send(GET)
    assert ["Authorization" in headers for _, _, headers, _ in server.requests] == [False, False]
