import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpjs.masking import LONGEST, MASK, masked

DIVIDERS = [
    " ", ".", "-", " - ", ") ", "  ", "/", "_", ",", ":", ";", "'", "\u2019", "+",
    "\u2011", "\u2013", "\u2212", "\u00a0", "\u200b", "\u200e-",
]  # fmt: skip
SEPARATORS = st.sampled_from(DIVIDERS)
NUMBERS = st.from_regex(r"(0|62)?8[0-9]{8,11}|0001[0-9]{9}|32[0-9]{14}", fullmatch=True)
DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
DATE_FORMATS = st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"])
CLOCKS = st.times().map(lambda time: f"{time:%H}:{time:%M}")
HARMLESS = st.one_of(
    st.builds(date.strftime, DATES, DATE_FORMATS),
    st.datetimes().map(lambda moment: f"2026-03-07 {moment:%H:%M:%S}"),
    CLOCKS,
    st.builds("{}-{}".format, CLOCKS, CLOCKS),
    st.builds("{}-{}".format, CLOCKS, CLOCKS).map(lambda hours: hours.replace(":", ".")),
    st.integers(0, 10**12).map(lambda n: f"Rp {n:,}".replace(",", ".")),
    st.integers(0, 10**8 - 1).map(lambda n: f"{n:,}".replace(",", ".")),
    st.sampled_from(["001", "11101", "0001R001", "A-12", "HTTP 412", "20 Maret 2026"]),
)


@st.composite
def divided(draw):
    """A number as people write it, with separators after each few of its digits."""
    digits, cut, text = draw(NUMBERS), 0, draw(st.sampled_from(["", "+", "("]))
    while len(digits) - cut > 5:
        size = draw(st.integers(3, 5))
        text += digits[cut : cut + size] + draw(SEPARATORS)
        cut += size
    return text + digits[cut:]


def test_of_a_long_number_only_the_last_four_digits_are_shown():
    text = "kartu 0001000000001, NIK 3200000000000001, telepon 080000000000, poli 001, 07-03-2026"
    expected = f"kartu {MASK}0001, NIK {MASK}0001, telepon {MASK}0000, poli 001, 07-03-2026"
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "0812 3456 7890",
        "0812.3456.7890",
        "(0812) 3456-7890",
        "(+62) 812 3456 7890",
        "+62 812-3456-7890",
        "+62.812.3456.7890",
        "6281234567890",
        "0812\u201134567890",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff167890",
    ],
)
def test_a_number_is_long_however_it_is_written(text):
    assert (
        masked(f"HP {text}, poli 001").removeprefix("HP ").lstrip("(+") == f"{MASK}7890, poli 001"
    )


@pytest.mark.parametrize("between", DIVIDERS)
def test_a_number_is_long_whatever_divides_it(between):
    assert masked(f"kartu {between.join(('0001', '0000', '00042'))}") == f"kartu {MASK}0042"


@pytest.mark.parametrize(
    "text",
    [
        "/pendaftaran/tglDaftar/07-03-2026/0/100",
        "/antrean/123456/2026-03-07/100",
        "07/03/2026 10:30, 07.03.2026 10:30",
        "10:30 11:30:15 12:45",
        "2026-03-07T12:34:56.789012+07:00",
        "07:00-14:00/14:00-21:00",
        "Rp 1.500.000,00, IDR 1,500,000,000",
    ],
)
def test_dates_hours_and_amounts_stay_whatever_stands_beside_them(text):
    assert masked(text) == text


def test_nine_digits_are_a_long_number():
    assert masked("12345678, 123456789") == f"12345678, {MASK}6789"


@given(divided(), HARMLESS, HARMLESS)
def test_a_divided_number_among_what_staff_need(number, before, after):
    found = masked(f"{before} HP {number}, {after}")
    last = "".join(filter(str.isdigit, number))[-4:]
    sign = number[0].strip("0123456789")
    assert found == f"{before} HP {sign}{MASK}{last}, {after}"


@given(st.lists(HARMLESS), st.sampled_from([", ", " s.d. ", "; "]))
def test_what_staff_need_stays(parts, between):
    text = between.join(parts)
    assert masked(text) == text[:LONGEST]


@given(st.builds(date.strftime, DATES, DATE_FORMATS) | st.just("07.00-14.00"))
def test_a_number_does_not_run_into_a_date_or_hours_beside_it(text):
    assert masked(f"0812-3456-7890 {text}") == f"{MASK}7890 {text}"


@given(st.text() | st.from_regex(r"([0-9]{5,20}[^0-9]?)+"))
def test_no_long_number_is_left_and_nothing_else_is_touched(text):
    found = masked(text)
    assert all(
        len(part) < 9 for part in "".join(c if c in "0123456789" else " " for c in found).split()
    )
    assert len(found) <= LONGEST
    assert masked(found) == found


PARTS = ["1", "1 ", "1.", "1/", "1:", "12:34:", "07-03-", "07.00-", "Rp 1.000", "•"]


@pytest.mark.parametrize("part", PARTS)
def test_it_takes_no_longer_than_a_text_is_long(part):
    began = time.perf_counter()
    masked(part * 200_000)
    assert time.perf_counter() - began < 5
