import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpjs.address import host_and_port, is_bpjs, is_forbidden, is_this_machine
from bpjs.client import Client, Credentials
from bpjs.errors import TransportError
from bpjs.pcare import PCARE
from bpjs.request import Request
from bpjs.services import SERVICES


def test_where_an_address_leads():
    assert host_and_port("https://apijkn.bpjs-kesehatan.go.id/pcare-rest") == (
        "apijkn.bpjs-kesehatan.go.id",
        443,
    )
    assert host_and_port("http://[::1]:8899/x") == ("::1", 8899)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "apijkn.example/pcare",
        "ftp://apijkn.example",
        "https://",
        "https://a b.example",
        "https://a.example/?x=1",
        "https://a.example/#x",
        "https://user@a.example",
        "https://user:sandi@a.example",
        "https://@a.example",
        "https://a.example\\.bpjs-kesehatan.go.id",
        "https://a.example%2f.bpjs-kesehatan.go.id",
        "https://\uff22pjs.example",
        "http://[",
        "http://a:port",
        "http://a:99999",
    ],
)
def test_what_is_no_address(url):
    with pytest.raises(ValueError):
        host_and_port(url)


@given(st.text() | st.from_regex(r"https?://.*bpjs-kesehatan\.go\.id.*"))
def test_any_text_leads_somewhere_or_is_refused(url):
    try:
        host, port = host_and_port(url)
    except ValueError:
        return
    assert host and 0 < port < 65536
    assert is_bpjs(url) <= host.endswith("bpjs-kesehatan.go.id")


def test_the_addresses_of_the_services_are_those_of_bpjs_or_of_this_machine():
    for service in SERVICES.values():
        for environment, url in service.addresses.items():
            assert is_this_machine(url) == (environment == "simulator")
            assert is_bpjs(url) == (environment != "simulator")


@pytest.mark.parametrize(
    "url",
    [
        "http://apijkn.bpjs-kesehatan.go.id",
        "https://apijkn.bpjs-kesehatan.go.id.example",
        "https://palsubpjs-kesehatan.go.id",
        "https://10.0.0.1",
    ],
)
def test_what_only_looks_like_bpjs(url):
    assert not is_bpjs(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "localhost"]
)
def test_this_machine(host):
    assert is_this_machine(f"http://{host}:8899/pcare-rest")


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "127.0.0.1.example", "localhost.example"])
def test_another_machine(host):
    assert not is_this_machine(f"http://{host}:8899/pcare-rest")


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
    ],
)
def test_where_a_cloud_tells_secrets(host):
    assert is_forbidden(host)


def test_all_else_may_be_called():
    for host in ("127.0.0.1", "10.0.0.1", "apijkn.bpjs-kesehatan.go.id", "::1", "8.8.8.8"):
        assert not is_forbidden(host)


def test_a_name_that_leads_to_a_clouds_secrets(monkeypatch):
    """Whoever owns a name can have it lead anywhere."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("was called"))
    client = Client(PCARE, "http://metadata.example", Credentials("1", "x", "y"))
    with pytest.raises(TransportError) as caught:
        client.send(Request(PCARE, "GET", "/x"))
    assert not caught.value.sent
