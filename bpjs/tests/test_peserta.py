from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpjs.errors import UnreadableError
from bpjs.pcare import read_peserta
from bpjs.peserta import Peserta

ANSWER = {
    "noKartu": "0001000000001",
    "nama": "PESERTA CONTOH",
    "sex": "P",
    "tglLahir": "11-02-1951",
    "kdProviderPst": {"kdProvider": "0001R001", "nmProvider": "Klinik Contoh"},
    "kdProviderGigi": None,
    "jnsKelas": {"kode": "3", "nama": "KELAS III"},
    "noHP": "080000000000",
    "noKTP": "3200000000000001",
    "aktif": True,
    "ketAktif": "AKTIF",
    "tunggakan": 0,
}
PESERTA = Peserta(
    no_kartu="0001000000001",
    nik="3200000000000001",
    nama="PESERTA CONTOH",
    jenis_kelamin="P",
    tgl_lahir=date(1951, 2, 11),
    no_hp="080000000000",
    kd_provider="0001R001",
    nm_provider="Klinik Contoh",
    kelas="KELAS III",
    aktif=True,
    ket_aktif="AKTIF",
    tunggakan=0,
)
NOTHING_ELSE = Peserta("0001000000001", "", "", "", None, "", "", "", "", None, "", None)


def test_a_whole_answer():
    assert read_peserta(ANSWER) == PESERTA


def test_a_card_is_enough():
    assert read_peserta({"noKartu": ANSWER["noKartu"]}) == NOTHING_ELSE
    assert read_peserta(dict.fromkeys(ANSWER) | {"noKartu": ANSWER["noKartu"]}) == NOTHING_ELSE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"noKTP": 3200000000000001}, {"nik": "3200000000000001"}),
        ({"noKTP": "32**********0001"}, {"nik": ""}),
        ({"noKTP": "٣٢٠٠٠٠٠٠٠٠٠٠٠٠٠١"}, {"nik": ""}),
        ({"noHP": 80000000000}, {"no_hp": "80000000000"}),
        ({"nama": "  PESERTA \n CONTOH\0"}, {"nama": "PESERTA CONTOH"}),
        ({"sex": " l"}, {"jenis_kelamin": "L"}),
        ({"sex": "LP"}, {"jenis_kelamin": ""}),
        ({"tglLahir": "1951-02-11"}, {"tgl_lahir": None}),
        ({"tglLahir": "30-02-1951"}, {"tgl_lahir": None}),
        ({"tglLahir": 11021951}, {"tgl_lahir": None}),
        ({"jnsKelas": "KELAS III"}, {"kelas": ""}),
        ({"kdProviderPst": []}, {"kd_provider": "", "nm_provider": ""}),
        ({"aktif": "true"}, {"aktif": True}),
        ({"aktif": 1}, {"aktif": True}),
        ({"aktif": "False"}, {"aktif": False}),
        ({"aktif": 0}, {"aktif": False}),
        ({"aktif": "AKTIF"}, {"aktif": None}),
        ({"aktif": []}, {"aktif": None}),
        ({"tunggakan": "3"}, {"tunggakan": 3}),
        ({"tunggakan": True}, {"tunggakan": None}),
        ({"tunggakan": -1}, {"tunggakan": None}),
        ({"tunggakan": 10**12}, {"tunggakan": None}),
    ],
)
def test_odd_types(change, expected):
    assert read_peserta(ANSWER | change) == replace(PESERTA, **expected)


@pytest.mark.parametrize("number", [None, "", 1000000001, "000100000000", "000100000000X", ["0"]])
def test_nobody_without_a_card(number):
    with pytest.raises(UnreadableError):
        read_peserta(ANSWER | {"noKartu": number})


@pytest.mark.parametrize("response", [None, "", "0001000000001", [ANSWER], 1, {}])
def test_no_participant(response):
    with pytest.raises(UnreadableError):
        read_peserta(response)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["kode", "nama", "kdProvider", "nmProvider"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
answers = st.fixed_dictionaries({key: st.just(value) | anything for key, value in ANSWER.items()})


@settings(deadline=None, max_examples=300)
@given(answers)
def test_whatever_is_said_is_readable_or_unreadable(response):
    try:
        peserta = read_peserta(response)
    except UnreadableError:
        return
    assert len(peserta.no_kartu) == 13
    assert len(peserta.nik) in (0, 16)
    assert (peserta.no_kartu + peserta.nik).isascii()
    assert peserta.jenis_kelamin in ("", "L", "P")
    assert peserta.aktif in (True, False, None)
    assert peserta.tunggakan is None or 0 <= peserta.tunggakan < 2**31
    assert peserta.tgl_lahir is None or type(peserta.tgl_lahir) is date
    for text in (peserta.nama, peserta.no_hp, peserta.kd_provider, peserta.kelas):
        assert text == " ".join(text.split())
        assert "\0" not in text
