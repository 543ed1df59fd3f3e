"""Spans of approach, agreement and arrival, and when they became public; the rule *Timing* of the Method."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import load
from analysis.values import dates
from analysis.views import positions, timing
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


def the_country(ledger):
    (row,) = timing.by_country(ledger, DEFAULTS).to_dict("records")
    return row


def day(text):
    return pd.Timestamp(text)


def test_a_span_is_drawn_as_reported(make_ledger):
    row = the_country(make_ledger(steps=[{"step": "asked", "date": "2025-01-20/2025-01-31"}]))
    assert (row["approach_earliest"], row["approach_latest"]) == (day("2025-01-20"), day("2025-01-31"))


def test_has_been_asked_leaves_the_start_open(make_ledger):
    row = the_country(make_ledger(steps=[{"step": "asked", "date": "../2025-04-01"}]))
    assert pd.isna(row["approach_earliest"])
    assert row["approach_latest"] == day("2025-04-01")


def test_an_approach_that_nothing_bounds_was_made_by_its_report(make_ledger):
    ledger = make_ledger(steps=[{"step": "asked", "date": ""}])
    rows = timing.by_country(ledger, Parameters())
    assert timing.headline(rows, ledger.as_of).startswith(
        "By 1 May 2025, **1 country was** reported to have been approached or to stand further. "
        "The earliest contact reported is that with Rwanda (by 1 May 2025)."
    )


def test_a_report_whose_origin_has_no_day_leaves_open_when_it_was_first_public(make_ledger):
    sources = [{"source_id": "wire", "published": ""}]
    ledger = make_ledger(sources=sources, steps=[{"step": "asked", "source_id": "a", "origin_id": "wire"}])
    (row,) = timing.by_country(ledger, Parameters()).to_dict("records")
    assert pd.isna(row["public_earliest"])
    assert row["public_latest"] == pd.Timestamp("2025-05-01")


def test_a_bound_does_not_widen_a_dated_span(make_ledger):
    steps = [{"step": "asked", "date": "2025-01-20/2025-01-31"}, {"step": "asked", "date": "../2025-05-01"}]
    row = the_country(make_ledger(steps=steps))
    assert (row["approach_earliest"], row["approach_latest"]) == (day("2025-01-20"), day("2025-01-31"))


def test_an_agreement_closes_the_time_of_the_approach(make_ledger):
    steps = [{"step": "asked", "date": "../2025-05-01"}, {"step": "agreed", "date": "2025-02-17"}]
    row = the_country(make_ledger(steps=steps))
    assert row["approach_latest"] == row["contact_latest"] == day("2025-02-17")


def test_event_report_and_lag_are_kept_apart(make_ledger):
    sources = [{"source_id": "wire", "published": "2025-05-06"}, {"source_id": "copy", "published": "2025-05-20"}]
    steps = [{"step": "asked", "date": "2025-01-20/2025-01-31", "source_id": "copy", "origin_id": "wire"}]
    row = the_country(make_ledger(sources=sources, steps=steps))
    assert (row["public_earliest"], row["public_latest"]) == (day("2025-05-06"), day("2025-05-06"))
    assert (row["lag_days_min"], row["lag_days_max"]) == (95, 106)


def test_named_alone_a_denial_and_a_doubtful_claim_are_no_approach(make_ledger):
    steps = [{"step": "named"}, {"step": "asked", "stance": "denies"}, {"step": "agreed", "doubtful": "true"}]
    assert timing.by_country(make_ledger(steps=steps), DEFAULTS).empty


def test_an_undated_claim_dates_no_approach(make_ledger):
    sources = [{"source_id": "undated", "published": "", "published_basis": "unknown"}]
    steps = [{"step": "asked", "date": "2025-03", "source_id": "undated"}, {"arrangement_id": "swz-removal-2025"}]
    table = timing.by_country(make_ledger(sources=sources, steps=steps), DEFAULTS)
    assert table["receiver"].to_list() == ["SWZ"]


LATE = [{"source_id": "paper", "published": "2026-01-01"}]
DATES = st.sampled_from(["2025-02", "../2025-03-01", "2025-01-20/2025-02-10", "2025-04-05", "2025", "../2025-04-30"])
STEPS = st.sampled_from(["asked", "in_talks", "agreed", "received"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STEPS, DATES), min_size=1, max_size=6))
def test_bounds_are_in_order_and_no_later_than_any_claim_allows(make_ledger, rows):
    row = the_country(make_ledger(sources=LATE, steps=[{"step": step, "date": date} for step, date in rows]))
    assert row["contact_latest"] == min(day(dates.parse(date).latest) for _, date in rows)
    for event in ("approach", "agreement", "arrival", "contact"):
        low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
        assert pd.isna(low) or low <= high


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DATES, min_size=1, max_size=5))
def test_the_cumulative_count_only_grows_and_its_bounds_are_in_order(make_ledger, texts):
    codes = ["rwa", "swz", "gha", "uga", "ssd"]
    steps = [{"arrangement_id": f"{code}-removal-2025", "date": date} for code, date in zip(codes, texts, strict=False)]
    countries = timing.by_country(make_ledger(sources=LATE, steps=steps), DEFAULTS)
    grown = timing.cumulative(countries, "contact", "2025-01-20")
    assert (grown["countries_low"] <= grown["countries_high"]).all()
    assert grown["countries_low"].is_monotonic_increasing
    assert grown["countries_high"].is_monotonic_increasing
    assert grown.iloc[-1][["countries_low", "countries_high"]].to_list() == [len(texts), len(texts)]


def test_each_day_of_the_curve_names_the_claims_of_the_countries_it_adds(make_ledger):
    steps = [
        {"arrangement_id": "rwa-removal-2025", "date": "2025-02-01", "claim_id": "c00001"},
        {"arrangement_id": "swz-removal-2025", "date": "2025-03", "claim_id": "c00002"},
    ]
    grown = timing.cumulative(timing.by_country(make_ledger(steps=steps), DEFAULTS), "contact", "2025-01-20")
    assert grown[["countries_low", "countries_high", "claim_ids"]].to_numpy().tolist() == [
        [0, 0, ""], [1, 1, "c00001"], [1, 2, ""], [2, 2, "c00002"],
    ]  # fmt: skip


def test_the_headline_names_the_earliest_contact(make_ledger):
    steps = [
        {"arrangement_id": "ukr-removal-2025", "date": "2025-01-20/2025-01-31"},
        {"arrangement_id": "rwa-removal-2025", "date": "../2025-04-01"},
    ]
    ledger = make_ledger(steps=steps)
    assert timing.headline(timing.by_country(ledger, DEFAULTS), ledger.as_of) == (
        "By 1 May 2025, **2 countries were** reported to have been approached or to stand further. "
        "The earliest contact reported is that with Ukraine (20 Jan 2025 to 31 Jan 2025). "
        "Reports of 1 May 2025 made 2 of them public, the most of any day."
    )
    earlier = make_ledger(steps=[*steps, {"arrangement_id": "gha-removal-2025", "date": "../2025-01-25"}])
    text = timing.headline(timing.by_country(earlier, DEFAULTS), earlier.as_of)
    assert "The earliest contact reported is that with Ghana (by 25 Jan 2025)." in text
    denied = timing.headline(timing.by_country(earlier, DEFAULTS), earlier.as_of, ["GHA"])
    assert (
        "The earliest contact reported is that with Ghana (by 25 Jan 2025), which another claim denies; the earliest that none "
        "denies is that with Ukraine (20 Jan 2025 to 31 Jan 2025)." in denied
    )
    alone = timing.headline(timing.by_country(earlier, DEFAULTS).head(1), earlier.as_of, ["GHA"])
    assert "that with Ghana (by 25 Jan 2025), which another claim denies. Reports" in alone
    none = timing.by_country(make_ledger(steps=[{"step": "named"}]), DEFAULTS)
    assert timing.headline(none, ledger.as_of) == "By 1 May 2025, no country had been reported as asked."


def test_an_event_needs_its_origins_in_one_arrangement_as_a_position_does(make_ledger):
    steps = [
        {"step": "agreed", "source_id": "a"},
        {"step": "agreed", "source_id": "b"},
        {"step": "received", "source_id": "a"},
        {"arrangement_id": "swz-removal-2025", "step": "agreed", "source_id": "a"},
        {"arrangement_id": "swz-transit-2025", "step": "agreed", "source_id": "b"},
        {"arrangement_id": "swz-transit-2025", "step": "asked", "source_id": "a"},
    ]
    dated = [row | {"date": "2025-04-01"} for row in steps]
    table = timing.by_country(make_ledger(steps=dated), Parameters(min_origins=2)).set_index("receiver")
    found = table[["approach_latest", "agreement_latest", "arrival_latest"]].notna()
    assert found.loc["RWA"].to_list() == [False, True, False]
    assert found.loc["SWZ"].to_list() == [True, False, False]


@pytest.mark.parametrize("min_origins", [1, 2, 3])
def test_the_countries_are_those_whose_position_is_asked_or_further(min_origins):
    ledger, parameters = load(), Parameters(min_origins=min_origins)
    standing = positions.by_country(ledger, parameters)
    table = timing.by_country(ledger, parameters)
    assert set(table["receiver"]) == set(positions.at_least(standing, "asked")["receiver"])
    for event, step in (("agreement", "agreed"), ("arrival", "received")):
        dated = table.loc[table[f"{event}_latest"].notna(), "receiver"]
        assert set(dated) <= set(positions.at_least(standing, step)["receiver"]), event
