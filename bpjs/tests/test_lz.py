"""What the library packs, against what we unpack."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lzstring import LZString

from bpjs.lz import CHARACTERS, unpack
from bpjs.tests.encrypted import utf16_units

pack = LZString.compressToEncodedURIComponent
quick = settings(deadline=None, max_examples=300)


@quick
@given(st.text() | st.text("ab", max_size=3000) | st.text(st.characters(max_codepoint=300)))
def test_what_is_packed_comes_back(text):
    units = utf16_units(text)
    assert unpack(pack(units), len(units)) == units


@quick
@given(st.text(CHARACTERS) | st.text())
def test_whatever_comes_is_a_text_or_a_value_error(packed):
    try:
        text = unpack(packed, 1000)
    except ValueError:
        return
    assert len(text) <= 1000


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param("", id="nothing"),
        pytest.param(pack("Contoh")[:-1], id="cut off"),
        pytest.param("w", id="a first word before any other"),
        pytest.param(pack("a")[:2] + "9", id="a word to come"),
        pytest.param("_" + pack("a"), id="another alphabet"),
        pytest.param("١١١", id="digits of another script"),
    ],
)
def test_what_was_never_packed(packed):
    with pytest.raises(ValueError):
        unpack(packed, 1000)


def test_no_more_is_unpacked_than_the_limit():
    packed = pack("a" * 2_000_000)
    assert len(packed) < 4000
    assert len(unpack(packed, 2_000_000)) == 2_000_000
    tracemalloc.start()
    with pytest.raises(ValueError):
        unpack(packed, 100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
