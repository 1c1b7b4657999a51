import threading
from contextlib import contextmanager

import pytest

from simulator.server import EngineServer, ProxyServer, Server
from simulator.tests.caller import Caller


@contextmanager
def serve(server):
    """A server that serves while the block lasts."""
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def serving():
    return serve


@pytest.fixture(scope="session")
def server():
    with serve(Server("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture(scope="session")
def engine_server(server):
    with serve(EngineServer("127.0.0.1", 0, server)) as engine:
        yield engine


@pytest.fixture(scope="session")
def proxy_server(server):
    with serve(ProxyServer("127.0.0.1", 0, server)) as proxy:
        yield proxy


@pytest.fixture
def bpjs(server):
    """A caller of a simulator that holds nothing yet."""
    caller = Caller(server.url)
    caller.control("POST", "reset")
    with caller.session:
        yield caller
