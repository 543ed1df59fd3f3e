import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.values import dates
from analysis.views import timing
from analysis.views.parameters import Parameters

ONE = Parameters()


def row_of(book):
    return timing.by_country(book, ONE).iloc[0]


def day(text):
    return pd.Timestamp(text)


def test_a_span_is_drawn_as_reported(make_ledger):
    row = row_of(make_ledger(steps=[{"step": "asked", "date": "2025-01-20/2025-01-31"}]))
    assert (row["approach_earliest"], row["approach_latest"]) == (day("2025-01-20"), day("2025-01-31"))


def test_has_been_asked_leaves_the_start_open(make_ledger):
    row = row_of(make_ledger(steps=[{"step": "asked", "date": "../2025-04-01"}]))
    assert pd.isna(row["approach_earliest"])
    assert row["approach_latest"] == day("2025-04-01")


def test_a_bound_does_not_widen_a_dated_span(make_ledger):
    steps = [{"step": "asked", "date": "2025-01-20/2025-01-31"}, {"step": "asked", "date": "../2025-05-01"}]
    row = row_of(make_ledger(steps=steps))
    assert (row["approach_earliest"], row["approach_latest"]) == (day("2025-01-20"), day("2025-01-31"))


def test_an_agreement_closes_the_time_of_the_approach(make_ledger):
    row = row_of(
        make_ledger(steps=[{"step": "asked", "date": "../2025-05-01"}, {"step": "agreed", "date": "2025-02-17"}])
    )
    assert row["approach_latest"] == day("2025-02-17")
    assert row["contact_latest"] == day("2025-02-17")


def test_event_report_and_lag_are_kept_apart(make_ledger):
    sources = [{"source_id": "wire", "published": "2025-05-06"}, {"source_id": "copy", "published": "2025-05-20"}]
    steps = [{"step": "asked", "date": "2025-01-20/2025-01-31", "source_id": "copy", "origin_id": "wire"}]
    row = row_of(make_ledger(sources=sources, steps=steps))
    assert (row["public_earliest"], row["public_latest"]) == (day("2025-05-06"), day("2025-05-06"))
    assert (row["lag_min"], row["lag_max"]) == (95, 106)


def test_named_alone_is_not_an_approach(make_ledger):
    assert len(timing.by_country(make_ledger(steps=[{"step": "named"}]), ONE)) == 0


DATES = st.sampled_from(["2025-02", "../2025-03-01", "2025-01-20/2025-02-10", "2025-04-05", "2025", "../2025-04-30"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["asked", "in_talks", "agreed", "received"]), DATES), min_size=1, max_size=6))
def test_bounds_are_in_order_and_no_later_than_any_claim_allows(make_ledger, rows):
    made = [{"step": step, "date": date} for step, date in rows]
    row = row_of(make_ledger(sources=[{"source_id": "paper", "published": "2026-01-01"}], steps=made))
    assert row["contact_latest"] == min(day(dates.parse(date).latest) for _, date in rows)
    for event in ("approach", "agreement", "arrival", "contact"):
        low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
        if not pd.isna(low):
            assert low <= high


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DATES, min_size=1, max_size=5))
def test_the_cumulative_count_only_grows_and_its_bounds_are_in_order(make_ledger, texts):
    codes = ["rwa", "swz", "gha", "uga", "ssd"]
    steps = [{"arrangement_id": f"{c}-removal-2025", "date": d} for c, d in zip(codes, texts, strict=False)]
    book = make_ledger(sources=[{"source_id": "paper", "published": "2026-01-01"}], steps=steps)
    grown = timing.cumulative(timing.by_country(book, ONE), "contact", "2025-01-20")
    assert (grown["low"] <= grown["high"]).all()
    assert grown["low"].is_monotonic_increasing
    assert grown["high"].is_monotonic_increasing
    assert grown.iloc[-1][["low", "high"]].to_list() == [len(texts), len(texts)]


def test_the_headline_names_the_earliest_dated_contact(make_ledger):
    steps = [
        {"arrangement_id": "ukr-removal-2025", "date": "2025-01-20/2025-01-31"},
        {"arrangement_id": "rwa-removal-2025", "date": "../2025-04-01"},
    ]
    book = make_ledger(steps=steps)
    assert timing.headline(timing.by_country(book, ONE), book.as_of) == (
        "By 1 May 2025, **2 countries** were reported to have been approached or to stand further. "
        "The earliest dated contact is that with Ukraine (20 Jan 2025 to 31 Jan 2025). "
        "Most became public at once: 2 with reports of 1 May 2025."
    )
