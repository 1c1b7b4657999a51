"""Which step fails, and why: against the simulator as a process, and what else may answer."""

import json
import re
import socket
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpjs.antrean_fktp import ANTREAN
from bpjs.client import Client, Credentials
from bpjs.diagnosis import AT_BPJS, FAILED, OK, SKIPPED, STEPS, diagnose
from bpjs.pcare import PCARE
from bpjs.services import SERVICES
from bpjs.tests import stand_in_engine, stand_in_proxy
from bpjs.tests.encrypted import CONS_ID, encrypt
from bpjs.tests.stand_in import Handler, certificate, running
from bpjs.ways.http import DIRECT, Direct, Proxy
from bpjs.ways.soap import Engine

CHECKOUT = Path(__file__).parents[2]
BASES = {PCARE: "/pcare-rest", ANTREAN: "/antreanfktp"}
RIGHT = {
    "cons_id": "10001",
    "secret": "rahasia-simulator",
    "username": "klinik-contoh",
    "password": "sandi-contoh",
}
SECRET_ON_THE_WAY = "sandi-di-jalan"
USER_KEYS = {PCARE: "kunci-pcare-simulator", ANTREAN: "kunci-antrean-simulator"}
both = pytest.mark.parametrize("service", BASES)


@pytest.fixture(scope="module")
def simulator_url():
    command = [sys.executable, "-m", "simulator", "--port", "0"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+", process.stdout.readline()).group()
        process.terminate()


@pytest.fixture
def simulator(simulator_url):
    control(simulator_url, "reset")
    return simulator_url


def control(url, name, **body):
    requests.post(f"{url}/_control/{name}", json=body, timeout=10).raise_for_status()


def steps(url, service=PCARE, base=None, ca_bundle=None, way=DIRECT, **changes):
    """What the diagnosis finds with the right credentials, but for these changes."""
    credentials = Credentials(**{"user_key": USER_KEYS[service], **RIGHT, **changes})
    base_url = url + (BASES[service] if base is None else base)
    client = Client(
        service,
        base_url,
        credentials,
        connect_timeout=0.5,
        read_timeout=0.5,
        ca_bundle=ca_bundle,
        way=way,
    )
    found = diagnose(client, SERVICES[service].probe(date(2026, 3, 7)))
    assert [step.name for step in found] == [name for name in STEPS if name in names(found)]
    shown = repr(found)
    secrets = (credentials.secret, credentials.user_key, credentials.password, SECRET_ON_THE_WAY)
    for secret in secrets:
        assert not secret or secret not in shown
    return found


def names(found, state=None):
    return [step.name for step in found if state in (None, step.state)]


def failure(found):
    """The step that failed and why; all before it worked, none after it was tested."""
    [number] = [number for number, step in enumerate(found) if step.state == FAILED]
    assert {step.state for step in found[:number]} <= {OK}
    assert {step.state for step in found[number + 1 :]} <= {SKIPPED}
    return found[number].name, found[number].reason


# Against the simulator


def test_all_is_well_with_pcare(simulator):
    found = steps(simulator)
    assert names(found, OK) == ["address", "connection", *AT_BPJS] == names(found)


def test_all_is_well_with_antrean(simulator):
    found = steps(simulator, ANTREAN)
    without_account = [name for name in AT_BPJS if name != "account"]
    assert names(found, OK) == ["address", "connection", *without_account] == names(found)


@both
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "salah"}, ("signature", "signature")),
        ({"cons_id": "10002"}, ("service", "service")),
        ({"user_key": "salah"}, ("user_key", "user_key")),
        ({"user_key": ""}, ("user_key", "user_key_blank")),
        (
            {"user_key": "rahasia-simulator", "secret": "kunci-pcare-simulator"},
            ("user_key", "user_key"),
        ),
        ({"base": "/salah"}, ("answer", "not_found")),
    ],
)
def test_wrong_settings(simulator, service, changes, expected):
    assert failure(steps(simulator, service, **changes)) == expected


@pytest.mark.parametrize("blank", [" ", "\n", "\t ", "\u00a0"])
@both
def test_blanks_pasted_along_do_no_harm(simulator, service, blank):
    pasted = {name: blank + text + blank for name, text in RIGHT.items()}
    found = steps(simulator, service, user_key=f"{USER_KEYS[service]}{blank}", **pasted)
    assert names(found, OK) == names(found)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"user_key": "kunci pcare"}, "user_key"),
        ({"user_key": "kunci\nx"}, "user_key"),
        ({"user_key": "kunci–pcare"}, "user_key"),
        ({"cons_id": "1 0001"}, "service"),
    ],
)
def test_a_character_that_no_header_takes(simulator, changes, step):
    found = steps(simulator, **changes)
    assert names(found, FAILED) == [step]
    assert found[names(found).index(step)].reason == "characters"
    assert names(found, OK) == [], "nothing was sent"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"password": "salah"}, "account"),
        ({"username": "orang-lain"}, "account"),
        ({"password": ""}, "account_blank"),
        ({"username": "", "password": ""}, "account_blank"),
    ],
)
def test_wrong_account(simulator, changes, reason):
    assert failure(steps(simulator, **changes)) == ("account", reason)


@both
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"fault": "html_404"}, ("answer", "not_found")),
        ({"fault": "html_502"}, ("answer", "down")),
        ({"fault": "empty"}, ("answer", "not_bpjs")),
        ({"fault": "limits_exceeded"}, ("answer", "busy")),
        ({"fault": "drop_before"}, ("answer", "no_answer")),
        ({"fault": "delay", "seconds": 2}, ("answer", "no_answer")),
        ({"fault": "wrong_signature"}, ("signature", "signature")),
        ({"fault": "not_registered"}, ("service", "service")),
        ({"fault": "wrong_encryption"}, ("decryption", "decryption")),
        ({"fault": "say", "code": 408, "message": "REQUEST_TIMEOUT"}, ("answer", "down")),
        ({"fault": "say", "code": 415, "message": "Unsupported"}, ("answer", "content_type")),
    ],
)
def test_faults(simulator, service, fault, expected):
    control(simulator, "faults", service=service, **fault)
    assert failure(steps(simulator, service)) == expected
    found = steps(simulator, service)
    assert names(found, OK) == names(found), "the fault is over, and nothing else was wrong"


def test_the_account_was_lost_on_the_way(simulator):
    message = "StartIndex cannot be less than zero"
    control(simulator, "faults", service=PCARE, fault="say", code=500, message=message)
    found = steps(simulator)
    assert failure(found) == ("account", "account_lost")
    assert found[names(found).index("account")].seen.message == message


@both
def test_a_refusal_for_a_reason_of_its_own_is_an_answer(simulator, service):
    control(simulator, "faults", service=service, fault="say", code=201, message="No Content")
    found = steps(simulator, service)
    assert names(found, FAILED) == []
    assert names(found, SKIPPED) == ["decryption"]


@both
@pytest.mark.parametrize("ahead", [420, -420])
def test_the_clock_is_to_blame(simulator, service, ahead):
    control(simulator, "settings", clock_ahead=-ahead)
    found = steps(simulator, service)
    assert failure(found) == ("clock", "clock")
    clock = found[names(found).index("clock")]
    assert abs(clock.ahead - ahead) <= 3
    assert "Signature tidak sesuai" in clock.seen.message


@both
def test_a_clock_that_bpjs_puts_up_with(simulator, service):
    control(simulator, "settings", clock_ahead=200)
    found = steps(simulator, service)
    assert names(found, OK) == names(found)
    assert abs(found[names(found).index("clock")].ahead + 200) <= 3


# Before BPJS answers


@pytest.mark.parametrize("url", ["apijkn.example", "htps://127.0.0.1", "http://[", "http://a:x"])
def test_an_address_that_is_none(url):
    assert failure(steps(url, base="")) == ("address", "address_invalid")


def test_a_host_that_nobody_knows(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure(steps("https://bpjs.invalid")) == ("address", "address_unknown")


def test_a_name_server_that_does_not_answer(monkeypatch, server):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: server.ended.wait())
    assert failure(steps("https://bpjs.invalid")) == ("address", "address_unknown")
    server.ended.set()


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert failure(steps(url)) == ("connection", "connection")


def test_an_untrusted_certificate(trusted):
    server, ca_bundle = trusted
    assert failure(steps(server.url)) == ("tls", "certificate")
    found = steps(server.url, ca_bundle=ca_bundle)
    assert "tls" in names(found, OK)


def test_a_certificate_for_another_address(tmp_path):
    tls, ca_bundle = certificate(tmp_path, "127.0.0.2")
    with running(tls=tls) as server:
        assert failure(steps(server.url, ca_bundle=ca_bundle)) == ("tls", "certificate")


def test_a_ca_bundle_that_is_not_there(trusted):
    server, _ = trusted
    found = steps(server.url, ca_bundle="/nowhere/ca.pem")
    assert failure(found) == ("tls", "certificate")


def test_a_port_without_tls(server):
    assert failure(steps(server.url.replace("http:", "https:"))) == ("tls", "tls")


# Through a proxy


@pytest.fixture
def proxy():
    with stand_in_proxy.Proxy(f"klinik:{SECRET_ON_THE_WAY}") as proxy:
        yield proxy


def through(proxy, password=SECRET_ON_THE_WAY):
    return Proxy(proxy.url, "klinik", password)


@both
def test_all_is_well_through_a_proxy(simulator, proxy, service):
    found = steps(simulator, service, way=through(proxy))
    assert names(found, OK) == names(found)
    assert names(found)[:4] == ["address", "proxy", "proxy_account", "connection"]


def test_all_is_well_with_tls_through_a_proxy(trusted, proxy):
    server, ca_bundle = trusted
    found = steps(server.url, ca_bundle=ca_bundle, way=through(proxy))
    assert names(found)[:5] == ["address", "proxy", "proxy_account", "connection", "tls"]
    assert names(found, FAILED) == []


def test_no_proxy(simulator):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        way = Proxy(f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert failure(steps(simulator, way=way)) == ("proxy", "proxy")


def test_a_proxy_that_wants_another_password(simulator, proxy):
    found = steps(simulator, way=through(proxy, "salah"))
    assert failure(found) == ("proxy_account", "proxy_account")


def test_a_proxy_that_does_not_reach_bpjs(proxy):
    found = steps("https://127.0.0.1:9", way=through(proxy))
    assert failure(found) == ("connection", "proxy_refusal")


def test_a_proxy_that_the_environment_names(simulator, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    found = steps(simulator, way=Direct(trust_env=True))
    assert failure(found) == ("proxy", "proxy")


def test_an_address_that_is_none_through_a_proxy(proxy):
    assert failure(steps("apijkn.example", way=through(proxy))) == ("address", "address_invalid")
    assert proxy.asked == []


# Through an engine


@pytest.fixture
def engine(simulator):
    """An engine that knows PCare."""
    account = f"klinik:{SECRET_ON_THE_WAY}"
    with stand_in_engine.Engine(simulator + BASES[PCARE], account) as engine:
        yield engine


def by(engine, password=SECRET_ON_THE_WAY):
    return Engine(engine.url, "klinik", password)


def test_all_is_well_through_an_engine(engine):
    found = steps("no address is needed", way=by(engine))
    steps_there = ["engine", "engine_account", "engine_wsdl", "engine_answer"]
    assert names(found, OK) == [*steps_there, *AT_BPJS] == names(found)


def test_no_engine(engine):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        engine.url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert failure(steps("", way=by(engine))) == ("engine", "engine")


def test_the_certificate_of_an_engine(tmp_path):
    tls, ca_bundle = certificate(tmp_path, "127.0.0.1")
    with stand_in_engine.Engine(tls=tls) as engine:
        assert failure(steps("", way=Engine(engine.url))) == ("engine", "engine_certificate")


def test_an_engine_that_wants_another_password(engine):
    found = steps("", way=by(engine, "salah"))
    assert failure(found) == ("engine_account", "engine_account")


def test_an_engine_without_a_wsdl(engine):
    steps("", way=by(engine))
    engine.wsdl = b"<html>Mirth</html>"  # it is fetched anew, to be tested
    assert failure(steps("", way=by(engine))) == ("engine_wsdl", "engine_wsdl")


@pytest.mark.parametrize(
    "reply",
    [
        lambda handler, message: handler.send(500, stand_in_engine.FAULT),
        lambda handler, message: handler.send(200, stand_in_engine.returned("sudah diterima")),
        lambda handler, message: handler.drop(),
    ],
    ids=["fault", "not agreed", "silence"],
)
def test_an_engine_that_answers_otherwise(engine, reply):
    engine.reply = reply
    assert failure(steps("", way=by(engine))) == ("engine_answer", "engine_answer")


# BPJS behind them


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "salah"}, ("signature", "signature")),
        ({"cons_id": "10002"}, ("service", "service")),
        ({"user_key": "salah"}, ("user_key", "user_key")),
        ({"password": "salah"}, ("account", "account")),
    ],
)
def test_wrong_settings_on_the_other_ways(simulator, proxy, engine, changes, expected):
    for way in (through(proxy), by(engine)):
        assert failure(steps(simulator, way=way, **changes)) == expected


# What else may answer


def test_the_page_of_somebody_else(server):
    server.reply = lambda handler: handler.send(
        200, b"<html><title>Please log in to the wifi</title>Nothing of this"
    )
    found = steps(server.url)
    assert failure(found) == ("answer", "not_bpjs")
    assert found[names(found).index("answer")].seen.message == "Please log in to the wifi"


def test_a_redirect_is_not_followed(server):
    server.reply = lambda handler: handler.send(302, b"", Location="http://127.0.0.1:9/")
    assert failure(steps(server.url)) == ("answer", "not_bpjs")
    assert len(server.requests) == 1


def test_credentials_that_an_answer_repeats_are_not_shown(server):
    echo = " ".join(RIGHT.values()) + " " + USER_KEYS[PCARE]
    body = json.dumps({"metaData": {"code": 401, "message": f"UNAUTHORIZED for {echo}"}})
    server.reply = lambda handler: handler.send(401, body.encode())
    found = steps(server.url)  # looks for them itself
    assert "UNAUTHORIZED for 10001 •••• •••• ••••" in repr(found)


def test_the_account_as_it_is_sent_is_not_shown_either(server):
    def reply(handler):
        sent = handler.headers["X-authorization"]
        handler.send(401, f"Who is {sent}? And {USER_KEYS[PCARE].upper()}?".encode())

    server.reply = reply
    assert "Who is Basic ••••? And ••••?" in repr(steps(server.url))


@pytest.mark.parametrize("date", ["tomorrow", "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"])
def test_the_time_of_an_answer_without_a_date(server, date):
    def reply(handler):
        handler.send_response_only(200)
        handler.send_header("Date", date)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.reply = reply
    assert failure(steps(server.url)) == ("answer", "not_bpjs")


def test_an_error_page_says_nothing_about_the_clock(server):
    yesterday = format_datetime(datetime.now(timezone.utc) - timedelta(days=1), usegmt=True)

    def reply(handler):
        handler.send_response_only(502)
        handler.send_header("Date", yesterday)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.reply = reply
    assert failure(steps(server.url)) == ("answer", "down")


def test_what_antrean_has_against_an_account_it_does_not_know(server):
    body = (
        b'{"metadata": {"code": 401, "message": "UNAUTHORIZED, because username/password PCare"}}'
    )
    server.reply = lambda handler: handler.send(401, body)
    assert failure(steps(server.url, ANTREAN)) == ("account", "account")


def test_an_answer_encrypted_for_somebody_else(server):
    body = {"response": encrypt([{"kdSadar": "01"}]), "metaData": {"code": 200, "message": "OK"}}
    server.reply = lambda handler: handler.send(200, json.dumps(body).encode())
    assert failure(steps(server.url, cons_id=CONS_ID)) == ("decryption", "decryption")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=60)
    | st.builds(
        lambda code, message: json.dumps({"metaData": {"code": code, "message": message}}).encode(),
        st.integers(0, 10**9) | st.text(max_size=5),
        st.text(max_size=40),
    ),
)
def test_any_answer_gives_a_diagnosis(server, status, body):
    server.reply = lambda handler: answer(handler, status, body)
    found = steps(server.url)
    if FAILED in {step.state for step in found}:
        assert all(failure(found))


def answer(handler: Handler, status, body):
    if status in (204, 304):
        body = b""
    handler.send(status, body)
