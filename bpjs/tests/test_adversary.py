"""The client against servers that answer oddly: it ends in time, reads no more than it may, and
takes nothing for a success that is none, nor one patient's answer for another's.
"""

import gzip
import threading
import time
import tracemalloc
import zlib
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs import pcare, reason
from bpjs.answer import Answer
from bpjs.client import Client, Credentials
from bpjs.connection import MAX_BODY, MAX_HEAD, Deadline
from bpjs.errors import TransportError
from bpjs.outcome import DUPLICATE, SUCCESS, UNKNOWN, classify
from bpjs.pcare import PCARE
from bpjs.session import Session
from bpjs.tests.adversary import CREATED, Adversary, answer, head, said
from bpjs.tests.encrypted import CONS_ID, SECRET
from bpjs.tests.stand_in import certificate

KARTU = "0001000000001"
POST = pcare.pendaftaran_add(
    kd_provider_peserta="0001R001", tanggal=date(2026, 3, 7), no_kartu=KARTU, kd_poli="001"
)
NEXT = pcare.poli(0, 1)
SHORT = 0.3  # seconds
GRACE = 1.0  # seconds that an exchange may take longer than it should
BUFFERS = 20_000_000  # bytes that a server may get rid of though nobody reads them

START = b"HTTP/1.1 201 Created\r\n"
LONG = head("Content-Length: 1000000000")
CHUNKED = head("Transfer-Encoding: chunked")
UNTIL_THE_END = head("Connection: close")
CHUNK = b"%x\r\n%b\r\n" % (len(CREATED), CREATED)
LAST_CHUNK = b"0\r\n\r\n"
INTERIM = head(status="102 Processing")
MEGABYTE = b" " * 1_000_000


def client(adversary, **options):
    timeouts = {"connect_timeout": 20, "read_timeout": 20}
    credentials = Credentials(CONS_ID, SECRET, "kunci", "user", "pass")
    return Client(PCARE, adversary.url, credentials, **timeouts | options)


@pytest.fixture(params=["http", "https"])
def against(request, tmp_path):
    """Start an adversary, in the clear or with TLS; return it and a client of it."""
    tls, ca_bundle = None, None
    if request.param == "https":
        tls, ca_bundle = certificate(tmp_path, "127.0.0.1")
    with ExitStack() as stack:

        def start(play, **options):
            adversary = stack.enter_context(Adversary(play, tls))
            return adversary, client(adversary, ca_bundle=ca_bundle, **options)

        yield start


def timed(send, *arguments):
    """What comes of a request, and the seconds it took."""
    started = time.monotonic()
    try:
        result = send(*arguments)
    except TransportError as error:
        result = error
    return result, time.monotonic() - started


def seconds_to_fail(patient):
    """The seconds until a request fails, with no more memory than a few answers take."""
    tracemalloc.start()
    try:
        result, seconds = timed(patient.send, POST)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert classify(POST, result).kind == UNKNOWN
    assert peak < 5 * MAX_BODY
    return seconds


def outcome(client):
    return classify(POST, timed(client.send, POST)[0]).kind


def works(client):
    """Whether the next patient gets an answer, and the right one."""
    return client.send(NEXT).message == NEXT.path


def asked(play):
    """A play that begins when the request is there."""

    def begin(guest):
        guest.request()
        play(guest)

    return begin


def sends(*pieces):
    """A play that sends an answer piece by piece and hangs up."""

    def play(guest):
        guest.request()
        for piece in pieces:
            guest.send(piece)
        guest.hang_up()

    return play


def stays(*pieces):
    """A play that sends an answer piece by piece and waits for what is asked next."""
    return asked(lambda guest: [guest.send(piece) for piece in pieces])


def plays(table):
    return pytest.mark.parametrize("play", table.values(), ids=table)


# Too slow


def drips(start, for_ever):
    def play(guest):
        guest.request()
        guest.send(start)
        guest.drip_on(for_ever)

    return play


SLOW = {
    "nothing": asked(lambda guest: guest.is_over()),
    "not even read": lambda guest: guest.is_over(),
    "status": drips(b"", b"HTTP/1.1 201 Created"),
    "a header": drips(START, b"X"),
    "headers": drips(START, b"X: y\r\n"),
    "no end of headers": drips(head("Content-Length: 0")[:-2], b""),
    "interim answers": drips(b"", INTERIM),
    "body": drips(LONG + CREATED, b" "),
    "all but a byte": drips(answer()[:-1], b""),
    "until the end": drips(UNTIL_THE_END + CREATED, b" "),
    "chunk": drips(CHUNKED + b"fffff\r\n", b" "),
    "chunks": drips(CHUNKED + CHUNK, b"1\r\n \r\n"),
    "size of a chunk": drips(CHUNKED + CHUNK, b"0"),
    "extension of a chunk": drips(CHUNKED + CHUNK + b"0;", b"x"),
    "no last chunk": drips(CHUNKED + CHUNK, b""),
    "trailers": drips(CHUNKED + CHUNK + b"0\r\n", b"X: y\r\n"),
    "redirect": drips(head("Location: /", "Content-Length: 9999", status="302 Found"), b" "),
}


def at_last(play):
    """A play after an answer as it should be: the connection stands."""

    def begin(guest):
        guest.send(answer(said(guest.request(), 200), status="200 OK"))
        play(guest)

    return begin


@plays(SLOW)
def test_who_dawdles_is_left(against, play):
    adversary, patient = against(at_last(play))
    assert works(patient)
    error, seconds = timed(patient.send_within, SHORT, POST)
    assert SHORT <= seconds < SHORT + GRACE
    assert (error.stage, error.reason) == ("answer", reason.NO_ANSWER_IN_TIME)
    assert works(patient)
    assert len(adversary.guests) == 2  # the connection was given up


@plays({name: SLOW[name] for name in ("nothing", "headers", "body")})
def test_the_time_from_the_connection_to_the_last_byte(against, play):
    _, patient = against(play, read_timeout=SHORT)
    error, seconds = timed(patient.send, POST)
    assert SHORT <= seconds < SHORT + GRACE
    assert error.sent


def never_reads(guest):
    guest.is_over()


def reads_slowly(guest):
    while not guest.is_over(0.01):
        guest.sock.recv(100_000)


@plays({"never": never_reads, "slowly": reads_slowly})
def test_who_does_not_read(against, play):
    _, patient = against(play, read_timeout=SHORT)
    error, seconds = timed(patient.send, replace(POST, body={"keluhan": "x" * 12_000_000}))
    assert seconds < SHORT + GRACE
    assert error.sent


@plays(
    {
        "nothing": lambda guest: guest.is_over(),
        "dripping": lambda guest: guest.drip_on(b"\x16\x03\x03\x40\x00" + bytes(1000)),
    }
)
def test_a_handshake_without_end(play):
    with Adversary(play) as adversary:
        adversary.url = adversary.url.replace("http:", "https:")
        error, seconds = timed(client(adversary, connect_timeout=SHORT).send, POST)
    assert SHORT <= seconds < SHORT + GRACE
    assert (error.stage, error.sent) == ("tls", False)


def test_a_deadline_that_has_passed(against):
    adversary, patient = against(asked(lambda guest: guest.is_over()))
    error, _ = timed(patient.send_within, 0, POST)
    assert not error.sent
    assert adversary.guests == []


def test_the_longest_that_an_exchange_takes():
    with Adversary(asked(lambda guest: guest.is_over())) as adversary:
        patient = client(adversary, connect_timeout=SHORT, read_timeout=SHORT)
        _, seconds = timed(patient.send, POST)
    assert patient.longest == SHORT + SHORT
    assert seconds < patient.longest + GRACE


# Too much


def pours(start, for_ever):
    def play(guest):
        guest.request()
        guest.send(start)
        guest.pour_on(for_ever)

    return play


@plays(
    {
        "status": pours(b"HTTP/1.1 201 ", MEGABYTE),
        "header": pours(START + b"X: ", MEGABYTE),
        "headers": pours(START, b"X: y\r\n" * 10_000),
        "long headers": pours(START, b"X: " + b"y" * 60_000 + b"\r\n"),
        "interim answers": pours(b"", INTERIM * 10_000),
        "headers of an interim answer": pours(b"HTTP/1.1 103 Early\r\n", b"X: y\r\n" * 10_000),
        "body": pours(LONG + CREATED, MEGABYTE),
        "until the end": pours(UNTIL_THE_END + CREATED, MEGABYTE),
        "redirect": pours(head("Location: /", status="302 Found"), MEGABYTE),
        "refusal": pours(head(status="502 Bad Gateway"), MEGABYTE),
        "chunk": pours(CHUNKED + b"fffffffffffffff\r\n", MEGABYTE),
        "chunks": pours(CHUNKED + CHUNK, (b"80\r\n" + 128 * b" " + b"\r\n") * 1000),
        "size of a chunk": pours(CHUNKED + CHUNK, b"0" * 10_000),
        "extensions of chunks": pours(CHUNKED + CHUNK, b"1;" + b"x" * 60_000 + b"\r\n \r\n"),
        "trailers": pours(CHUNKED + CHUNK + b"0\r\n", b"X: " + b"y" * 1000 + b"\r\n"),
    }
)
def test_no_more_is_read_than_the_limit(against, play):
    adversary, patient = against(play)
    assert seconds_to_fail(patient) < 10
    assert works(patient)
    assert adversary.guests[0].sent < MAX_BODY + BUFFERS
    assert len(adversary.guests) == 2


def test_a_connection_that_still_owes_something_is_not_kept(against):
    adversary, patient = against(stays(LONG, b" " * (MAX_BODY + 1)))
    assert outcome(patient) == UNKNOWN
    assert works(patient)
    assert len(adversary.guests) == 2


def bomb():
    """200 MB in 200 kB."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([packer.compress(MEGABYTE) for _ in range(200)]) + packer.flush()


@plays({"large": sends(answer(bomb())), "many": sends(answer(gzip.compress(b"") * 200_000))})
def test_a_bomb_does_not_burst(against, play):
    _, patient = against(play)
    assert seconds_to_fail(patient) < GRACE


# Wrong


@plays(
    {
        "nothing": sends(),
        "reset": asked(lambda guest: guest.reset()),
        "half a status": sends(b"HTTP/1.1 20"),
        "half the headers": sends(START + b"Content-Le"),
        "no body": sends(head(f"Content-Length: {len(CREATED)}")),
        "a body too short": sends(head(f"Content-Length: {len(CREATED) + 1}"), CREATED),
        "a body too long": sends(head(f"Content-Length: {len(CREATED) - 1}"), CREATED),
        "two lengths": sends(head(f"Content-Length: {len(CREATED)}", "Content-Length: 1"), CREATED),
        "a length of two": sends(head(f"Content-Length: {len(CREATED)}, 1"), CREATED),
        "a length that is none": sends(head("Content-Length: many"), CREATED),
        "a length below 0": sends(head("Content-Length: -1"), CREATED),
        "half a chunk": sends(CHUNKED, CHUNK[:20]),
        "no last chunk": sends(CHUNKED, CHUNK),
        "a size below 0": sends(CHUNKED, b"-5\r\n", CREATED, b"\r\n", LAST_CHUNK),
        "a size that is none": sends(CHUNKED, b"many\r\n", CREATED, b"\r\n", LAST_CHUNK),
        "chunks that are none": sends(CHUNKED, CREATED),
        "another encoding": sends(head("Transfer-Encoding: gzip, chunked"), CHUNK, LAST_CHUNK),
        "an interim answer": sends(INTERIM),
        "interim answers": sends(INTERIM, head(status="100 Continue"), head(status="103 Early")),
        "another protocol": sends(head(status="101 Switching Protocols"), b"\x81\x05hello"),
        "another version": sends(b"HTTP/2 201\r\n\r\n", CREATED),
        "mail": sends(b"220 mail.example ESMTP\r\n"),
        "bytes": sends(bytes(range(256))),
        "a status below 100": sends(answer(status="20 Created")),
        "a status of words": sends(answer(status="Created")),
        "a redirect": sends(answer(CREATED, "Location: /", status="302 Found")),
        "a redirect to nowhere": sends(answer(CREATED, "Location: http://[", status="307 Moved")),
        "nothing to read": sends(answer(b"", status="204 No Content")),
        "half of what was packed": sends(answer(gzip.compress(CREATED)[:-9])),
        "packed and spoilt": sends(answer(gzip.compress(CREATED)[:-1] + b"?")),
        "packed twice": sends(answer(gzip.compress(gzip.compress(CREATED)))),
        "packed with more behind": sends(answer(gzip.compress(CREATED) + b"x")),
        "gzip that is none": sends(answer(b"\x1f\x8b" + CREATED)),
    }
)
def test_no_success(against, play):
    adversary, patient = against(play)
    result, seconds = timed(patient.send, POST)
    assert classify(POST, result).kind == UNKNOWN
    assert seconds < GRACE
    assert adversary.played.wait(5)
    assert works(patient)


@plays(
    {
        "length": sends(answer()),
        "two lengths that agree": sends(head(*2 * [f"Content-Length: {len(CREATED)}"]), CREATED),
        "chunks": sends(CHUNKED, CHUNK, LAST_CHUNK),
        "extended chunks": sends(CHUNKED, CHUNK.replace(b"\r\n", b";a=b\r\n", 1), LAST_CHUNK),
        "trailers": sends(CHUNKED, CHUNK, b"0\r\nX: y\r\n\r\n"),
        "until the end": sends(UNTIL_THE_END, CREATED),
        "gzip": sends(answer(gzip.compress(CREATED), "Content-Encoding: gzip")),
        "gzip that nobody told of": sends(answer(gzip.compress(CREATED))),
        "no gzip though it says so": sends(answer(CREATED, "Content-Encoding: gzip")),
        "interim answers": sends(INTERIM, head("Link: </>", status="103 Early"), answer()),
        "many interim answers": sends(INTERIM * 100, answer()),
    }
)
def test_success(against, play):
    adversary, patient = against(play)
    assert patient.send(POST) == Answer(201, 201, "CREATED", None)
    assert adversary.played.wait(5)
    assert works(patient)


# Somebody else's


def later(guest):
    guest.send(answer())
    guest.is_over(0.05)
    guest.send(OTHER)


CLEAN = {
    "length": stays(answer()),
    "chunks": stays(CHUNKED + CHUNK + LAST_CHUNK),
    "in pieces": stays(*(bytes([byte]) for byte in answer())),
    "interim answers": stays(INTERIM + head(status="100 Continue"), INTERIM + answer()),
    "packed": stays(answer(gzip.compress(CREATED))),
}


@plays(CLEAN)
def test_a_connection_is_used_again_when_its_answer_was_read(against, play):
    adversary, patient = against(play)
    assert outcome(patient) == SUCCESS
    assert works(patient)
    assert len(adversary.guests) == 1


@plays(
    {
        "hangs up": asked(lambda guest: [guest.send(answer()), guest.hang_up()]),
        "resets": asked(lambda guest: [guest.send(answer()), guest.is_over(0.05), guest.reset()]),
    }
)
def test_a_connection_that_ended_is_replaced(against, play):
    adversary, patient = against(play)
    assert outcome(patient) == SUCCESS
    assert adversary.played.wait(5)
    assert works(patient)
    assert len(adversary.guests) == 2


OTHER = answer(said("of somebody else", 200), status="200 OK")
LARGE = answer(said("of somebody else", 200).ljust(3 * MAX_HEAD), status="200 OK")


@plays(
    {
        "in the same packet": stays(answer() + OTHER),
        "in the next one": stays(answer(), OTHER),
        "later": asked(later),
        "a large one": stays(answer() + LARGE),
        "after chunks": stays(CHUNKED + CHUNK + LAST_CHUNK + OTHER),
        "after interim answers": stays(INTERIM + answer() + OTHER),
        "a byte too many": stays(answer() + b" "),
        "half of one": stays(answer() + OTHER[:30]),
    }
)
def test_an_answer_that_nobody_asked_for_is_nobodys(against, play):
    adversary, patient = against(play)
    assert outcome(patient) == SUCCESS
    assert adversary.played.wait(5)
    assert works(patient)
    assert works(patient)
    assert len(adversary.guests) == 2


def test_a_session_that_is_closed_hangs_up():
    gone = threading.Event()

    def play(guest):
        guest.request()
        guest.send(answer())
        assert guest.request() == ""
        gone.set()

    with Adversary(play) as adversary:
        with session() as opened:
            opened.exchange("GET", adversary.url, {}, None, Deadline(5))
        assert gone.wait(5)


def session():
    return Session(connect_timeout=5, read_timeout=5, ca_bundle=None, pool_size=1)


# Whatever comes

cuts = st.lists(st.integers(0, 10_000), max_size=6)


def pieces(data, cuts):
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def framed(body, frame, cuts):
    if frame == "length":
        return head(f"Content-Length: {len(body)}") + body
    if frame == "end":
        return head("Connection: close") + body
    chunks = [piece for piece in pieces(body, cuts) if piece]
    return CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in chunks) + LAST_CHUNK


@settings(deadline=None, max_examples=150)
@given(
    body=st.binary(max_size=3000),
    frame=st.sampled_from(["length", "chunks", "end"]),
    is_packed=st.booleans(),
    interim=st.integers(0, 3),
    chunk_cuts=cuts,
    packet_cuts=cuts,
)
def test_a_body_is_read_as_it_was_sent(body, frame, is_packed, interim, chunk_cuts, packet_cuts):
    sent = gzip.compress(body) if is_packed else body
    data = interim * INTERIM + framed(sent, frame, chunk_cuts)
    with Adversary(sends(*pieces(data, packet_cuts))) as adversary, session() as opened:
        response = opened.exchange("GET", adversary.url, {}, None, Deadline(5))
    assert (response.status_code, response.content) == (201, body)


fragments = st.sampled_from(
    [
        b"HTTP/1.1 ", b"HTTP/1.0 ", b"200", b"201", b"204", b"102", b"302", b"502", b" OK", b" ",
        b"\r\n", b"\r\n\r\n", b"\n", b":", b"0\r\n\r\n", b"5\r\nhello\r\n", b"-1", b"{", b"}",
        b"Content-Length: ", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n", b"Date: tomorrow\r\n", b"Set-Cookie: a=b\r\n",
        b"Location: http://[", b"\x1f\x8b",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(fragments | st.binary(max_size=5), max_size=12), st.booleans())
def test_no_noise_is_a_success(noise, is_begun):
    data = (START if is_begun else b"") + b"".join(noise)
    with Adversary(sends(data)) as adversary:
        result, seconds = timed(client(adversary).send, POST)
    assert classify(POST, result).kind not in (SUCCESS, DUPLICATE)
    assert seconds < 10  # it is over when the server hangs up
