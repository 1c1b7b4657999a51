from datetime import date

import pytest

from bpjs import pcare
from bpjs.answer import Answer
from bpjs.client import Client, Credentials
from bpjs.masking import masked
from bpjs.outcome import MISCONFIGURED, classify
from bpjs.pages import Pages
from bpjs.pcare import PCARE
from bpjs.tests.adversary import CREATED, Adversary, answer

KARTU = "0001000000001"
POST = pcare.pendaftaran_add(
    kd_provider_peserta="0001R001", tanggal=date(2026, 3, 7), no_kartu=KARTU, kd_poli="001"
)


def test_no_date_is_odd_enough_to_fail():
    date_header = "Date: Mon, 01 Jan 2024 00:00:00 +99999999999999999999"

    def play(guest):
        guest.request()
        guest.send(answer(CREATED, date_header))

    with Adversary(play) as adversary:
        client = Client(PCARE, adversary.url, Credentials("1", "2", "3"), read_timeout=3)
        assert client.send(POST).date is None


def test_considered_is_no_consumer_id():
    answer = Answer(412, 412, "The date is considered invalid", None)
    assert classify(POST, answer).kind != MISCONFIGURED


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_count_below_what_has_come_is_no_end(count):
    pages = Pages()
    pages.take({"count": count, "list": [1, 2, 3]})
    assert not pages.is_over
    pages.take({"count": count, "list": [4]})
    assert not pages.is_over
    pages.take(None)
    assert pages.is_over


@pytest.mark.parametrize("between", ["/", "_", ",", "\u200b", "\u2212", "'", ":"])
def test_a_number_is_masked_whatever_divides_it(between):
    text = between.join(("0001", "0000", "00042"))
    assert "0001" not in masked(f"Kartu {text} salah")
