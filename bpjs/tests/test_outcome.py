import json
import re
from datetime import date, datetime, timezone
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs import antrean_fktp, pcare, reason
from bpjs.answer import LONGEST_EXCERPT, LONGEST_TEXT, Answer, read
from bpjs.envelope import decrypt
from bpjs.errors import TransportError
from bpjs.outcome import (
    DUPLICATE,
    MISCONFIGURED,
    PATIENT,
    REJECTED,
    SUCCESS,
    UNKNOWN,
    UNSENT,
    classify,
)
from bpjs.tests.encrypted import CONS_ID, SECRET, TIMESTAMP, encrypt

DAY = date(2026, 3, 7)
NOW = datetime(2026, 3, 7, 1, tzinfo=timezone.utc)
VISIT = {"no_kartu": "0001000000001", "tanggal": DAY, "kd_poli": "001"}

P_ADD = pcare.pendaftaran_add(kd_provider_peserta="0001R001", **VISIT)
P_LIST = pcare.pendaftaran_list(DAY, 0, 100)
P_DELETE = pcare.pendaftaran_delete(no_urut="A1", **VISIT)
A_ADD = antrean_fktp.add(
    nik="3200000000000001",
    no_hp="",
    nm_poli="Poli Umum",
    no_rm="",
    kd_dokter=11101,
    nm_dokter="dr. Contoh Satu",
    jam_praktek="07:00-14:00",
    nomor_antrean="A-1",
    angka_antrean=1,
    keterangan="",
    **VISIT,
)
A_CALL = antrean_fktp.panggil(hadir=True, waktu=NOW, **VISIT)
A_REF = antrean_fktp.ref_dokter("001", DAY)
REQUESTS = [P_ADD, P_LIST, P_DELETE, A_ADD, A_CALL, A_REF]

DI_ENTRI = "Peserta sudah di-entri di poli yang sama pada hari yang sama."
TERDAFTAR = "Peserta sudah terdaftar di poli tersebut pada hari ini"
SKRINING = (
    "Anda belum melakukan skrining kesehatan. Mohon untuk melakukan skrining kesehatan terlebih "
    "dahulu pada https://webskrining.bpjs-kesehatan.go.id/skrining"
)
ACCOUNT = "UNAUTHORIZED, because username/password PCare"
NOT_REGISTERED = "Unauthorized! You are not registered for this service!"
NEWTONSOFT = "Cannot access child value on Newtonsoft.Json.Linq.JValue."
REFERENCE = "kdPoli Tidak sesuai dengan referensi sistem."
START_INDEX = "StartIndex cannot be less than zero"
HTML_404 = "<html><title>404 Not Found</title><body>Halaman tidak ditemukan</body></html>"
FIREWALL = "<html><title>Request Rejected</title><body>123</body></html>"
HTML_502 = "<html><body><h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>"

read_answer = partial(
    read, decrypt=partial(decrypt, cons_id=CONS_ID, secret=SECRET, timestamp=TIMESTAMP)
)


def said(code, message, response=None, *, response_key="response", key="metaData", code_key="code"):
    """The body of an answer in BPJS's envelope."""
    metadata = {"message": message, code_key: code}
    return json.dumps({response_key: response, key: metadata}, ensure_ascii=False)


def outcome(request, http_status, body):
    return classify(request, read_answer(http_status, body.encode()))


def errors(*pairs):
    return [{"field": field, "message": message} for field, message in pairs]


def ours(code, message=""):
    """What an outcome says in our words: a reason, and BPJS's text as far as there is one."""
    return code, message


def told(found):
    return ours(found.reason, found.message) if found.reason else found.message


KARTU_ERROR = ("noKartu", "Nomor kartu tidak valid")
POLI_ERROR = ("kdPoli", "Poli tidak ditemukan")
NUMBER = encrypt({"field": "noUrut", "message": "A1"})
ROWS = encrypt({"count": 1, "list": [{"noUrut": "A1"}]})

# request, HTTP status, body, (kind,) BPJS's message or `ours`
SUCCESSES = [
    (P_ADD, 201, said(201, "CREATED", NUMBER), "CREATED"),
    (P_ADD, 201, said("201", "CREATED", NUMBER), "CREATED"),
    (P_ADD, 200, said(" 201 ", "CREATED", NUMBER), "CREATED"),
    (P_ADD, 200, said(200, "OK", NUMBER), "OK"),
    (P_LIST, 200, said(200, "OK", ROWS), "OK"),
    (P_LIST, 204, "", ours(reason.NO_MESSAGE)),
    (P_LIST, 200, said(204, "NO_CONTENT"), "NO_CONTENT"),
    (P_LIST, 200, said("204", ""), ours(reason.NO_MESSAGE)),
    (P_DELETE, 200, said(200, "OK"), "OK"),
    (P_DELETE, 200, said(200, "OK", ""), "OK"),
    (A_ADD, 200, said(200, "Ok", key="metadata"), "Ok"),
    (A_ADD, 200, said("200", "Ok", key="Metadata", code_key="Code"), "Ok"),
    (A_ADD, 201, said(200, "Ok", key="metadata"), "Ok"),
    (A_ADD, 200, said(1, "Ok", key="metadata"), "Ok"),
    (A_CALL, 200, said(200, "Ok", key="metadata"), "Ok"),
    (A_REF, 200, said(1, "Ok", encrypt([]), key="metadata"), "Ok"),
    (A_REF, 200, said(200, "Ok", encrypt([]), key="metadata"), "Ok"),
    (A_REF, 200, "\ufeff" + said("1", "Ok", encrypt([]), key="metadata"), "Ok"),
    (A_REF, 204, "", ours(reason.NO_MESSAGE)),
]
REFUSALS = [
    # PCare: the data
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", errors(KARTU_ERROR, POLI_ERROR)), REJECTED,
     "noKartu: Nomor kartu tidak valid; kdPoli: Poli tidak ditemukan"),
    (P_ADD, 412, said("412", "PRECONDITION_FAILED", errors(KARTU_ERROR)[0]), REJECTED,
     "noKartu: Nomor kartu tidak valid"),
    (P_ADD, 200, said(412, "PRECONDITION_FAILED", errors(KARTU_ERROR)), REJECTED,
     "noKartu: Nomor kartu tidak valid"),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", encrypt(errors(KARTU_ERROR))), REJECTED,
     "noKartu: Nomor kartu tidak valid"),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", errors((None, "Tidak valid"), ("kdTkp", ""))),
     REJECTED, "Tidak valid; kdTkp"),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", "Pasien tidak aktif"), REJECTED,
     "Pasien tidak aktif"),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", ["Pasien tidak aktif", "Poli tutup"]), REJECTED,
     "Pasien tidak aktif; Poli tutup"),
    (P_ADD, 412, said(412, "Tidak valid", encrypt("A1", secret="another")), REJECTED,
     "Tidak valid"),
    (P_ADD, 412, said(412, "Pasien tidak aktif", ["", {}, 7]), REJECTED, "Pasien tidak aktif"),
    (P_ADD, 412, said(412, None), REJECTED, ours(reason.NO_MESSAGE)),
    (P_ADD, 424, said(424, "FAILED_DEPENDENCY"), REJECTED, "FAILED_DEPENDENCY"),
    (P_ADD, 401, said(401, "Peserta tidak aktif"), REJECTED, "Peserta tidak aktif"),
    (P_LIST, 404, said(404, "Data tidak ditemukan"), REJECTED, "Data tidak ditemukan"),
    (P_LIST, 412, said(412, "Tanggal tidak valid"), REJECTED, "Tanggal tidak valid"),
    (P_DELETE, 412, said(412, "Sudah dilayani"), REJECTED, "Sudah dilayani"),
    (P_ADD, 500, said(500, NEWTONSOFT), REJECTED, NEWTONSOFT),
    (P_ADD, 500, said(50000, NEWTONSOFT), REJECTED, NEWTONSOFT),
    (P_ADD, 500, said(500, REFERENCE), REJECTED, REFERENCE),
    (P_ADD, 500, said(500, "kunjSakit harus diisi"), REJECTED, "kunjSakit harus diisi"),
    (P_ADD, 503, said(500, "Kode provider peserta salah"), REJECTED, "Kode provider peserta salah"),
    (P_ADD, 500, said(500, "", errors(("noKartu", "salah"))), REJECTED, "noKartu: salah"),
    (A_ADD, 500, said(500, "Nomor Kartu tidak valid"), REJECTED, "Nomor Kartu tidak valid"),
    (A_ADD, 500, said(500, "NIK harus 16 digit"), REJECTED, "NIK harus 16 digit"),
    (A_CALL, 500, said(500, "Waktu tunggu habis"), UNKNOWN, "Waktu tunggu habis"),
    (P_ADD, 500, said(500, "Sistem tidak normal"), UNKNOWN, "Sistem tidak normal"),
    (P_LIST, 500, said(500, REFERENCE), UNSENT, REFERENCE),
    (P_ADD, 500, f"<title>{REFERENCE}</title>", UNKNOWN, ours(reason.NOT_JSON, REFERENCE)),
    (P_ADD, 200, said("500", NEWTONSOFT), REJECTED, NEWTONSOFT),
    (P_LIST, 500, said(500, NEWTONSOFT), REJECTED, NEWTONSOFT),
    (P_ADD, 500, f"<title>{NEWTONSOFT}</title>", REJECTED,
     ours(reason.NOT_JSON, NEWTONSOFT)),
    # PCare: there already
    (P_ADD, 412, said(412, DI_ENTRI), DUPLICATE, DI_ENTRI),
    (P_ADD, 401, said(401, DI_ENTRI), DUPLICATE, DI_ENTRI),
    (P_ADD, 428, said(428, DI_ENTRI), DUPLICATE, DI_ENTRI),
    (P_ADD, 412, said(412, "Peserta sudah dientri di poli yang sama"), DUPLICATE,
     "Peserta sudah dientri di poli yang sama"),
    (P_ADD, 401, said(401, "PESERTA SUDAH DI - ENTRI DI POLI YANG SAMA"), DUPLICATE,
     "PESERTA SUDAH DI - ENTRI DI POLI YANG SAMA"),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", errors(("noKartu", DI_ENTRI))), DUPLICATE,
     f"noKartu: {DI_ENTRI}"),
    (P_LIST, 401, said(401, DI_ENTRI), REJECTED, DI_ENTRI),
    (P_ADD, 500, said(500, DI_ENTRI), UNKNOWN, DI_ENTRI),
    (P_ADD, 412, DI_ENTRI, UNKNOWN, ours(reason.NOT_JSON, DI_ENTRI)),
    # PCare: the patient
    (P_ADD, 401, said(401, SKRINING), PATIENT, SKRINING),
    (P_ADD, 412, said(412, "PRECONDITION_FAILED", errors(("", SKRINING))), PATIENT, SKRINING),
    # PCare: the settings
    (P_ADD, 401, said(401, ACCOUNT), MISCONFIGURED, ACCOUNT),
    (P_LIST, 401, said("401", ACCOUNT), MISCONFIGURED, ACCOUNT),
    (P_ADD, 401, "", MISCONFIGURED, ours(reason.EMPTY)),
    (P_ADD, 401, said(401, "Signature tidak sesuai"), MISCONFIGURED, "Signature tidak sesuai"),
    (P_ADD, 404, said(404, NOT_REGISTERED), MISCONFIGURED, NOT_REGISTERED),
    (P_LIST, 404, HTML_404, MISCONFIGURED,
     ours(reason.NOT_JSON, "404 Not Found")),
    (P_ADD, 403, '{"message": "Authentication failed"}', MISCONFIGURED,
     ours(reason.NO_CODE, "Authentication failed")),
    (P_ADD, 415, "", MISCONFIGURED, ours(reason.EMPTY)),
    (P_ADD, 500, said(500, START_INDEX), MISCONFIGURED, START_INDEX),
    (P_ADD, 400, said(400, START_INDEX), MISCONFIGURED, START_INDEX),
    (P_ADD, 200, said(50000, START_INDEX), MISCONFIGURED, START_INDEX),
    (P_LIST, 500, said("50000", START_INDEX), MISCONFIGURED, START_INDEX),
    (P_ADD, 401, said(401, "Username PCare tidak ditemukan"), MISCONFIGURED,
     "Username PCare tidak ditemukan"),
    (P_ADD, 412, said(412, "Masa berlaku password PCare telah habis"), MISCONFIGURED,
     "Masa berlaku password PCare telah habis"),
    (P_ADD, 404, said(404, "User tidak ditemukan"), MISCONFIGURED, "User tidak ditemukan"),
    (P_ADD, 404, HTML_404, UNKNOWN,
     ours(reason.NOT_JSON, "404 Not Found")),
    (P_ADD, 403, FIREWALL, UNKNOWN, ours(reason.NOT_JSON, "Request Rejected")),
    (P_ADD, 200, FIREWALL, UNKNOWN, ours(reason.NOT_JSON, "Request Rejected")),
    (P_LIST, 403, FIREWALL, MISCONFIGURED, ours(reason.NOT_JSON, "Request Rejected")),
    # PCare: busy, down
    (P_ADD, 403, "Limits exceeded", UNSENT,
     ours(reason.NOT_JSON, "Limits exceeded")),
    (P_ADD, 429, '{"message": "Limits exceeded"}', UNSENT,
     ours(reason.NO_CODE, "Limits exceeded")),
    (P_ADD, 429, said(429, "Terlalu banyak"), UNSENT, "Terlalu banyak"),
    (P_ADD, 408, said(408, "REQUEST_TIMEOUT"), UNKNOWN, "REQUEST_TIMEOUT"),
    (P_LIST, 408, said(408, "REQUEST_TIMEOUT"), UNSENT, "REQUEST_TIMEOUT"),
    (P_ADD, 502, HTML_502, UNKNOWN,
     ours(reason.NOT_JSON, "502 Bad Gateway")),
    (P_DELETE, 502, "", UNKNOWN, ours(reason.EMPTY)),
    (P_LIST, 502, HTML_502, UNSENT,
     ours(reason.NOT_JSON, "502 Bad Gateway")),
    (P_ADD, 500, said(500, "Internal Server Error"), UNKNOWN, "Internal Server Error"),
    (P_ADD, 200, said(500, "Internal Server Error"), UNKNOWN, "Internal Server Error"),
    (P_ADD, 400, said(500, "Internal Server Error"), UNKNOWN, "Internal Server Error"),
    (P_ADD, 400, HTML_502, UNKNOWN,
     ours(reason.NOT_JSON, "502 Bad Gateway")),
    # PCare: a success that is none
    (P_ADD, 204, "", UNKNOWN, ours(reason.NO_MESSAGE)),
    (P_ADD, 200, "", UNKNOWN, ours(reason.EMPTY)),
    (P_LIST, 200, "", UNSENT, ours(reason.EMPTY)),
    (P_ADD, 200, said(204, "NO_CONTENT"), UNKNOWN, "NO_CONTENT"),
    (P_ADD, 500, said(201, "CREATED"), UNKNOWN, "CREATED"),
    (P_LIST, 404, said(204, "NO_CONTENT"), MISCONFIGURED, "NO_CONTENT"),
    (P_ADD, 302, "", UNKNOWN, ours(reason.EMPTY)),
    (P_ADD, 201, said(True, "CREATED", NUMBER), UNKNOWN, None),
    (P_ADD, 201, said(201.0, "CREATED", NUMBER), UNKNOWN, None),
    (P_ADD, 412, said(10**9, "Terlalu besar"), UNKNOWN, None),
    (P_ADD, 201, json.dumps({"response": NUMBER, "code": 201}), UNKNOWN, None),
    (P_ADD, 201, said(201, "CREATED", encrypt("A1", secret="another")), UNKNOWN,
     ours(reason.UNDECRYPTABLE, "CREATED")),
    (P_LIST, 200, said(200, "OK", "not encrypted"), UNSENT,
     ours(reason.UNDECRYPTABLE, "OK")),
    # Antrean: 201 is a refusal
    (A_ADD, 200, said(201, TERDAFTAR, key="metadata"), DUPLICATE, TERDAFTAR),
    (A_ADD, 201, said("201", TERDAFTAR, key="Metadata"), DUPLICATE, TERDAFTAR),
    (A_CALL, 200, said(201, TERDAFTAR, key="metadata"), REJECTED, TERDAFTAR),
    (A_ADD, 200, said(201, "NIK sudah terdaftar", key="metadata"), REJECTED, "NIK sudah terdaftar"),
    (A_ADD, 200, said(201, SKRINING, key="metadata"), PATIENT, SKRINING),
    (A_CALL, 200, said(201, "Signature tidak sesuai", key="metadata"), MISCONFIGURED,
     "Signature tidak sesuai"),
    (A_ADD, 200, said(201, NOT_REGISTERED, key="metadata"), MISCONFIGURED, NOT_REGISTERED),
    (A_ADD, 200, said(201, "Consumer ID tidak ditemukan", key="metadata"), MISCONFIGURED,
     "Consumer ID tidak ditemukan"),
    (A_ADD, 200, said(201, "X-timestamp tidak sesuai", key="metadata"), MISCONFIGURED,
     "X-timestamp tidak sesuai"),
    (A_ADD, 200, said(201, "user_key salah", key="metadata"), MISCONFIGURED, "user_key salah"),
    (P_ADD, 412, said(412, "The date is considered invalid"), REJECTED,
     "The date is considered invalid"),
    (A_REF, 200, said(201, "No Content", key="metadata"), REJECTED, "No Content"),
    (A_REF, 201, said(201, "Jadwal Dokter tidak ditemukan", key="metadata"), REJECTED,
     "Jadwal Dokter tidak ditemukan"),
    (A_REF, 200, said(201, "Data tidak ditemukan", key="metadata"), REJECTED,
     "Data tidak ditemukan"),
    (A_ADD, 200, said(201, "Pasien tidak aktif", key="metadata"), REJECTED, "Pasien tidak aktif"),
    (A_CALL, 201, said(201, "Antrean Tidak Ditemukan", key="metadata"), REJECTED,
     "Antrean Tidak Ditemukan"),
    (A_ADD, 403, '{"message": "Authentication failed"}', MISCONFIGURED,
     ours(reason.NO_CODE, "Authentication failed")),
    (A_ADD, 503, HTML_502, UNKNOWN,
     ours(reason.NOT_JSON, "502 Bad Gateway")),
]  # fmt: skip


def table(names, rows):
    ids = [f"{row[0].method} {row[0].path.split('/')[1]}, HTTP {row[1]}, {row[-1]}" for row in rows]
    return pytest.mark.parametrize(names, rows, ids=ids)


@table(["request_", "http_status", "body", "message"], SUCCESSES)
def test_success(request_, http_status, body, message):
    found = outcome(request_, http_status, body)
    assert (found.kind, told(found), found.scope, found.data) == (SUCCESS, message, "job", {})
    assert found.http_status == http_status


@table(["request_", "http_status", "body", "kind", "message"], REFUSALS)
def test_no_success(request_, http_status, body, kind, message):
    found = outcome(request_, http_status, body)
    assert found.kind == kind
    assert told(found) == message or message is None
    assert found.http_status == http_status
    assert found.scope == ("service" if kind in (MISCONFIGURED, UNSENT) else "job")


REFUSED = TransportError(reason.UNREACHABLE, "connection")
LOST = TransportError(reason.CONNECTION_LOST, "answer")
UNTRUSTED = TransportError(reason.CERTIFICATE, "certificate")


@pytest.mark.parametrize(
    ("request_", "error", "kind", "scope"),
    [
        (P_ADD, REFUSED, UNSENT, "service"),
        (P_LIST, REFUSED, UNSENT, "service"),
        (P_ADD, LOST, UNKNOWN, "job"),
        (P_DELETE, LOST, UNKNOWN, "job"),
        (A_REF, LOST, UNSENT, "service"),
        (P_ADD, UNTRUSTED, MISCONFIGURED, "service"),
        (P_LIST, UNTRUSTED, MISCONFIGURED, "service"),
    ],
)
def test_no_answer(request_, error, kind, scope):
    found = classify(request_, error)
    assert (found.kind, told(found), found.scope) == (kind, ours(error.reason), scope)
    assert found.http_status is None


def test_a_message_is_one_line_that_a_database_takes():
    found = outcome(P_ADD, 412, r'{"metaData": {"code": 412, "message": "a\u0000\n\t b \ud83d c"}}')
    assert found.message == "a b \ufffd c"
    page = "<h1>" + "a" * LONGEST_TEXT
    assert told(outcome(P_ADD, 502, page)) == ours(reason.NOT_JSON, "a" * LONGEST_EXCERPT)
    many = errors(*[KARTU_ERROR] * 1000)
    assert len(outcome(P_ADD, 412, said(412, "", many)).message) <= LONGEST_TEXT


WORDS = ["", "OK", "CREATED", DI_ENTRI, TERDAFTAR, SKRINING, ACCOUNT, NEWTONSOFT, NUMBER, ROWS]
words = st.sampled_from(WORDS) | st.text()
codes = st.sampled_from([1, 200, 201, 204, 401, 404, 408, 412, 429, 500, "200", "201", True, None])
names = st.sampled_from(["metaData", "metadata", "code", "message", "response", "field"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
broken = st.one_of(
    st.binary(),
    st.sampled_from([b"", HTML_502.encode(), b"[" * 100_000, b"<" * 100_000]),
    json_values.map(lambda value: json.dumps(value).encode()),
)
likely = st.builds(
    said,
    codes,
    words,
    words | json_values,
    response_key=st.sampled_from(["response", "Response", "?"]),
    key=st.sampled_from(["metaData", "metadata", "Metadata", "?"]),
    code_key=st.sampled_from(["code", "Code", "?"]),
).map(str.encode)
statuses = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 408, 412, 429, 500, 502])


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(REQUESTS), statuses, likely | broken)
def test_no_answer_raises_or_is_taken_for_a_success(request_, http_status, body):
    answer = read_answer(http_status, body)
    found = classify(request_, answer)
    assert found.message or found.reason
    assert len(found.message) <= LONGEST_TEXT
    found.message.encode()
    json.dumps(answer.response, ensure_ascii=False).encode()
    if found.kind == SUCCESS:
        empty = not request_.has_effect and 204 in (http_status, answer.code)
        assert answer.is_2xx and not answer.problem
        assert answer.code in request_.success or empty


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 10_000_000, id="deep JSON"),
        pytest.param("<" * 10_000_000, id="broken HTML"),
        pytest.param(said(201, "CREATED", "A" * 10_000_000), id="not encrypted"),
        pytest.param(said(201, "CREATED" * 1_500_000, "A"), id="a message"),
    ],
)
def test_ten_megabytes(body):
    found = outcome(P_ADD, 201, body)
    assert found.kind == UNKNOWN
    assert len(found.message) <= LONGEST_TEXT


@given(words, st.sampled_from(REQUESTS))
def test_a_text_that_names_nothing_of_the_request_is_no_refusal(text, request_):
    """Whatever field is named in it, and however it is written, only one that was sent counts."""
    found = outcome(request_, 500, said(500, f"kdSarana {text}"))
    sent = "|".join(request_.body or ())
    written = rf"newtonsoft|cannot be less than zero|kd|kode|no|nm|tgl|nik|{sent or 'nik'}"
    named = re.search(written, text, re.I)
    assert found.kind != REJECTED or named


def test_201_is_a_success_of_pcare_and_a_refusal_of_antrean():
    answer = Answer(200, 201, "CREATED", None)
    assert classify(P_ADD, answer).kind == SUCCESS
    assert classify(A_ADD, answer).kind == REJECTED


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("no healthy upstream", "no healthy upstream"),
        (
            '{"fault": {"faultstring": "Invalid ApiKey", "detail": {"x": "rahasia"}}}',
            "Invalid ApiKey",
        ),
        ('{"error": "invalid_client", "key": "rahasia"}', "invalid_client"),
        ('{"metaData": {"message": "Tidak ada"}}', "Tidak ada"),
        ('{"access_token": "rahasia"}', ""),
        ('["rahasia"]', ""),
        ("<html>rahasia</html>", ""),
        ("<TITLE lang=id>Masuk</TITLE>rahasia", "Masuk"),
        ("rahasia\n" * 50, ""),
    ],
)
def test_of_what_is_not_bpjs_only_what_is_wrong_is_told(body, said):
    assert outcome(P_ADD, 403, body).message == said
