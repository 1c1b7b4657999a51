"""Every fault, as the bytes (or their absence) that a client meets."""

import gzip
import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import urlsplit

import pytest
import requests

from bpjs.envelope import decrypt
from bpjs.errors import DecryptionError
from simulator import people
from simulator.tests.caller import CONS_ID, SECRET, card, eventually, registration

GONE = "Remote end closed connection without response"


def post(bpjs, number=1, **options):
    return bpjs.send("pcare", "POST", "/pendaftaran", registration(number), **options)


def held(bpjs):
    """The cards registered at PCare."""
    return [item["noKartu"] for item in bpjs.book()["pendaftaran"]]


def listens(bpjs):
    try:
        return requests.get(bpjs.url, timeout=5).ok
    except requests.ConnectionError:
        return False


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
    assert eventually(lambda: listens(bpjs))
    assert time.monotonic() - began >= 0.4
    assert held(bpjs) == [card(1)]


def test_refuse_lets_the_call_under_way_end(bpjs):
    bpjs.fault("pcare", "delay", seconds=0.4)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(post, bpjs)
        assert eventually(lambda: bpjs.book()["calls"])
        bpjs.control("POST", "faults", {"fault": "refuse", "seconds": 0.1})
        assert slow.result().status_code == 201
    assert eventually(lambda: listens(bpjs))


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
        {"service": "pcare", "fault": "slow_body"},
        {"service": "pcare", "fault": "slow_body", "seconds": -1},
        {"service": "pcare", "fault": "delay", "seconds": "lama"},
        {"service": "pcare", "fault": "interim", "count": 0},
        {"service": "pcare", "fault": "redirect", "megabytes": 0},
        {"service": "pcare", "fault": "say", "code": -1},
        {"service": "pcare", "fault": "say_after", "effect": False, "code": 200},
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


# Which calls


def test_a_fault_may_be_for_one_path(bpjs):
    bpjs.fault("pcare", "html_500", times=None, path=f"/peserta/*{card(3)}")
    for path, status in ((card(3), 500), (f"noka/{card(3)}", 500), (card(4), 200)):
        assert bpjs.send("pcare", "GET", f"/peserta/{path}").status_code == status
    assert post(bpjs, 3).status_code == 201


def test_a_fault_may_be_for_all_that_is_about_a_card(bpjs):
    bpjs.fault("pcare", "firewall_403", times=None, about=card(3))
    assert [post(bpjs, n).status_code for n in (2, 3, 3, 4)] == [201, 403, 403, 201]
    where = "tglDaftar/23-11-2026/noUrut/A1/kdPoli/001"
    deletes = [
        bpjs.send("pcare", "DELETE", f"/pendaftaran/peserta/{card(n)}/{where}") for n in (3, 2)
    ]
    assert [reply.status_code for reply in deletes] == [403, 200]


def test_what_lasts_for_ever_ends_with_a_reset(bpjs):
    bpjs.fault("pcare", "html_502", times=None)
    assert [post(bpjs).status_code for _ in range(5)] == [502] * 5
    assert [fault["times"] for fault in bpjs.control("GET", "faults")["faults"]] == [None]
    bpjs.control("POST", "reset")
    assert post(bpjs).status_code == 201


def test_what_is_counted_comes_before_what_lasts(bpjs):
    bpjs.fault("pcare", "html_502", times=None)
    bpjs.fault("pcare", "html_503")
    assert [post(bpjs).status_code for _ in range(3)] == [503, 502, 502]


# What is answered

HTML = {
    "html_404": 404,
    "html_500": 500,
    "html_502": 502,
    "html_503": 503,
    "html_504": 504,
    "firewall_403": 403,
    "firewall_200": 200,
}


@pytest.mark.parametrize("service", ["pcare", "antrean_fktp"])
@pytest.mark.parametrize(("fault", "status"), HTML.items())
def test_pages_for_people(bpjs, service, fault, status):
    for name in (fault, f"{fault}_after"):
        bpjs.fault(service, name)
        reply = bpjs.send(service, "POST", "/antrean/add", {})
        assert (reply.status_code, reply.headers["Content-Type"]) == (status, "text/html")
        assert reply.text.startswith("<html>")
        assert ("support ID" in reply.text) == fault.startswith("firewall")


@pytest.mark.parametrize("service", ["pcare", "antrean_fktp"])
def test_the_gateways_refusal_on_demand(bpjs, service):
    bpjs.fault(service, "authentication_failed")
    reply = bpjs.send(service, "GET", "/kesadaran")
    assert (reply.status_code, reply.json()) == (403, {"message": "Authentication failed"})


START_INDEX = "StartIndex cannot be less than zero"
CARD = {"field": "noKartu", "message": "Nomor kartu tidak valid"}
SAID = {  # fault of PCare: HTTP status, code, message, response
    "unknown_user": (401, 401, "Username PCare tidak terdaftar", None),
    "expired_account": (401, 401, "Masa berlaku password PCare telah habis", None),
    "start_index_400": (400, 400, START_INDEX, None),
    "start_index_500": (500, 500, START_INDEX, None),
    "start_index_50000": (500, 50000, START_INDEX, None),
    "reference_500": (500, 500, "kdPoli Tidak sesuai dengan referensi sistem.", None),
    "newtonsoft": (500, 500, "Cannot access child value on Newtonsoft.Json.Linq.JValue.", None),
    "failed_dependency": (424, 424, "FAILED_DEPENDENCY", None),
    "request_timeout": (408, 408, "REQUEST_TIMEOUT", None),
    "duplicate": (401, 401, "Peserta sudah di-entri di poli yang sama pada hari yang sama.", None),
    "object_412": (412, 412, "PRECONDITION_FAILED", CARD),
}


@pytest.mark.parametrize(("fault", "expected"), SAID.items())
def test_what_pcare_says_besides(bpjs, fault, expected):
    bpjs.fault("pcare", fault)
    assert bpjs.register() == expected
    assert held(bpjs) == []
    bpjs.fault("pcare", f"{fault}_after")
    assert bpjs.register() == expected
    assert held(bpjs) == [card(1)]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("no_content", "No Content"),
        ("not_found", "Data tidak ditemukan"),
        ("no_schedule", "Jadwal Dokter tidak ditemukan"),
        ("duplicate", "Peserta sudah terdaftar di poli tersebut pada hari ini"),
    ],
)
def test_what_antrean_says_besides(bpjs, fault, message):
    bpjs.fault("antrean_fktp", fault)
    assert bpjs.add() == (200, 201, message, None)
    assert bpjs.book()["antrean"] == []


@pytest.mark.parametrize(
    ("fault", "response"),
    [
        ("text_412", "Nomor kartu tidak valid"),
        ("texts_412", ["Nomor kartu tidak valid", "Poli tidak ditemukan"]),
    ],
)
def test_a_412_in_words(bpjs, fault, response):
    bpjs.fault("pcare", fault)
    reply = post(bpjs)
    assert (reply.status_code, reply.json()["response"]) == (412, response)


def test_an_encrypted_412(bpjs):
    bpjs.fault("pcare", "encrypted_412")
    assert isinstance(post(bpjs).json()["response"], str)
    bpjs.fault("pcare", "encrypted_412")
    assert bpjs.register() == (412, 412, "PRECONDITION_FAILED", [CARD])


def test_no_content_has_no_body(bpjs):
    bpjs.fault("pcare", "no_content")
    reply = post(bpjs)
    assert (reply.status_code, reply.content) == (204, b"")


def test_any_answer_can_be_played(bpjs):
    rows = [{"nmpoli": "Poli Umum", "kdpoli": "001"}]
    said = {"code": 1, "message": "OK", "response": rows, "encrypted": True, "status": 203}
    bpjs.fault("antrean_fktp", "say", **said)
    assert bpjs.call("antrean_fktp", "GET", "/ref/poli/tanggal/besok") == (203, 1, "OK", rows)
    bpjs.fault("antrean_fktp", "say", **said | {"encrypted": False})
    plain = bpjs.send("antrean_fktp", "GET", "/ref/poli/tanggal/besok").json()
    assert plain["response"] == rows


def test_say_after_has_its_effect(bpjs):
    bpjs.fault("pcare", "say_after", code=408, message="REQUEST_TIMEOUT")
    assert bpjs.register()[:2] == (408, 408)
    assert held(bpjs) == [card(1)]


def test_nulls_in_place_of_objects(bpjs):
    bpjs.register(1)
    bpjs.fault("pcare", "nulls", times=2)
    found = bpjs.call("pcare", "GET", f"/peserta/{card(1)}").response
    assert (found["noKartu"], found["kdProviderPst"], found["asuransi"]) == (card(1), None, None)
    listed = bpjs.call("pcare", "GET", "/pendaftaran/tglDaftar/23-11-2026/0/100").response
    assert listed["count"] == 1
    assert [(row["noUrut"], row["peserta"]) for row in listed["list"]] == [("A1", None)]


# How it travels


def raw(bpjs, path="/kesadaran", seconds=20.0):
    """All bytes of an answer, after which the connection ends, or of `seconds`."""
    lines = [f"GET /pcare-rest{path} HTTP/1.1", "Host: simulator"]
    lines += [f"{name}: {value}" for name, value in bpjs.headers("pcare").items()]
    received = b""
    deadline = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", urlsplit(bpjs.url).port)) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(left)
            try:
                part = connection.recv(65536)
            except TimeoutError:
                break
            if not part:
                break
            received += part
    return received


def test_gzip_though_nobody_asked_for_it(bpjs):
    bpjs.fault("pcare", "gzip")
    head, body = raw(bpjs).split(b"\r\n\r\n", 1)
    assert b"Content-Encoding: gzip" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(gzip.decompress(body))["metaData"]["code"] == 200


def test_interim_answers_come_before_the_answer(bpjs):
    bpjs.fault("pcare", "interim")
    first, second, last, _body = raw(bpjs).split(b"\r\n\r\n")
    assert (first, second) == (b"HTTP/1.1 102 Processing", b"HTTP/1.1 103 Early Hints")
    assert last.startswith(b"HTTP/1.1 200 OK\r\n")


def test_interim_answers_may_never_end(bpjs):
    bpjs.fault("pcare", "interim", count=10**9, seconds=0.05)
    heads = raw(bpjs, seconds=0.5).split(b"\r\n\r\n")
    assert 2 <= len(heads) <= 11
    assert not any(head.startswith(b"HTTP/1.1 200") for head in heads)


@pytest.mark.parametrize(("fault", "begins"), [("slow_headers", b"HTTP"), ("slow_body", b"{")])
def test_slow_bytes(bpjs, fault, begins):
    bpjs.fault("pcare", fault, seconds=0.05)
    received = raw(bpjs, seconds=0.5)
    if fault == "slow_body":
        head, received = received.split(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
    assert received.startswith(begins[:2])
    assert 2 <= len(received) <= 10


def test_slow_bytes_are_all_there_in_the_end(bpjs):
    whole = len(raw(bpjs))
    bpjs.fault("pcare", "slow_headers", seconds=0.0001)
    assert len(raw(bpjs)) == whole
    bpjs.fault("pcare", "slow_body", seconds=0.0001)
    assert len(raw(bpjs)) == whole


def test_cut_ends_in_the_midst_of_the_body_with_its_effect(bpjs):
    bpjs.fault("pcare", "cut")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        post(bpjs)
    assert held(bpjs) == [card(1)]


def test_a_redirect_has_a_body_as_big_as_asked(bpjs):
    bpjs.fault("pcare", "redirect", megabytes=2)
    reply = bpjs.session.get(f"{bpjs.url}/pcare-rest/kesadaran", allow_redirects=False, timeout=9)
    assert (reply.status_code, reply.headers["Location"]) == (302, "/masuk")
    assert len(reply.content) == int(reply.headers["Content-Length"]) > 2**21


@pytest.mark.parametrize("gzipped", [False, True])
def test_a_huge_answer(bpjs, gzipped):
    bpjs.fault("pcare", "huge", megabytes=3, gzipped=gzipped)
    with bpjs.session.get(f"{bpjs.url}/pcare-rest/", stream=True, timeout=9) as reply:
        length = int(reply.headers["Content-Length"])
        assert sum(map(len, reply.iter_content(65536))) == 3 * 2**20
    assert (length < 2**14) == gzipped


def test_a_client_that_has_enough_of_a_huge_answer_harms_nobody(bpjs, capfd):
    bpjs.fault("pcare", "huge")
    with requests.get(f"{bpjs.url}/pcare-rest/", stream=True, timeout=9) as reply:
        reply.raw.read(10)
    assert post(bpjs).status_code == 201
    assert capfd.readouterr().err == ""


def test_delay_after_has_its_effect_at_once(bpjs):
    bpjs.fault("pcare", "delay_after", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        post(bpjs, timeout=0.2)
    assert held(bpjs) == [card(1)]
