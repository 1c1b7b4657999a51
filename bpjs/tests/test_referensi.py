import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs import referensi
from bpjs.errors import UnreadableError
from bpjs.referensi import Praktek, Referensi

UMUM, GIGI = Referensi("001", "Poli Umum"), Referensi("002", "Poli Gigi")
SATU = Praktek(11101, "dr. Contoh Satu", "07:00-14:00", 60)


@pytest.mark.parametrize(
    "rows",
    [
        [{"kdPoli": "001", "nmPoli": "Poli Umum", "poliSakit": True}],
        [{"namapoli": "Poli Umum", "kodepoli": "001", "nmsubspesialis": "", "kdsubspesialis": ""}],
        [{"nmpoli": " Poli  Umum ", "kdpoli": "001"}],
        [{"KODEPOLI": "001", "NamaPoli": "Poli Umum"}],
        [{"kdPoli": "001", "nmPoli": "Poli Umum"}, {"kdPoli": "001", "nmPoli": "Poli Lain"}],
        [{"kdPoli": None, "nmPoli": "Poli Lain"}, {"kdPoli": "001", "nmPoli": "Poli Umum"}, {}],
    ],
)
def test_poli(rows):
    for response in (rows, {"count": len(rows), "list": rows}):
        assert referensi.poli(response) == [UMUM]


@pytest.mark.parametrize(
    ("said", "poli_sakit"),
    [
        (True, True),
        (False, False),
        ("false", False),
        (0, False),
        ("True", True),
        (None, True),
        ("", True),
        ([], True),
        (0.5, True),
    ],
)
def test_only_what_is_said_to_be_none_is_no_poli_for_the_sick(said, poli_sakit):
    row = {"kdPoli": "021", "nmPoli": "Konseling", "poliSakit": said}
    assert referensi.poli([row]) == [Referensi("021", "Konseling", poli_sakit)]


def test_the_order_of_bpjs_stays():
    rows = [{"kdPoli": kode, "nmPoli": nama} for kode, nama in (("002", "Poli Gigi"), ("001", ""))]
    assert referensi.poli(rows) == [GIGI, Referensi("001", "")]


@pytest.mark.parametrize("kode", [11101, "11101", " 11101 "])
def test_dokter(kode):
    expected = [Referensi("11101", "dr. Contoh Satu")]
    assert referensi.dokter([{"kdDokter": kode, "nmDokter": "dr. Contoh Satu"}]) == expected
    assert referensi.dokter([{"kodedokter": kode, "namadokter": "dr. Contoh Satu"}]) == expected


@pytest.mark.parametrize(
    "change",
    [{}, {"kodedokter": "11101"}, {"kapasitas": "60"}, {"kdDokter": 11101, "kodedokter": None}],
)
def test_jadwal(change):
    row = {
        "namadokter": "dr. Contoh Satu",
        "kodedokter": 11101,
        "jampraktek": "07:00-14:00",
        "kapasitas": 60,
    }
    assert referensi.jadwal([row | change, row]) == [SATU]


@pytest.mark.parametrize("kapasitas", [None, "", "banyak", True, -1, 1.5])
def test_an_odd_capacity_is_none(kapasitas):
    row = {"kodedokter": 1, "jampraktek": "07:00-14:00", "kapasitas": kapasitas}
    assert referensi.jadwal([row]) == [Praktek(1, "", "07:00-14:00", 0)]


def test_hours_are_kept_as_bpjs_writes_them():
    rows = [{"kodedokter": 1, "jampraktek": hours} for hours in ("7.00 - 9.30", "sore", "sore")]
    assert [row.jam_praktek for row in referensi.jadwal(rows)] == ["7.00 - 9.30", "sore"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07:00-14:00", (420, 840)),
        (" 7.30 - 24.00 ", (450, 1440)),
        ("21:00-07:00", (1260, 1860)),
        ("16:00-00:00", (960, 1440)),
        ("00:00-24:00", (0, 1440)),
        ("07:00-07:00", None),
        ("00:00-00:00", None),
        ("24:00-07:00", None),
        ("07:00-24:30", None),
        ("07:60-09:00", None),
        ("07:00-24:01", None),
        ("07:00", None),
        ("sore", None),
        ("", None),
    ],
)
def test_menit(text, expected):
    assert referensi.menit(text) == expected


PARSERS = [referensi.poli, referensi.dokter, referensi.jadwal]


@pytest.mark.parametrize("parser", PARSERS)
def test_nothing_is_an_empty_list(parser):
    for nothing in (None, "", [], {}, {"count": 0, "list": None}):
        assert parser(nothing) == []


@pytest.mark.parametrize(
    ("rows", "is_whole"),
    [([], True), ([1], True), ([1, 1], True), ([1, None], False), ([1, "?"], False)],
)
def test_whether_every_row_could_be_read(rows, is_whole):
    made = {1: {"kodedokter": 1, "jampraktek": "07:00-14:00", "kodepoli": "001"}, "?": {}}
    rows = [made.get(row) for row in rows]
    assert [parser(rows).is_whole for parser in PARSERS] == [is_whole] * 3


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "response", ["001", 1, {"count": 1}, {"list": "001"}, [None], [{}], [{"nmPoli": "Poli Umum"}]]
)
def test_what_cannot_be_read_is_not_an_empty_list(parser, response):
    with pytest.raises(UnreadableError):
        parser(response)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("No Content", True),
        ("Jadwal Dokter tidak ditemukan", True),
        ("Data tidak ditemukan", True),
        ("Signature tidak sesuai", False),
        ("", False),
    ],
)
def test_what_says_that_a_list_is_empty(message, expected):
    assert bool(referensi.NO_ROWS.search(message)) is expected


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(
    ["kdPoli", "nmPoli", "kodepoli", "namapoli", "kdDokter", "nmDokter", "kodedokter"]
    + ["namadokter", "jampraktek", "kapasitas", "poliSakit", "list", "count"]
)
near_misses = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(near_misses)
def test_any_answer_is_read_or_refused(response):
    for parser in PARSERS:
        try:
            rows = parser(response)
        except UnreadableError:
            continue
        assert len({row.key for row in rows}) == len(rows)
        for row in rows:
            assert isinstance(row, Referensi | Praktek)
            texts = (
                (row.kode, row.nama)
                if isinstance(row, Referensi)
                else (row.nm_dokter, row.jam_praktek)
            )
            assert all("\0" not in text and text == text.strip() for text in texts)


@settings(deadline=None)
@given(st.text(max_size=12) | st.from_regex(referensi.HOURS, fullmatch=True))
def test_hours_begin_within_the_day_and_end_within_a_day_after(text):
    found = referensi.menit(text)
    assert found is None or 0 <= found[0] < 24 * 60
    assert found is None or found[0] < found[1] < found[0] + 24 * 60 or found == (0, 24 * 60)
