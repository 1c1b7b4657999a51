import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpjs import reason
from bpjs.errors import UnreadableError
from bpjs.pages import MOST_PAGES, Pages


def read(list_, page_size, *, counts=None, pages=None):
    """Read a list as PCare gives it, `page_size` rows at once; `counts` is what it says it has."""
    pages, rows, counts = pages or Pages(), [], iter(counts or ())
    while not pages.is_over:
        page = list_[pages.start : pages.start + page_size]
        count = next(counts, len(list_))
        rows += pages.take({"count": count, "list": page} if page else None)
    return rows


def unfinished(*arguments, **more):
    with pytest.raises(UnreadableError) as error:
        read(*arguments, **more)
    return error.value.reason == reason.NO_END


@given(st.lists(st.integers() | st.none(), max_size=100), st.integers(1, 30))
def test_every_row_is_read_however_many_come_at_once(list_, page_size):
    assert read(list_, page_size) == list_


def test_no_more_is_asked_than_there_is():
    pages = Pages()
    assert pages.take({"count": 2, "list": [1, 2]}) == [1, 2]
    assert pages.is_over


@pytest.mark.parametrize("response", [None, "", {}, [], {"list": None}, {"count": 0, "list": []}])
def test_an_empty_page_is_the_end(response):
    pages = Pages()
    assert pages.take(response) == []
    assert pages.is_over


def test_without_a_count_only_an_empty_page_is_the_end():
    pages = Pages()
    assert pages.take([1, 2]) == [1, 2]
    assert not pages.is_over
    assert pages.take({"count": "?", "list": [3]}) == [3]
    assert not pages.is_over
    assert pages.take(None) == []
    assert pages.is_over


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_count_below_what_has_come_is_no_end(count):
    assert read([1, 2, 3, 4], 3, counts=[count] * 3) == [1, 2, 3, 4]


def test_rows_may_come_while_it_is_read():
    assert read([1, 2, 3, 4], 2, counts=[3, 4]) == [1, 2, 3, 4]


def test_rows_that_go_while_it_is_read_take_others_with_them():
    assert unfinished([1, 2, 3, 4], 2, counts=[5, 4])


def test_what_has_fewer_rows_than_it_says_was_not_read_to_its_end():
    assert unfinished([1, 2, 3], 2, counts=[9, 9, 9])


def test_what_has_no_end_is_given_up():
    asked = 0
    with pytest.raises(UnreadableError):
        pages = Pages()
        while True:
            asked += 1
            pages.take([asked])
    assert asked == MOST_PAGES


def test_what_is_no_list():
    with pytest.raises(UnreadableError):
        Pages().take("A1")


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner) | st.dictionaries(st.sampled_from(["count", "list"]), inner)
            ),
        )
    )
)
def test_whatever_comes_it_ends(responses):
    pages, start = Pages(), 0
    for response in responses:
        try:
            start += len(pages.take(response))
        except UnreadableError:
            return
        assert pages.start == start
        if pages.is_over:
            return
