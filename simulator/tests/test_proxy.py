"""The HTTP proxy: plain calls and tunnels."""

import http.client
import json
import time
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
import requests

from simulator.tests.caller import card, eventually, registration

ACCOUNT = "proxy-contoh:sandi-proxy"


class Proxy:
    """What a clinic's system sends through the proxy."""

    def __init__(self, url, bpjs):
        self.url, self.bpjs = url, bpjs
        self.netloc = urlsplit(url).netloc

    def listens(self):
        try:
            return self.send(target=self.bpjs.url).ok
        except requests.exceptions.ProxyError:
            return False

    def send(self, account=ACCOUNT, target=None, timeout=10):
        """A registration at PCare, or a GET of another target."""
        proxy = f"http://{account}@{self.netloc}" if account else self.url
        options = {"headers": self.bpjs.headers("pcare"), "timeout": timeout}
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"http": proxy}
            if target:
                return session.get(target, **options)
            url = f"{self.bpjs.url}/pcare-rest/pendaftaran"
            return session.post(url, json=registration(), **options)

    def send_by_tunnel(self, account=ACCOUNT, target=None):
        """The status of a registration at PCare."""
        connection = http.client.HTTPConnection(self.netloc, timeout=10)
        headers = {"Proxy-Authorization": f"Basic {b64encode(account.encode()).decode()}"}
        connection.set_tunnel(target or urlsplit(self.bpjs.url).netloc, headers=headers)
        try:
            headers, body = self.bpjs.headers("pcare"), json.dumps(registration())
            connection.request("POST", "/pcare-rest/pendaftaran", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()


@pytest.fixture
def proxy(proxy_server, bpjs):
    return Proxy(proxy_server.url, bpjs)


def held(proxy):
    return [item["noKartu"] for item in proxy.bpjs.book()["pendaftaran"]]


def calls(proxy):
    return proxy.bpjs.book()["calls"]


def test_a_plain_call_goes_through_it(proxy):
    reply = proxy.send()
    assert (reply.status_code, reply.json()["metaData"]["code"]) == (201, 201)
    assert held(proxy) == [card(1)]
    assert calls(proxy) == {"proxy POST": 1, "pcare POST /pendaftaran": 1}


def test_a_tunnel_goes_through_it(proxy):
    assert proxy.send_by_tunnel() == 201
    assert held(proxy) == [card(1)]
    assert calls(proxy) == {"proxy CONNECT": 1, "pcare POST /pendaftaran": 1}


def test_the_server_does_not_learn_the_password(proxy, monkeypatch):
    seen = []
    monkeypatch.setattr("simulator.app.headers.gateway", lambda _, sent, __: seen.append(sent))
    proxy.send()
    assert "Proxy-Authorization" not in seen[0]
    assert seen[0]["user_key"] == "kunci-pcare-simulator"


def test_a_query_and_quotes_are_sent_on_as_they_are(proxy):
    proxy.bpjs.fault("pcare", "html_404", path="/a b")
    assert proxy.send(target=f"{proxy.bpjs.url}/pcare-rest/a%20b?c=%20").status_code == 404


@pytest.mark.parametrize("account", ["", "proxy-contoh:salah", "lain:sandi-proxy"])
def test_it_wants_a_password(proxy, account):
    reply = proxy.send(account)
    assert reply.status_code == 407
    assert reply.headers["Proxy-Authenticate"] == 'Basic realm="proxy"'
    with pytest.raises(OSError, match="407"):
        proxy.send_by_tunnel(account)
    assert held(proxy) == []


def test_it_may_want_none(proxy):
    proxy.bpjs.control("POST", "settings", {"proxy_user": ""})
    assert proxy.send("").status_code == 201


def test_it_leads_nowhere_but_here(proxy):
    assert proxy.send(target="http://bpjs.example/").status_code == 403
    with pytest.raises(OSError, match="403"):
        proxy.send_by_tunnel(target="bpjs.example:443")


def test_a_server_that_is_not_there_is_502(proxy):
    reply = proxy.send(target="http://127.0.0.1:9/")
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    with pytest.raises(OSError, match="502"):
        proxy.send_by_tunnel(target="127.0.0.1:9")


def test_what_is_no_absolute_address_is_400(proxy):
    auth = {"Proxy-Authorization": f"Basic {b64encode(ACCOUNT.encode()).decode()}"}
    assert requests.get(f"{proxy.url}/pcare-rest/", headers=auth, timeout=10).status_code == 400


def test_bytes_pass_as_they_come(proxy):
    """No byte takes longer than the client waits for one, but all together do."""
    proxy.bpjs.fault("pcare", "slow_headers", seconds=0.01)
    began = time.monotonic()
    assert proxy.send(timeout=0.5).status_code == 201
    assert time.monotonic() - began > 0.6


# Its own faults


@pytest.mark.parametrize(("name", "cards"), [("drop_before", []), ("drop_after", [card(1)])])
def test_it_may_say_nothing(proxy, name, cards):
    proxy.bpjs.fault("proxy", name)
    with pytest.raises(requests.ConnectionError):
        proxy.send()
    assert held(proxy) == cards


def test_a_tunnel_may_end_before_or_after_the_effect(proxy):
    proxy.bpjs.fault("proxy", "drop_before")
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.send_by_tunnel()
    assert held(proxy) == []
    proxy.bpjs.fault("proxy", "drop_after")
    with pytest.raises(http.client.RemoteDisconnected):
        proxy.send_by_tunnel()
    assert held(proxy) == [card(1)]


@pytest.mark.parametrize("status", [403, 502, 503, 504])
def test_a_page_of_its_own(proxy, status):
    proxy.bpjs.fault("proxy", f"html_{status}")
    reply = proxy.send()
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "text/html")
    assert held(proxy) == []
    proxy.bpjs.fault("proxy", f"html_{status}", methods=["CONNECT"])
    with pytest.raises(OSError, match=str(status)):
        proxy.send_by_tunnel()
    assert held(proxy) == []
    proxy.bpjs.fault("proxy", f"html_{status}_after")
    assert proxy.send().status_code == status
    assert held(proxy) == [card(1)]


def test_it_may_want_another_password(proxy):
    proxy.bpjs.fault("proxy", "wrong_password")
    assert proxy.send().status_code == 407
    assert held(proxy) == []


def test_it_may_be_slow(proxy):
    proxy.bpjs.fault("proxy", "delay", seconds=0.3)
    began = time.monotonic()
    assert proxy.send().status_code == 201
    assert time.monotonic() - began >= 0.3


def test_a_fault_of_it_may_be_for_one_card(proxy):
    proxy.bpjs.fault("proxy", "html_502", times=None, about=card(1))
    assert proxy.send().status_code == 502
    member = f"{proxy.bpjs.url}/pcare-rest/peserta/{card(2)}"
    assert proxy.send(target=member).status_code == 200


def test_it_may_refuse_connections_while_bpjs_takes_them(proxy):
    proxy.bpjs.control("POST", "faults", {"fault": "refuse", "service": "proxy", "seconds": 0.3})
    with pytest.raises(requests.exceptions.ProxyError, match="refused"):
        proxy.send()
    assert proxy.bpjs.register(2).code == 201
    assert eventually(proxy.listens)
    assert proxy.send().status_code == 201
    assert held(proxy) == [card(2), card(1)]


@pytest.mark.parametrize("fault", ["slow_body", "screening", "soap_fault", "delay_after"])
def test_what_is_no_proxys_fault_is_refused(proxy, fault):
    asked = {"service": "proxy", "fault": fault, "seconds": 1}
    assert proxy.bpjs.control("POST", "faults", asked, status=400)["error"]


def test_an_answer_says_that_the_connection_ends(proxy):
    """A client that kept it would lose its next call."""
    assert proxy.send().headers["Connection"] == "close"
