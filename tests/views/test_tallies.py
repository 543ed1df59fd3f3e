"""Published counts beside what the ledger can name on their day; the rule *Published counts* of the Method."""

import pytest

from analysis.views import tallies
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


def the_count(ledger):
    (row,) = tallies.reconcile(ledger, DEFAULTS).to_dict("records")
    return row


def test_a_published_count_stands_beside_what_is_named_then_and_now(make_ledger):
    days = {"early": "2025-03-01", "count": "2025-06-01", "late": "2025-09-01"}
    ledger = make_ledger(
        sources=[{"source_id": name, "published": day} for name, day in days.items()],
        steps=[
            {"arrangement_id": "rwa-removal-2025", "step": "agreed", "source_id": "early"},
            {"arrangement_id": "swz-removal-2025", "step": "asked", "source_id": "early"},
            {"arrangement_id": "uga-removal-2025", "step": "received", "source_id": "late"},
        ],
        tallies=[{"source_id": "count", "counted": "agreed", "count_min": "7", "count_max": "7"}],
    )
    row = the_count(ledger)
    assert (row["count_min"], row["named_then"], row["named_now"], row["difference"]) == (7, 1, 2, 6)
    assert row["why"] == "no source read here names 6 of them at that step on that day"
    (strict,) = tallies.reconcile(ledger, Parameters(min_origins=2)).to_dict("records")
    assert strict["why"] == "no source read here names 7 of them at that step on that day, or fewer than 2 origins do"


@pytest.mark.parametrize(
    ("published", "difference", "why"),
    [
        (("2", "2"), 0, "the same number"),
        (("1", "1"), -1, "this ledger names 1 more at that step on that day"),
        (("1", ""), -1, "within the bounds that were published"),
        (("1", "4"), -1, "within the bounds that were published"),
        (("", "1"), -1, "this ledger names 1 more at that step on that day"),
    ],
)
def test_a_count_of_a_region_is_set_beside_that_region(make_ledger, published, difference, why):
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": "agreed"} for code in ("rwa", "swz", "xkx")]
    low, high = published
    cells = {"counted": "agreed", "count_min": low, "count_max": high, "among": "Africa"}
    row = the_count(make_ledger(steps=steps, tallies=[cells]))
    assert (row["named_then"], row["difference"], row["why"]) == (2, difference, why)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"counted": "payments", "unit": "usd", "count_min": "32000000"}, "counts US dollars, not countries"),
        ({"counted": "asked", "count_min": "9", "among": "part"}, "counts a part that the source does not list"),
        ({"counted": "declined", "count_min": "3"}, "counts what is no step"),
    ],
)
def test_what_cannot_be_compared_has_no_number_beside_it(make_ledger, cells, why):
    ledger = make_ledger(steps=[{}], tallies=[cells])
    table = tallies.reconcile(ledger, DEFAULTS)
    assert table[["named_then", "named_now", "difference"]].isna().all(axis=None)
    assert table["why"].to_list() == [why]


def test_for_another_programme_there_is_no_count_to_compare(make_ledger):
    ledger = make_ledger(steps=[{}], tallies=[{"count_min": "58"}])
    assert tallies.reconcile(ledger, Parameters(programme="uk-rwanda-2022")).empty


def test_as_many_origins_are_needed_beside_a_published_count_as_elsewhere(make_ledger):
    steps = [{"arrangement_id": "rwa-removal-2025", "source_id": who} for who in ("a", "b")]
    steps.append({"arrangement_id": "swz-removal-2025", "source_id": "a"})
    ledger = make_ledger(steps=steps, tallies=[{"count_min": "2", "count_max": "2"}])
    found = [tallies.reconcile(ledger, Parameters(min_origins=k))["named_then"].to_list() for k in (1, 2)]
    assert found == [[2], [1]]
