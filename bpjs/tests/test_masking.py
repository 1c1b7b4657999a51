from hypothesis import given
from hypothesis import strategies as st

from bpjs.masking import LONGEST, MASK, masked


def test_of_a_long_number_only_the_last_four_digits_are_shown():
    text = "kartu 0001000000001, NIK 3200000000000001, telepon 080000000000, poli 001, 07-03-2026"
    expected = f"kartu {MASK}0001, NIK {MASK}0001, telepon {MASK}0000, poli 001, 07-03-2026"
    assert masked(text) == expected


def test_nine_digits_are_a_long_number():
    assert masked("12345678 123456789") == f"12345678 {MASK}6789"


@given(st.text() | st.from_regex(r"([0-9]{5,20}[^0-9]?)+"))
def test_no_long_number_is_left_and_nothing_else_is_touched(text):
    found = masked(text)
    assert all(
        len(part) < 9 for part in "".join(c if c in "0123456789" else " " for c in found).split()
    )
    assert len(found) <= LONGEST
    assert masked(found) == found
