import pytest

from simulator.server import Server
from simulator.tests.caller import Caller


@pytest.fixture(scope="session")
def server():
    server = Server("127.0.0.1", 0)
    server.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def bpjs(server):
    """A caller of a simulator that holds nothing yet."""
    caller = Caller(server.url)
    caller.control("POST", "reset")
    with caller.session:
        yield caller
