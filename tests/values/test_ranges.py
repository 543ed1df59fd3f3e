import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.values import ranges

BOUND = st.one_of(st.none(), st.integers(0, 10**9))
RANGES = st.lists(
    st.tuples(BOUND, BOUND).map(lambda p: tuple(sorted(p)) if None not in p else p), min_size=1, max_size=6
)


@given(RANGES)
def test_a_sum_is_open_at_the_top_if_any_part_is(parts):
    low, high = ranges.add([a for a, _ in parts], [b for _, b in parts])
    known = [(a, b) for a, b in parts if a is not None or b is not None]
    if not known:
        assert (low, high) == (None, None)
    else:
        assert low == sum(a or 0 for a, _ in known)
        assert (high is None) == any(b is None for _, b in known)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, "not reported"),
        (float("nan"), 5, "up to 5"),
        (100, None, "100 or more"),
        (7, 7, "7"),
        (4_700_000, 7_500_000, "4,700,000 to 7,500,000"),
        (0, 0, "0"),
        (1.5, 1.5, "1.50"),
    ],
)
def test_ranges_in_words(low, high, words):
    assert ranges.show_range(low, high) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (100, None, "100 or more people"),
        (1, 1, "1 person"),
        (None, 1, "up to 1 person"),
        (1, None, "1 or more people"),
        (0, 1, "0 to 1 people"),
        (None, None, "not reported"),
    ],
)
def test_the_unit_follows_the_number_in_the_singular_where_that_is_one(low, high, words):
    assert ranges.show_range(low, high, "people", "person") == words
