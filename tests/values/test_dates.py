import datetime as dt

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from analysis.values import dates

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
POINTS = st.builds(
    lambda day, size, about: day.isoformat()[:size] + about,
    DAYS,
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "~"]),
)


def as_date(struct):
    return dt.date(*struct[:3])


@given(POINTS)
def test_a_point_spans_what_edtf_says(text):
    span = dates.parse(text)
    oracle = parse_edtf(text)
    if text.endswith("~"):  # the oracle pads an approximate date; the ledger keeps the printed span and the mark
        oracle = parse_edtf(text.rstrip("~"))
    assert span.earliest == as_date(oracle.lower_strict())
    assert span.latest == as_date(oracle.upper_strict())
    assert span.about == text.endswith("~")


@given(DAYS, DAYS)
def test_an_interval_spans_from_its_first_to_its_last_day(a, b):
    first, last = sorted([a, b])
    span = dates.parse(f"{first}/{last}")
    assert (span.earliest, span.latest) == (first, last)
    if a != b:
        with pytest.raises(ValueError, match="the interval ends before it begins"):
            dates.parse(f"{last}/{first}")


@given(DAYS)
def test_a_day_lies_in_its_own_month_and_year(day):
    for size in (4, 7, 10):
        span = dates.parse(day.isoformat()[:size])
        assert span.earliest <= day <= span.latest


def test_open_ends_have_no_day():
    assert dates.parse("../2025-05-05") == dates.Span(None, dt.date(2025, 5, 5))
    assert dates.parse("2025-04/..") == dates.Span(dt.date(2025, 4, 1), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2025-02-29", "2025-02 has 28 days"),
        ("2025-13", "there is no month 13"),
        ("2025-00", "there is no month 00"),
        ("0000", "there is no year 0000"),
        ("2025-04-31", "2025-04 has 30 days"),
        ("../..", "an interval open at both ends says nothing"),
        ("2025-05/2025-04", "the interval ends before it begins"),
        ("Jul-25", "'Jul-25' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2025-1-2X", "'2025-1-2X' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2025/", "'' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("٢٠٢٥", "'٢٠٢٥' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("20250506", "'20250506' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2025-W19-3", "'2025-W19-3' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2025-05-06T10:00", "'2025-05-06T10:00' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_everything_else_is_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError) as error:  # noqa: PT011 the whole text is compared
        dates.parse(text)
    assert str(error.value) == reason


@pytest.mark.parametrize(
    ("mangled", "suggestion"),
    [
        ("Jul-25", "2025-07"),
        ("4-May-25", "2025-05-04"),
        ("May 4, 2025", "2025-05-04"),
        ("4 May 2025", "2025-05-04"),
        ("7/4/2025", "2025-07-04 or 2025-04-07"),
        ("13/4/2025", "2025-04-13"),
        ("2025/5/6", "2025-05-06"),
        ("2025-5", "2025-05"),
        ("45757", "2025-04-10 (if 45757 is a spreadsheet's serial number)"),
        ("soon", None),
    ],
)
def test_mangled_dates_get_a_suggestion(mangled, suggestion):
    assert dates.suggest(mangled) == suggestion


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not reported"),
        ("2025", "2025"),
        ("2025-02", "Feb 2025"),
        ("2025-05-06", "6 May 2025"),
        ("2025-04~", "about Apr 2025"),
        ("../2025-05-05", "by 5 May 2025"),
        ("2025-04-01/..", "1 Apr 2025 or later"),
        ("2025-01-20/2025-01-31", "20 to 31 Jan 2025"),
        ("2025-05-06/2025-05-06", "6 May 2025"),
        ("2025-03~/2025-03-10", "about Mar 2025 to 10 Mar 2025"),
        ("2025-03-06/2025-03~", "6 Mar 2025 to about Mar 2025"),
        ("2025-01-20/2025-02-03", "20 Jan to 3 Feb 2025"),
        ("2025-12-20/2026-01-03", "20 Dec 2025 to 3 Jan 2026"),
        ("2025-03/2025-03-16", "Mar 2025 to 16 Mar 2025"),
    ],
)
def test_dates_in_words(text, words):
    assert dates.show(text) == words


def test_a_day_is_written_in_one_way():
    assert dates.parse_day("2025-05-07") == dt.date(2025, 5, 7)
    for text in ("20250507", "2025-W19-3", "2025-05", "2025-05-07~", "2025-05-07/2025-05-08", "٢٠٢٥-٠٥-٠٧"):
        with pytest.raises(ValueError, match=r"^not of the form YYYY-MM-DD$"):
            dates.parse_day(text)
    with pytest.raises(ValueError, match=r"^2025-02 has 28 days$"):
        dates.parse_day("2025-02-29")
