import pytest
from zeep.cache import InMemoryCache

from bpjs.tests.stand_in import certificate, running


@pytest.fixture(autouse=True)
def no_wsdl_is_kept(monkeypatch):
    """Ports come again."""
    monkeypatch.setattr(InMemoryCache, "_cache", {})


@pytest.fixture
def server():
    with running() as server:
        yield server


@pytest.fixture
def trusted(tmp_path):
    """A server with TLS and the CA bundle that trusts it."""
    tls, ca_bundle = certificate(tmp_path, "127.0.0.1")
    with running(tls=tls) as server:
        yield server, ca_bundle
