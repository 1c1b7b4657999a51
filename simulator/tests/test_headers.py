"""Who may speak to which service, and how the others are sent away."""

import base64
import time
from email.utils import parsedate_to_datetime

import pytest

from bpjs.envelope import sign
from simulator.tests.caller import BASES, CONS_ID, METADATA, USER_KEYS, registration

CALLS = {"pcare": "/kesadaran", "antrean_fktp": "/ref/poli/tanggal/2026-11-23"}
NOT_REGISTERED = "Unauthorized! You are not registered for this service!"
both = pytest.mark.parametrize("service", BASES)


def refusal(bpjs, service, **changes):
    """(HTTP status, code, text) of a call with these headers changed."""
    headers = bpjs.headers(service, **changes)
    answer = bpjs.call(service, "GET", CALLS[service], headers=headers)
    assert answer.response is None
    return answer[:3]


@both
@pytest.mark.parametrize("user_key", [None, "salah", "the other service's"])
def test_a_wrong_user_key_is_stopped_at_the_gateway(bpjs, service, user_key):
    if user_key == "the other service's":
        user_key = next(key for name, key in USER_KEYS.items() if name != service)
    headers = bpjs.headers(service, user_key=user_key)
    reply = bpjs.send(service, "GET", CALLS[service], headers=headers)
    assert reply.status_code == 403
    assert reply.json() == {"message": "Authentication failed"}


@both
@pytest.mark.parametrize("cons_id", [None, "10002"])
def test_an_unknown_consumer_is_not_registered(bpjs, service, cons_id):
    code = {"pcare": (404, 404), "antrean_fktp": (200, 201)}[service]
    assert refusal(bpjs, service, X_cons_id=cons_id) == (*code, NOT_REGISTERED)


@both
def test_an_unknown_consumer_may_pass_for_a_wrong_signature(bpjs, service):
    bpjs.control("POST", "settings", {"wrong_cons_id": "wrong_signature"})
    assert refusal(bpjs, service, X_cons_id="10002") == SIGNATURE[service]


@both
def test_an_unknown_consumer_may_be_stopped_at_the_gateway(bpjs, service):
    bpjs.control("POST", "settings", {"wrong_cons_id": "authentication_failed"})
    headers = bpjs.headers(service, X_cons_id="10002")
    reply = bpjs.send(service, "GET", CALLS[service], headers=headers)
    assert (reply.status_code, reply.json()) == (403, {"message": "Authentication failed"})
    assert bpjs.send(service, "GET", CALLS[service]).status_code == 200


SIGNATURE = {
    "pcare": (401, 401, "Signature tidak sesuai"),
    "antrean_fktp": (200, 201, "Signature tidak sesuai"),
}


@both
@pytest.mark.parametrize("signature", [None, "", "salah", "ñ"])
def test_a_wrong_signature_is_refused(bpjs, service, signature):
    if signature == "ñ":
        signature = signature.encode()
    assert refusal(bpjs, service, X_signature=signature) == SIGNATURE[service]


@both
def test_a_signature_holds_for_its_own_timestamp_only(bpjs, service):
    before = sign(CONS_ID, "rahasia-simulator", str(int(time.time()) - 1))
    assert refusal(bpjs, service, X_signature=before) == SIGNATURE[service]


@both
@pytest.mark.parametrize("skew", [-310, 310])
def test_a_clock_more_than_five_minutes_off_is_refused(bpjs, service, skew):
    timestamp = str(int(time.time()) + skew)
    assert refusal(bpjs, service, timestamp=timestamp) == SIGNATURE[service]


@both
@pytest.mark.parametrize("skew", [-290, 290])
def test_a_clock_a_little_off_is_taken(bpjs, service, skew):
    headers = bpjs.headers(service, timestamp=str(int(time.time()) + skew))
    assert bpjs.call(service, "GET", CALLS[service], headers=headers).status == 200


@both
@pytest.mark.parametrize("timestamp", [None, "2026-11-23 08:00:00", "-1"])
def test_a_timestamp_is_unix_seconds(bpjs, service, timestamp):
    signature = sign(CONS_ID, "rahasia-simulator", timestamp or "")
    changes = {"X_timestamp": timestamp, "X_signature": signature}
    assert refusal(bpjs, service, **changes) == SIGNATURE[service]


@pytest.mark.parametrize("authorization", [None, base64.b64encode(b"klinik-contoh:x:095").decode()])
def test_pcare_needs_the_word_basic(bpjs, authorization):
    expected = (500, 500, "StartIndex cannot be less than zero")
    assert refusal(bpjs, "pcare", X_authorization=authorization) == expected


@pytest.mark.parametrize(
    "account",
    [
        "klinik-lain:sandi-contoh:095",
        "klinik-contoh:sandi-lain:095",
        "klinik-contoh:sandi-contoh:096",
        "klinik-contoh:sandi-contoh",
        "",
    ],
)
def test_pcare_needs_the_clinics_account(bpjs, account):
    authorization = "Basic " + base64.b64encode(account.encode()).decode()
    expected = (401, 401, "UNAUTHORIZED, because username/password PCare")
    assert refusal(bpjs, "pcare", X_authorization=authorization) == expected


def test_an_account_that_is_not_base64_is_a_wrong_account(bpjs):
    assert refusal(bpjs, "pcare", X_authorization="Basic klinik:sandi:095")[0] == 401


def test_antrean_needs_no_account(bpjs):
    assert "X-authorization" not in bpjs.headers("antrean_fktp")
    assert bpjs.call("antrean_fktp", "GET", CALLS["antrean_fktp"]).code == 1


@both
@pytest.mark.parametrize("path", ["/tidak/ada", "/"])
def test_a_wrong_path_is_not_registered(bpjs, service, path):
    answer = bpjs.call(service, "GET", path)
    assert (answer.code, answer.message) == (
        {"pcare": 404, "antrean_fktp": 201}[service],
        NOT_REGISTERED,
    )


def test_a_wrong_method_is_not_registered(bpjs):
    assert bpjs.call("pcare", "PUT", "/pendaftaran", registration()).code == 404


@both
def test_the_envelope_is_the_services_own(bpjs, service):
    reply = bpjs.send(service, "GET", CALLS[service])
    assert set(reply.json()) == {"response", METADATA[service]}
    assert reply.headers["Content-Type"].startswith("application/json")


def test_a_refused_call_has_no_effect(bpjs):
    headers = bpjs.headers("pcare", X_signature="salah")
    bpjs.send("pcare", "POST", "/pendaftaran", registration(), headers=headers)
    assert bpjs.book()["pendaftaran"] == []


@both
def test_the_stand_in_may_have_a_clock_of_its_own(bpjs, service):
    bpjs.control("POST", "settings", {"clock_ahead": -420})
    assert refusal(bpjs, service) == SIGNATURE[service]
    reply = bpjs.send(service, "GET", CALLS[service])
    ahead = parsedate_to_datetime(reply.headers["Date"]).timestamp() - time.time()
    assert -423 < ahead < -417
    timestamp = str(int(time.time()) - 420)
    headers = bpjs.headers(service, timestamp)
    assert bpjs.call(service, "GET", CALLS[service], headers=headers).status == 200
