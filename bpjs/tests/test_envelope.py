import json
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs.envelope import _hmac, cipher, decrypt, sign
from bpjs.errors import DecryptionError
from bpjs.tests.encrypted import CONS_ID, SECRET, TIMESTAMP, encrypt, encrypt_text

KEYS = {"cons_id": CONS_ID, "secret": SECRET, "timestamp": TIMESTAMP}
RESPONSE = (
    "1jm3KOxALv0JdIsCPDXB9ztIfSUyunARMVWFcKrXl7cjJ/iUo1ju5YM/bIt1vJ+eInJBGTYPiZX+5jukgmJKeQ=="
)
KEY = "023f7e946e58a3cd05752a53e835e21a6065068ddeb91b50617bc0d8e1bd6e3e"

quick = settings(deadline=None, max_examples=100)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def test_hmac_of_the_catalogue():
    assert _hmac("bbb", "aaa") == "20BKS3PWnD3XU4JbSSZvVlGi2WWnDa8Sv9uHJ+wsELA="


def test_signature():
    assert sign(**KEYS) == "8l93EQM7Ty8kR+rnAs/dx2aawF9QB5EGRylWAuU0QvY="


def test_key_and_initialisation_vector():
    encryption = cipher(**KEYS)
    assert encryption.algorithm.key.hex() == KEY
    assert encryption.mode.initialization_vector.hex() == KEY[:32]


def test_decrypt():
    assert decrypt(RESPONSE, **KEYS) == {"field": "noUrut", "message": "A1"}


def test_characters_outside_the_bmp_are_whole():
    peserta = {"nama": "Pasien 😀 Contoh 𠜎"}
    assert decrypt(encrypt(peserta), **KEYS) == peserta


@pytest.mark.parametrize("text", ['"cut \ud83d"', r'"cut \ud83d"'])
def test_half_a_character_is_replaced(text):
    assert decrypt(encrypt_text(text), **KEYS) == "cut \ufffd"


@quick
@given(json_values)
def test_whatever_is_encrypted_comes_back(value):
    assert decrypt(encrypt(value), **KEYS) == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("CREATED", id="plain text"),
        pytest.param("é", id="not ASCII"),
        pytest.param("\ud83d", id="half a character"),
        pytest.param(RESPONSE[:-4], id="cut off"),
        pytest.param(encrypt("A1", secret="another"), id="another secret"),
        pytest.param(encrypt("A1", timestamp="1700000001"), id="another timestamp"),
        pytest.param(encrypt_text(""), id="empty text inside"),
        pytest.param(encrypt_text("OK"), id="no JSON inside"),
        pytest.param(encrypt_text("[" * 100_000), id="JSON too deep"),
        pytest.param(encrypt_text("1" * 5_000), id="number too long"),
        pytest.param(b64encode(bytes(64)).decode(), id="zeros"),
    ],
)
def test_what_cannot_be_decrypted(text):
    with pytest.raises(DecryptionError):
        decrypt(text, **KEYS)


def _sealed(packed: bytes) -> str:
    """Packed text as BPJS would encrypt it, to reach what comes after the decryption."""
    padding = 16 - len(packed) % 16
    encryptor = cipher(**KEYS).encryptor()
    return b64encode(encryptor.update(packed + bytes([padding]) * padding)).decode()


@quick
@given(st.text() | st.binary().map(lambda raw: b64encode(raw).decode()) | st.binary().map(_sealed))
def test_no_text_raises_anything_but_a_decryption_error(text):
    try:
        decrypt(text, **KEYS)
    except DecryptionError:
        pass
