"""Every fault, as the bytes (or their absence) that a client meets."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlsplit

import pytest
import requests

from bpjs.envelope import decrypt
from bpjs.errors import DecryptionError
from simulator import people
from simulator.tests.caller import CONS_ID, SECRET, card, registration

GONE = "Remote end closed connection without response"


def post(bpjs, number=1, **options):
    return bpjs.send("pcare", "POST", "/pendaftaran", registration(number), **options)


def held(bpjs):
    """The cards registered at PCare."""
    return [item["noKartu"] for item in bpjs.book()["pendaftaran"]]


def eventually(condition, seconds=5.0):
    """Wait until the condition holds; False when it does not in time."""
    deadline = time.monotonic() + seconds
    while not (done := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return done


def test_drop_before_closes_without_an_answer_and_without_effect(bpjs):
    bpjs.fault("pcare", "drop_before")
    with pytest.raises(requests.ConnectionError, match=GONE):
        post(bpjs)
    assert held(bpjs) == []
    assert post(bpjs).status_code == 201


def test_drop_after_closes_without_an_answer_but_with_its_effect(bpjs):
    bpjs.fault("pcare", "drop_after")
    with pytest.raises(requests.ConnectionError, match=GONE):
        post(bpjs)
    assert held(bpjs) == [card(1)]
    assert post(bpjs).status_code == 401


@pytest.mark.parametrize(("fault", "cards"), [("html_502", []), ("html_502_after", [card(1)])])
def test_html_502(bpjs, fault, cards):
    bpjs.fault("pcare", fault)
    reply = post(bpjs)
    assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")
    assert reply.text.startswith("<html>")
    assert held(bpjs) == cards


def test_a_wrong_address_and_too_many_calls_are_answered_without_an_envelope(bpjs):
    bpjs.fault("pcare", "html_404")
    bpjs.fault("pcare", "limits_exceeded")
    assert post(bpjs).status_code == 404
    reply = post(bpjs)
    assert (reply.status_code, reply.json()) == (429, {"message": "Limits exceeded"})
    assert held(bpjs) == []


@pytest.mark.parametrize(("fault", "cards"), [("empty", []), ("empty_after", [card(1)])])
def test_empty(bpjs, fault, cards):
    bpjs.fault("pcare", fault)
    reply = post(bpjs)
    assert (reply.status_code, reply.content) == (200, b"")
    assert held(bpjs) == cards


def test_wrong_encryption_has_its_effect(bpjs):
    bpjs.fault("pcare", "wrong_encryption")
    reply = post(bpjs)
    assert reply.status_code == 201
    timestamp = reply.request.headers["X-timestamp"]
    with pytest.raises(DecryptionError):
        decrypt(reply.json()["response"], CONS_ID, SECRET, timestamp)
    assert held(bpjs) == [card(1)]


@pytest.mark.parametrize(
    ("service", "fault", "code", "message"),
    [
        ("pcare", "wrong_password", 401, "UNAUTHORIZED, because username/password PCare"),
        ("pcare", "wrong_signature", 401, "Signature tidak sesuai"),
        ("pcare", "screening", 401, "Anda belum melakukan skrining kesehatan."),
        ("pcare", "fields_412", 412, "PRECONDITION_FAILED"),
        ("antrean_fktp", "wrong_signature", 201, "Signature tidak sesuai"),
        ("antrean_fktp", "screening", 201, "Anda belum melakukan skrining kesehatan."),
    ],
)
def test_refusals_on_demand_have_no_effect(bpjs, service, fault, code, message):
    call = {"pcare": bpjs.register, "antrean_fktp": bpjs.add}[service]
    bpjs.fault(service, fault)
    answer = call()
    assert answer.code == code
    assert answer.message.startswith(message)
    assert bpjs.book()["pendaftaran"] == bpjs.book()["antrean"] == []
    assert call().message in ("CREATED", "Ok")


@pytest.mark.parametrize(("service", "status"), [("pcare", 424), ("antrean_fktp", 200)])
def test_it_says_what_it_is_told_to(bpjs, service, status):
    call = {"pcare": bpjs.register, "antrean_fktp": bpjs.add}[service]
    bpjs.fault(service, "say", code=424, message="Failed Dependency")
    assert call() == (status, 424, "Failed Dependency", None)
    assert bpjs.book()["pendaftaran"] == bpjs.book()["antrean"] == []


def test_the_412_on_demand_names_two_fields(bpjs):
    bpjs.fault("pcare", "fields_412")
    assert bpjs.register().response == [
        {"field": "noKartu", "message": "Nomor kartu tidak valid"},
        {"field": "kdPoli", "message": "Poli tidak ditemukan"},
    ]


def test_delay_answers_late(bpjs):
    bpjs.fault("pcare", "delay", seconds=0.3)
    began = time.monotonic()
    assert post(bpjs).status_code == 201
    assert 0.3 <= time.monotonic() - began < 3


def test_delay_has_its_effect_when_the_client_is_gone(bpjs):
    bpjs.fault("pcare", "delay", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        post(bpjs, timeout=0.1)
    assert held(bpjs) == []
    assert eventually(lambda: held(bpjs) == [card(1)])


def test_a_delayed_call_does_not_hold_up_others(bpjs):
    bpjs.fault("pcare", "delay", seconds=1)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(post, bpjs, 1)
        assert eventually(lambda: bpjs.book()["calls"])
        assert post(bpjs, 2).status_code == 201
        assert not slow.done()
        assert slow.result().status_code == 201


def test_refuse_refuses_every_connection_and_then_listens_again(bpjs):
    post(bpjs)
    with requests.Session() as idle:
        idle.get(bpjs.url, timeout=5)
        bpjs.control("POST", "faults", {"fault": "refuse", "seconds": 0.5})
        began = time.monotonic()
        for session in (idle, bpjs.session, requests):  # an open connection is no way around it
            with pytest.raises(requests.ConnectionError, match="refused"):
                session.get(bpjs.url, timeout=1)

    def listens():
        try:
            return held(bpjs) == [card(1)]
        except requests.ConnectionError:
            return False

    assert eventually(listens)
    assert time.monotonic() - began >= 0.4


def test_refuse_lets_the_call_under_way_end(bpjs):
    bpjs.fault("pcare", "delay", seconds=0.4)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(post, bpjs)
        assert eventually(lambda: bpjs.book()["calls"])
        bpjs.control("POST", "faults", {"fault": "refuse", "seconds": 0.1})
        assert slow.result().status_code == 201
    assert eventually(lambda: requests.get(bpjs.url, timeout=5).ok)


def test_a_fault_is_for_the_next_calls_of_its_service(bpjs):
    bpjs.fault("pcare", "html_502", times=2)
    assert bpjs.add().code == 200
    assert [post(bpjs).status_code for _ in range(3)] == [502, 502, 201]


def test_a_fault_may_be_for_some_methods_only(bpjs):
    bpjs.fault("pcare", "html_502", methods=["POST"])
    assert bpjs.send("pcare", "GET", "/kesadaran").status_code == 200
    assert post(bpjs).status_code == 502


def test_faults_come_in_the_order_they_were_asked_for(bpjs):
    bpjs.fault("pcare", "html_502")
    bpjs.fault("pcare", "fields_412")
    assert [post(bpjs).status_code for _ in range(3)] == [502, 412, 201]


@pytest.mark.parametrize(("method", "path"), [("DELETE", "faults"), ("POST", "reset")])
def test_faults_are_cleared(bpjs, method, path):
    bpjs.fault("pcare", "html_502", times=9)
    bpjs.control(method, path)
    assert post(bpjs).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"service": "pcare", "fault": "gempa"},
        {"service": "vclaim", "fault": "empty"},
        {"service": "antrean_fktp", "fault": "wrong_password"},
        {"service": "pcare", "fault": "delay"},
        {"service": "pcare", "fault": "empty", "seconds": 3},
        {"service": "pcare", "fault": "empty", "times": 0},
        {"service": "pcare", "fault": "say", "message": "Poli tidak ditemukan"},
        {"service": "pcare", "fault": "empty", "code": 424},
        {"service": "pcare", "fault": "empty", "unknown": 1},
        {"fault": "refuse"},
        {},
        [],
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(bpjs, body):
    assert bpjs.control("POST", "faults", body, status=400)["error"]
    assert post(bpjs).status_code == 201


def test_the_slow_patient_takes_six_seconds():
    for text in (f"/peserta/{card(95)}", registration(95)["noKartu"]):
        assert people.patience(text) == 6
    assert people.patience(card(94)) == 0


def test_the_slow_patient_is_slow_at_both_services(bpjs, monkeypatch):
    monkeypatch.setattr(people, "SLOW_SECONDS", 0.3)
    calls = [
        lambda: bpjs.register(95),
        lambda: bpjs.add(95),
        lambda: bpjs.call("pcare", "GET", f"/peserta/{card(95)}"),
    ]
    for call in calls:
        began = time.monotonic()
        assert call().code in (200, 201)
        assert time.monotonic() - began >= 0.3


def test_an_answer_leaves_at_once_on_a_connection_that_stays_open(bpjs):
    connection = http.client.HTTPConnection(urlsplit(bpjs.url).netloc, timeout=10)
    ports, times = set(), []
    for _ in range(50):
        began = time.monotonic()
        connection.request("GET", "/pcare-rest/kesadaran", headers=bpjs.headers("pcare"))
        ports.add(connection.sock.getsockname())
        assert connection.getresponse().read()
        times.append(time.monotonic() - began)
    connection.close()
    assert len(ports) == 1
    assert median(times) < 0.03  # Nagle's algorithm and a delayed ACK would make it 40 ms


def test_odd_shape(bpjs):
    bpjs.fault("pcare", "odd_shape", times=2)
    reply = post(bpjs)
    assert reply.status_code == 201
    assert reply.json()["Metadata"] == {"Message": "CREATED", "Code": "201"}
    timestamp = reply.request.headers["X-timestamp"]
    [number] = decrypt(reply.json()["response"], CONS_ID, SECRET, timestamp)
    assert number == {"field": "noUrut", "message": "A1"}
    refused = post(bpjs, people.FIELDS).json()
    assert refused["Metadata"]["Code"] == "412"
    assert refused["response"]["field"] == "noKartu"
