"""The book under many threads at once."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from simulator.book import Book
from simulator.settings import DEFAULTS
from simulator.tests.caller import card, entry, registration

DAY = date(2026, 11, 23)
THREADS, ROUNDS = 8, 400


@pytest.fixture
def together():
    """Calls a function as often as there are threads, all at once, for many rounds."""

    barrier = Barrier(THREADS)

    def run(function):
        def every_round(_thread):
            for number in range(1, ROUNDS + 1):
                barrier.wait()
                function(number)

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(every_round, range(THREADS)))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads change places so often that a missing lock shows
    yield run
    sys.setswitchinterval(before)


def test_registrations_are_held_once_and_numbered_without_a_gap(together):
    book = Book(DEFAULTS)
    together(lambda n: book.register(card(n), "001", DAY, registration(n)))
    numbers = [int(item.nomor.removeprefix("A")) for item in book.registrations(DAY)]
    assert sorted(numbers) == list(range(1, ROUNDS + 1))


def test_antrean_entries_are_held_once(together):
    book = Book(DEFAULTS)
    together(lambda n: book.enqueue(card(n), "001", DAY, entry(n)))
    assert len(book.antrean()) == ROUNDS
