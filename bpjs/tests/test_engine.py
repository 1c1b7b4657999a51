"""What is peculiar to the way through an integration engine."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpjs import antrean_fktp, pcare, reason
from bpjs.antrean_fktp import ANTREAN
from bpjs.client import Client, Credentials
from bpjs.connection import MAX_BODY
from bpjs.errors import TransportError
from bpjs.outcome import MISCONFIGURED, SUCCESS, UNKNOWN, UNSENT, classify
from bpjs.pcare import PCARE
from bpjs.tests import stand_in_engine
from bpjs.tests.adversary import Adversary
from bpjs.tests.encrypted import CONS_ID, SECRET
from bpjs.tests.stand_in import OK, certificate
from bpjs.tests.stand_in_engine import ELSEWHERE, FAULT, Handler, envelope, returned, wsdl
from bpjs.tests.test_adversary import GRACE, KARTU, POST, SHORT, SLOW, plays, timed
from bpjs.ways.soap import KEPT, Engine

GET = pcare.peserta(KARTU)
ACCOUNT = {"username": "klinik", "password": "s@ndi/1"}


@pytest.fixture
def engine(server):
    """A stand-in for an engine, before one for BPJS."""
    with stand_in_engine.Engine(server.url) as engine:
        yield engine


def client(engine, service=PCARE, ca_bundle=None, timeouts=(20, 20), **account):
    connect_timeout, read_timeout = timeouts
    return Client(
        service,
        "http://bpjs.invalid",  # the engine knows better
        Credentials(CONS_ID, SECRET, "kunci", "user", "pass"),
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        ca_bundle=ca_bundle,
        way=Engine(engine.url, **account),
    )


def failure(client, request=POST):
    with pytest.raises(TransportError) as caught:
        client.send(request)
    error = caught.value
    assert error.__suppress_context__ or error.__context__ is None  # zeep's errors show content
    return error


# The contract


def test_what_the_engine_is_given(engine):
    assert client(engine).send(POST).message == "OK"
    [message] = engine.messages
    headers = message.pop("headers")
    assert message.pop("id")
    assert message.pop("service") == PCARE
    assert json.loads(message.pop("body")) == POST.body
    assert message == {"method": "POST", "path": "/pendaftaran"}
    assert headers["X-cons-id"] == CONS_ID
    assert {"X-timestamp", "X-signature", "X-authorization", "user_key"} <= headers.keys()
    assert all(isinstance(text, str) for text in headers.values())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_engine_is_not_told_of_packings_that_we_cannot_unpack(engine, method):
    """Its web server, or one before it, packs by what it is told."""
    client(engine).send(POST)
    assert engine.packings[method] == "identity"


def test_each_message_has_an_id_of_its_own(engine):
    shared = client(engine, ANTREAN)
    for _ in range(3):
        shared.send(antrean_fktp.ref_poli(pcare.date.today()))
    assert len({message["id"] for message in engine.messages}) == 3
    assert {message["service"] for message in engine.messages} == {ANTREAN}
    assert {message["body"] for message in engine.messages} == {None}


def test_the_answer_is_bpjs_s(engine):
    engine.reply = lambda handler, message: handler.give(
        message, 412, OK.decode(), {"date": "Sat, 07 Mar 2026 01:02:03 GMT", "X-count": 3}
    )
    answer = client(engine).send(GET)
    assert (answer.http_status, answer.message) == (412, "OK")
    assert answer.date.isoformat() == "2026-03-07T01:02:03+00:00"


@pytest.mark.parametrize("changes", [{"headers": None}, {"headers": []}, {"more": True}])
def test_what_does_not_matter_in_the_answer(engine, changes):
    engine.reply = lambda handler, message: handler.give(message, 200, OK.decode(), **changes)
    assert client(engine).send(GET).message == "OK"


def test_an_answer_without_a_body(engine):
    engine.reply = lambda handler, message: handler.give(message, 204, None)
    assert classify(GET, client(engine).send(GET)).kind == SUCCESS


NOT_AGREED = {
    "another id": lambda handler, message: handler.give(message, 201, "{}", id="lain"),
    "no id": lambda handler, message: handler.give(message, 201, "{}", id=None),
    "no JSON": lambda handler, message: handler.send(200, returned("<html>201 Created</html>")),
    "a list": lambda handler, message: handler.send(200, returned(json.dumps([message["id"]]))),
    "deep JSON": lambda handler, message: handler.send(200, returned("[" * 200_000)),
    "half of it": lambda handler, message: handler.send(200, returned('{"id": "')),
    "nothing": lambda handler, message: handler.send(200, returned("")),
    "no return": lambda handler, message: handler.send(
        200, returned("").replace(b"<return></return>", b"")
    ),
    "two": lambda handler, message: handler.send(
        200, returned("{}").replace(b"</return>", b"</return><return>{}</return>")
    ),
    **{
        f"status {status!r}": lambda handler, message, status=status: handler.give(
            message, status, json.dumps({"metaData": {"code": 201, "message": "CREATED"}})
        )
        for status in (0, 99, 102, 600, 1000, -201, 201.5, "201", "CREATED", True, None, [201])
    },
    "a body of objects": lambda handler, message: handler.give(message, 201, {"code": 201}),
    "a page": lambda handler, message: handler.send(200, b"<html>Please log in</html>"),
    "a redirect": lambda handler, message: handler.send(302, b"", Location="/login"),
    "a page that is not found": lambda handler, message: handler.send(404, b"<html>404</html>"),
    "a gateway": lambda handler, message: handler.send(502, b"Bad Gateway"),
    "no content": lambda handler, message: handler.send(202, b""),
    "an error without content": lambda handler, message: handler.send(500, b""),
    "another element": lambda handler, message: handler.send(200, envelope("<x/>")),
    "an error that is no fault": lambda handler, message: handler.send(500, returned("{}")),
    "half an envelope": lambda handler, message: handler.send(200, returned("{}")[:-20]),
    "parts": lambda handler, message: handler.send(
        200, b"--x--", Content_Type="multipart/related; boundary=x"
    ),
    "entities": lambda handler, message: handler.send(
        200, b'<!DOCTYPE x [<!ENTITY a "b">]>' + returned("&a;")
    ),
    "a bomb": lambda handler, message: handler.send(200, LAUGHTER + returned("&z;")),
    "too much": lambda handler, message: handler.send(200, returned(" " * MAX_BODY)),
}
LAUGHTER = b"<!DOCTYPE x [<!ENTITY a 'ha'>%b<!ENTITY z '&y;'>]>" % b"".join(
    b"<!ENTITY %c '%b'>" % (ord("a") + number, b"&%c;" % (ord("a") + number - 1) * 20)
    for number in range(1, 25)
)


@pytest.mark.parametrize("reply", NOT_AGREED.values(), ids=NOT_AGREED)
def test_what_was_not_agreed_on_may_have_arrived(engine, reply):
    engine.reply = reply
    shared = client(engine)
    error, seconds = timed(shared.send, POST)
    assert (error.stage, error.reason) == ("engine_answer", reason.ENGINE_ANSWER)
    assert classify(POST, error).kind == UNKNOWN
    assert classify(GET, failure(shared, GET)).kind == UNSENT
    assert seconds < GRACE


def test_the_connection_of_another_s_answer_is_left(engine):
    shared = client(engine)
    shared.send(GET)
    engine.reply = lambda handler, message: handler.give(message, 200, OK.decode(), id="lain")
    failure(shared)
    assert engine.connections == 1
    engine.reply = Handler.pass_on
    shared.send(GET)
    assert engine.connections == 2


@pytest.mark.parametrize("status", [200, 500])
def test_a_fault_may_have_arrived(engine, status):
    engine.reply = lambda handler, message: handler.send(status, FAULT)
    error = failure(client(engine))
    assert (error.stage, error.reason) == ("engine_answer", reason.ENGINE_FAULT)
    assert classify(POST, error).kind == UNKNOWN


# The account


@pytest.mark.parametrize("account", [{}, {"username": "klinik"}, {**ACCOUNT, "password": "salah"}])
def test_another_account(server, account):
    with stand_in_engine.Engine(server.url, ":".join(ACCOUNT.values())) as engine:
        refused = client(engine, **account)
        for _ in range(2):
            error = failure(refused)
            assert (error.stage, error.reason) == ("engine_account", reason.ENGINE_ACCOUNT)
            assert classify(POST, error).kind == MISCONFIGURED
            client(engine, **ACCOUNT).send(GET)  # now the WSDL is known
        assert len(engine.messages) == 2


# The WSDL


def fetched(engine):
    return engine.asked.count(("GET", "/bpjs?wsdl"))


@pytest.mark.parametrize("written", ["{}", " {} ", "{}?wsdl", "{}?WSDL"])
def test_how_the_address_may_be_written(engine, written):
    engine.url = written.format(engine.url)
    assert client(engine).send(GET).message == "OK"


def test_it_is_fetched_once_for_all(engine):
    shared = client(engine)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(shared.send, 20 * [GET]))
    assert {answer.message for answer in answers} == {"OK"}
    before = fetched(engine)
    assert before <= 8  # those that began together
    client(engine, ANTREAN).send(GET)
    assert fetched(engine) == before


@pytest.mark.parametrize(
    "reply",
    [
        lambda handler, message: handler.send(500, FAULT),
        lambda handler, message: handler.send(404, b"<html>404</html>"),
    ],
    ids=["fault", "not found"],
)
def test_it_is_fetched_anew_after_a_refusal(engine, reply):
    shared = client(engine)
    shared.send(GET)
    engine.reply = reply
    failure(shared)
    engine.reply = Handler.pass_on
    assert fetched(engine) == 1
    shared.send(GET)
    assert fetched(engine) == 2


def test_it_is_kept_while_the_engine_says_nothing(engine):
    shared = client(engine, timeouts=(20, SHORT))
    shared.send(GET)
    engine.reply = lambda handler, message: time.sleep(2 * SHORT)
    assert failure(shared).reason == reason.NO_ANSWER_IN_TIME
    engine.reply = Handler.pass_on
    shared.send(GET)
    assert fetched(engine) == 1


def test_types_that_it_keeps_elsewhere_are_not_fetched(engine):
    engine.wsdl = wsdl(ELSEWHERE)
    assert client(engine).send(GET).message == "OK"


def test_the_address_it_names_is_not_used(engine):
    with Adversary(lambda guest: None) as other:
        engine.wsdl = wsdl(address=other.url)
        assert client(engine).send(GET).message == "OK"
        assert other.guests == []


CONTRACT = stand_in_engine.CONTRACT.encode()
XSD = "http://www.w3.org/2001/XMLSchema"
IMPORTS = {
    "schema of another": lambda url: wsdl(
        f'<s:schema xmlns:s="{XSD}"><s:import namespace="urn:x" schemaLocation="{url}"/></s:schema>'
    ),
    "schema included": lambda url: wsdl(
        f'<s:schema xmlns:s="{XSD}" targetNamespace="urn:x"><s:include schemaLocation="{url}"/>'
        f"</s:schema>"
    ),
    "file of this machine": lambda url: wsdl(
        f'<s:schema xmlns:s="{XSD}"><s:import namespace="urn:x" '
        f'schemaLocation="file:///etc/passwd"/></s:schema>'
    ),
    "DTD": lambda url: with_doctype(f'<!DOCTYPE definitions SYSTEM "{url}">'),
    "entity": lambda url: with_doctype(f'<!DOCTYPE d [<!ENTITY x SYSTEM "{url}">]>', "&x;"),
    "parameter": lambda url: with_doctype(f'<!DOCTYPE d [<!ENTITY % x SYSTEM "{url}"> %x;]>'),
}


def with_doctype(doctype, text=""):
    declared = wsdl().replace(b"?>\n", f"?>\n{doctype}\n".encode(), 1)
    return declared.replace(b"<types>", f"<types>{text}".encode())


def test_a_wsdl_it_names_is_not_fetched(engine):
    with Adversary(lambda guest: None) as other:
        named = f'<import namespace="urn:x" location="{other.url}"/>'
        engine.wsdl = wsdl().replace(b"<types>", f"{named}<types>".encode())
        assert client(engine).send(GET).message == "OK"
        assert other.guests == []


@pytest.mark.parametrize("made", IMPORTS.values(), ids=IMPORTS)
def test_nothing_it_names_is_fetched(engine, made):
    with Adversary(lambda guest: None) as other:
        engine.wsdl = made(other.url)
        error = failure(client(engine))
        assert (error.stage, error.reason) == ("engine_wsdl", reason.ENGINE_WSDL)
        assert other.guests == []
    assert classify(POST, error).kind == UNSENT
    assert engine.messages == []


WRONG = {
    "nothing": b"",
    "a page": b"<html><body>Mirth</body></html>",
    "no XML": b"220 mail.example ESMTP",
    "half of it": wsdl()[:-200],
    "a bomb": LAUGHTER + wsdl().split(b"?>", 1)[1].replace(b"<types>", b"<types>&z;"),
    "too much": wsdl() + b" " * 100_000,
    "another service": wsdl().replace(b'"DefaultAcceptMessageService">', b'"Lain">'),
    "another port": wsdl().replace(b'DefaultAcceptMessagePort"', b'Lain"'),
    "another operation": wsdl(operation="lain"),
    "other types": wsdl(stand_in_engine.TYPES.replace("arg0", "pesan")),
    "no types": wsdl(""),
}


@pytest.mark.filterwarnings("ignore:The wsdl")  # zeep warns, too
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wsdl_of_something_else(engine, wrong):
    right, engine.wsdl = engine.wsdl, wrong
    shared = client(engine)
    error, seconds = timed(shared.send, POST)
    assert (error.stage, error.reason) == ("engine_wsdl", reason.ENGINE_WSDL)
    assert classify(POST, error).kind == UNSENT
    assert seconds < GRACE
    assert engine.messages == []
    engine.wsdl = right
    assert shared.send(GET).message == "OK"  # the wrong one was not kept


def test_a_wsdl_that_is_not_there(engine):
    engine.url += "/lain"
    assert failure(client(engine)).stage == "engine_wsdl"


# The engine is not reached


@pytest.mark.parametrize("url", ["", "engine.example", "http://[", "http://", "ftp://127.0.0.1"])
def test_an_address_that_is_none(engine, url):
    engine.url = url
    error = failure(client(engine))
    assert (error.stage, error.reason) == ("engine", reason.ENGINE_UNREACHABLE)


@pytest.mark.parametrize("is_known", [False, True])
def test_nobody_listens(engine, is_known):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        engine.url = f"http://127.0.0.1:{closed.getsockname()[1]}/bpjs"
    if is_known:
        KEPT.add(f"{engine.url}?wsdl", wsdl())
    error = failure(client(engine))
    assert (error.stage, error.reason) == ("engine", reason.ENGINE_UNREACHABLE)
    assert classify(POST, error).kind == UNSENT


def test_its_certificate(server, tmp_path):
    tls, ca_bundle = certificate(tmp_path, "127.0.0.1")
    with stand_in_engine.Engine(server.url, tls=tls) as engine:
        for untrusted, why in [
            (None, reason.ENGINE_CERTIFICATE),
            ("/nowhere/ca.pem", reason.CA_BUNDLE),
        ]:
            error = failure(client(engine, ca_bundle=untrusted))
            assert (error.stage, error.reason) == ("engine_certificate", why)
            assert classify(POST, error).kind == MISCONFIGURED
        assert engine.asked == []
        assert client(engine, ca_bundle=ca_bundle).send(GET).message == "OK"


# It dawdles


@plays({name: SLOW[name] for name in ("nothing", "headers", "body", "chunks", "interim answers")})
def test_a_wsdl_without_end(play):
    with Adversary(play) as adversary:
        error, seconds = timed(client(adversary, timeouts=(20, SHORT)).send, POST)
        assert (error.stage, error.sent) == ("engine_wsdl", False)
        assert SHORT <= seconds < SHORT + GRACE


@plays({name: SLOW[name] for name in ("nothing", "headers", "body", "chunks", "interim answers")})
def test_an_answer_without_end(play):
    with Adversary(play) as adversary:
        KEPT.add(f"{adversary.url}?wsdl", wsdl())
        error, seconds = timed(client(adversary).send_within, SHORT, POST)
        assert (error.reason, error.sent) == (reason.NO_ANSWER_IN_TIME, True)
        assert SHORT <= seconds < SHORT + GRACE


def test_wsdl_and_answer_share_one_deadline(engine):
    """Each alone would be in time."""
    share = 2 * SHORT

    def slowly(handler, message):
        time.sleep(share)
        handler.pass_on(message)

    original = Handler.do_GET

    class Slow(Handler):
        def do_GET(self):  # noqa: N802
            time.sleep(share)
            original(self)

    engine.RequestHandlerClass, engine.reply = Slow, slowly
    error, seconds = timed(client(engine).send_within, 1.5 * share, POST)
    assert (error.stage, error.reason) == ("engine_answer", reason.NO_ANSWER_IN_TIME)
    assert seconds < 1.5 * share + 0.5 * share


# Whatever comes

said = st.recursive(
    st.none() | st.booleans() | st.integers(0, 700) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "headers", "body", "?"]), inner, max_size=4
        )
    ),
    max_leaves=6,
)
reused = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@reused
@given(changes=said.filter(lambda value: isinstance(value, dict)))
def test_whatever_the_engine_says_of_an_answer(engine, changes):
    engine.reply = lambda handler, message: handler.give(message, 201, OK.decode(), **changes)
    result, _ = timed(client(engine).send, POST)
    if classify(POST, result).kind != UNKNOWN:
        assert changes.get("status", 201) in range(200, 600)


@reused
@given(st.binary(max_size=60) | said.map(json.dumps).map(returned), st.integers(200, 599))
def test_whatever_the_engine_answers(engine, body, status):
    engine.reply = lambda handler, message: handler.send(status, body)
    error, _ = timed(client(engine).send, POST)
    assert error.stage == ("engine_account" if status == 401 else "engine_answer")


@reused
@given(st.binary(max_size=200) | st.integers(0, len(wsdl()) - 20).map(lambda end: wsdl()[:end]))
def test_whatever_the_wsdl_is(engine, text):
    engine.wsdl = text
    error, _ = timed(client(engine).send, POST)
    assert error.stage == "engine_wsdl"
