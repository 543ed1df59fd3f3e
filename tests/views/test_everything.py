"""The views as published: low, best and high of people and sums, and the health of a record; rules of the Method."""

import pandas as pd
import pytest

from analysis.views import everything
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()
FIRM = {"basis": "document"}


def published(ledger, view, **wanted):
    frame = everything.Views(ledger, DEFAULTS)[view]
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    (row,) = frame.to_dict("records")
    return row


def bounds(row):
    return [None if pd.isna(row[name]) else row[name] for name in ("low", "best", "high")]


def paid(low, high, **cells):
    return {"stage": "paid", "amount_min": str(low), "amount_max": str(high), **cells}


PAYMENTS = [
    pytest.param([paid(100, 100)], [100, 100, 100], id="one claim"),
    pytest.param([paid(100, 100, **FIRM), paid(80, 120, source_id="b")], [80, 100, 120], id="claims that differ"),
    pytest.param(
        [paid(100, 100, **FIRM), paid(90, "", source_id="b")], [90, 100, None], id="one claim open at the top"
    ),
    pytest.param([paid("", 100)], [None, None, 100], id="up to"),
]


@pytest.mark.parametrize(("rows", "expected"), PAYMENTS)
def test_a_payment_carries_the_chosen_figure_and_the_bounds_of_all_claims(make_ledger, rows, expected):
    assert bounds(published(make_ledger(payments=rows), "payments")) == expected


def test_a_sum_guesses_no_bound(make_ledger):
    rows = [
        paid(100, 100, **FIRM),
        paid(80, 120, source_id="b"),
        paid(10, 10, payment_id="other"),
        paid("", 5, payment_id="up to"),
    ]
    ledger = make_ledger(payments=rows)
    assert bounds(published(ledger, "payment_totals", stage="paid", firmness="all")) == [90, 110, 135]
    assert bounds(published(ledger, "answers", quantity="usd_paid")) == [90, 110, 135]
    as_published = {"choice": "as published here", "quantity": "usd_paid"}
    assert bounds(published(ledger, "sensitivity", **as_published)) == [90, 110, 135]
    open_top = make_ledger(payments=[*rows, paid(7, "", payment_id="at least")])
    assert bounds(published(open_top, "answers", quantity="usd_paid")) == [97, 117, None]


def test_people_of_a_destination_have_the_bounds_of_the_claims_they_rest_on(make_ledger):
    rows = [
        {"people_min": "8", "people_max": "8", **FIRM},
        {"people_min": "5", "people_max": "9", "source_id": "b"},
        {"people_min": "2", "people_max": "2", "transfer_id": "second"},
        {"people_min": "", "people_max": "500", "transfer_id": "ceiling", "population": "cap"},
    ]
    ledger = make_ledger(transfers=rows)
    assert bounds(published(ledger, "destinations")) == [7, 10, 11]
    assert bounds(published(ledger, "answers", quantity="people_at_least")) == [7, 10, 11]


def test_counts_of_countries_have_no_bounds(make_ledger):
    ledger = make_ledger(steps=[{"step": "received"}])
    assert bounds(published(ledger, "answers", quantity="countries_received")) == [None, 1, None]


DATED = {"date": "2025-04-01"}
HEALTH = [
    pytest.param([{"amount_max": ""}], 0.25, id="none but that it is no digest"),
    pytest.param([{}], 0.5, id="both bounds"),
    pytest.param([DATED], 0.75, id="dated"),
    pytest.param([{"date": "../2025-04-01"}], 0.5, id="dated from one side"),
    pytest.param([DATED, DATED | {"source_id": "b"}], 1.0, id="two origins"),
    pytest.param([DATED, DATED | {"source_id": "b", "origin_id": "paper"}], 0.75, id="two pages, one origin"),
    pytest.param([DATED | {"doubtful": "true", "note": "a misprint"}], 0.5, id="doubtful"),
    pytest.param([DATED | {"source_id": "digest"}], 0.5, id="digest"),
]


@pytest.mark.parametrize(("rows", "expected"), HEALTH)
def test_health_is_the_share_of_checks_that_a_record_passes(make_ledger, rows, expected):
    ledger = make_ledger(payments=rows, sources=[{"source_id": "digest", "kind": "digest"}])
    views = everything.Views(ledger, DEFAULTS)
    assert views["payments"]["health"].to_list() == [expected]
    assert set(views["claims"]["health"]) == {expected}


def test_what_has_no_figure_is_not_asked_for_bounds(make_ledger):
    rows = [DATED | {"step": "received"}, DATED | {"step": "received", "source_id": "b"}]
    views = everything.Views(make_ledger(steps=rows, acts=[DATED]), DEFAULTS)
    assert views["positions"]["health"].to_list() == views["arrangements"]["health"].to_list() == [1.0]
    assert views["acts"]["health"].to_list() == [0.67]
    assert views["claims"]["health"].to_list() == [1.0, 1.0, 0.67]


def test_an_undated_claim_keeps_what_it_says(make_ledger):
    sources = [{"source_id": "paper", "published": "", "published_basis": "unknown"}]
    rows = [{"transfer_id": "dated", "source_id": "b"}, {"people_min": "640", "people_max": "640"}]
    claims = everything.Views(make_ledger(transfers=rows, sources=sources), DEFAULTS)["claims"]
    undated = claims[claims["why_not"] == "undated"]
    assert undated[["value_min", "unit", "code", "thing_id"]].to_numpy().tolist() == [
        [640, "people", "third_country", "flight"]
    ]
