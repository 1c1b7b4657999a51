from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpjs import reason
from bpjs.daftar import MOST_TURNS, Daftar, Terdaftar
from bpjs.errors import UnreadableError


def row(number, **more):
    return {
        "noUrut": f"A{number}",
        "peserta": {"noKartu": f"{number:013d}", "nama": f"Peserta {number}"},
        "poli": {"kdPoli": "001", "nmPoli": "UMUM"},
        "status": "Baru",
        **more,
    }


def numbers(daftar):
    return sorted(int(found.no_kartu) for found in daftar.rows)


class Pcare:
    """PCare's list of a day; `meanwhile` changes it after each page."""

    def __init__(self, rows, page=15, meanwhile=lambda rows: None):
        self.rows, self.page, self.meanwhile, self.asked = list(rows), page, meanwhile, []

    def __call__(self, start):
        self.asked.append(start)
        page = self.rows[start : start + self.page]
        answer = {"count": len(self.rows), "list": page} if page else None
        self.meanwhile(self.rows)
        return answer


@given(st.integers(0, 120), st.integers(1, 40))
def test_every_row_once_however_many_come_at_once(count, page):
    daftar, pcare = Daftar(), Pcare(map(row, range(count)), page)
    daftar.read(pcare)
    assert numbers(daftar) == list(range(count))
    assert (daftar.is_whole, daftar.unreadable, daftar.count) == (True, 0, count)
    assert pcare.asked == list(range(0, max(count, 1), page)), "nothing is asked twice"


@given(st.integers(1, 60), st.integers(2, 20), st.integers(1, 30), st.booleans())
def test_who_is_registered_meanwhile_is_found_and_pushes_nobody_out(count, page, new, newest_first):
    coming = iter(range(1000, 1000 + new))

    def register(rows):
        for number in (n for n in [next(coming, None)] if n):
            rows.insert(0 if newest_first else len(rows), row(number))

    daftar, pcare = Daftar(), Pcare(map(row, range(count)), page, register)
    daftar.read(pcare)
    met = {int(found["peserta"]["noKartu"]) for found in pcare.rows}
    assert set(range(count)) <= set(numbers(daftar)) <= met


@given(st.integers(1, 60), st.integers(2, 20), st.integers(1, MOST_TURNS))
def test_who_is_taken_back_meanwhile_hides_nobody(count, page, gone):
    left = iter(range(gone))

    def take_back(rows):
        if rows and next(left, None) is not None:
            del rows[0]

    daftar, pcare = Daftar(), Pcare(map(row, range(count)), page, take_back)
    daftar.read(pcare)
    assert {int(found["peserta"]["noKartu"]) for found in pcare.rows} <= set(numbers(daftar))


def test_a_list_that_always_loses_rows_has_no_end():
    def churn(rows):
        del rows[0]

    daftar = Daftar()
    with pytest.raises(UnreadableError) as error:
        daftar.read(Pcare(map(row, range(2000)), 10, churn))
    assert error.value.reason == reason.NO_END
    assert not daftar.is_whole


def test_what_is_expected_is_looked_for_once_more():
    """One went and one came, so the count tells of nothing, and row 10 slipped by."""
    for wanted, is_met in ((frozenset(), False), ({(f"{10:013d}", "001")}, True)):
        once = iter([True])

        def change(rows, once=once):
            if next(once, False):
                del rows[0]
                rows.append(row(99))

        daftar, pcare = Daftar(), Pcare(map(row, range(25)), 10, change)
        daftar.read(pcare, wanted)
        assert (10 in numbers(daftar)) == is_met
        assert daftar.is_whole


def test_what_is_expected_and_is_not_there_is_looked_for_twice_only():
    pcare = Pcare(map(row, range(25)), 10)
    daftar = Daftar()
    daftar.read(pcare, {("9", "001")})
    assert pcare.asked == [0, 10, 20] * 2 + [25]
    assert numbers(daftar) == list(range(25))


def test_the_second_look_keeps_what_the_first_has_found():
    shrinking = iter([False, False, False, True, True])

    def lose(rows):
        if next(shrinking, False):
            del rows[0]

    daftar = Daftar()
    daftar.read(Pcare(map(row, range(25)), 10, lose), {("9", "001")})
    assert numbers(daftar) == list(range(25))


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "row",
        {},
        row(1, peserta=None),
        row(1, poli={"kdPoli": ""}),
        row(1, noUrut=None),
        row(1, noUrut=True),
        row(1, noUrut={"x": 1}),
    ],
)
def test_a_row_that_does_not_say_whose_it_is_is_counted(odd):
    daftar = Daftar()
    daftar.read(Pcare([row(1), odd, row(2)]))
    assert (numbers(daftar), daftar.unreadable, daftar.is_whole) == ([1, 2], 1, True)


def test_keys_and_numbers_as_they_come():
    daftar = Daftar()
    daftar.read(Pcare([{"NOURUT": 7, "Peserta": {"nokartu": "1"}, "poli": {"KDPOLI": "001"}}]))
    assert daftar.rows == [Terdaftar("1", "001", "7")]


def test_who_is_served_while_the_list_is_read_twice_is_one():
    def serve(rows):
        rows[0] = rows[0] | {"status": "Sudah dilayani"}

    daftar = Daftar()
    daftar.read(Pcare(map(row, range(25)), 10, serve), {("9", "001")})
    assert numbers(daftar) == list(range(25))


def test_one_that_is_there_twice_is_two():
    daftar = Daftar()
    daftar.read(Pcare([row(1), row(1, noUrut="A9")]))
    assert [found.no_urut for found in daftar.rows] == ["A1", "A9"]


def test_rows_that_are_the_same_throughout_are_one():
    daftar, pcare = Daftar(), Pcare([row(1), row(1), row(2)])
    daftar.read(pcare)
    assert (numbers(daftar), pcare.asked) == ([1, 2], [0])


def test_a_bare_list_ends_with_an_empty_page():
    daftar = Daftar()
    pages = iter([[row(1), row(2)], [row(3)], None])
    daftar.read(lambda start: next(pages))
    assert numbers(daftar) == [1, 2, 3]


def test_what_was_read_stays_where_the_rest_cannot_be_had():
    for broken in ("no list", {"count": 30, "list": "x"}):
        daftar = Daftar()
        pages = iter([{"count": 30, "list": [row(n) for n in range(15)]}, broken])
        with pytest.raises(UnreadableError) as error:
            daftar.read(lambda start, pages=pages: next(pages))
        assert error.value.reason == reason.NO_LIST
        assert (numbers(daftar), daftar.count, daftar.is_whole) == (list(range(15)), 30, False)


@given(st.integers(1, 60), st.integers(1, 20))
def test_what_is_expected_is_missing_only_where_a_page_was_empty(count, page):
    """A count may be that of the page."""
    pcare = Pcare(map(row, range(count)), page)

    def ask(start):
        answer = pcare(start)
        return answer and answer | {"count": len(answer["list"])}

    daftar, last = Daftar(), row(count - 1)
    with suppress(UnreadableError):  # such a count may seem to shrink
        daftar.read(ask, {(last["peserta"]["noKartu"], "001")})
    assert daftar.is_whole == (numbers(daftar) == list(range(count)))
    assert daftar.is_whole or count % page
