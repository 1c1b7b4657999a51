"""Look-ups that hang, and those beside them."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bpjs import hostnames
from bpjs.tests.stand_in import FOR_EVER

ADDRESS = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]


@pytest.fixture
def name_server(monkeypatch):
    """A name server that knows one host, and says nothing of another until it is let go."""

    class NameServer:
        asked, let_go = [], threading.Event()

    def ask(host, port, **options):
        NameServer.asked.append(host)
        if host == "hangs.invalid":
            NameServer.let_go.wait(FOR_EVER)
        if host == "unknown.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ADDRESS

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    yield NameServer
    NameServer.let_go.set()


def hangs(seconds=0.2):
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        hostnames.addresses("hangs.invalid", 80, seconds)
    return time.monotonic() - started


def test_a_host_that_is_known(name_server):
    assert hostnames.addresses("known.invalid", 80, 5) == ADDRESS
    assert hostnames.addresses("known.invalid", 80, 5) == ADDRESS
    assert name_server.asked == 2 * ["known.invalid"]  # what was true once may have changed


def test_a_host_that_nobody_knows(name_server):
    for _ in range(2):
        with pytest.raises(socket.gaierror):
            hostnames.addresses("unknown.invalid", 80, 5)


def test_a_look_up_that_hangs_is_left(name_server):
    assert 0.2 <= hangs() < 1
    name_server.let_go.set()
    assert hostnames.addresses("hangs.invalid", 80, 5) == ADDRESS


def test_look_ups_that_hang_hold_one_thread_and_no_other_host(name_server):
    before = threading.active_count()
    with ThreadPoolExecutor(30) as pool:
        hanging = [pool.submit(hangs, 1) for _ in range(30)]
        started = time.monotonic()
        assert hostnames.addresses("known.invalid", 80, 5) == ADDRESS
        assert time.monotonic() - started < 0.5
        assert all(1 <= each.result() < 2 for each in hanging)
    assert name_server.asked.count("hangs.invalid") == 1
    assert threading.active_count() <= before + 1
