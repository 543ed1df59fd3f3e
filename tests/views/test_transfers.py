import pandas as pd
import pytest

from analysis.views import transfers
from analysis.views.parameters import Parameters

ONE = Parameters()


def destination(book):
    return transfers.by_destination(transfers.reported(book, ONE)).iloc[0]


def test_single_movements_add_up_and_claims_about_one_do_not(make_ledger):
    book = make_ledger(
        transfers=[
            {"source_id": "a"},
            {"source_id": "b"},
            {"transfer_id": "second", "people_min": "5", "people_max": ""},
        ]
    )
    row = destination(book)
    assert (row["movements"], row["people_low"]) == (2, 15)
    assert row[["people_high"]].isna().all()


def test_ceilings_plans_and_running_totals_stand_beside_and_are_never_added(make_ledger):
    book = make_ledger(
        transfers=[
            {},
            {"transfer_id": "cap", "population": "cap", "people_min": "", "people_max": "250"},
            {"transfer_id": "plan", "population": "planned", "people_min": "40", "people_max": "40"},
            {"transfer_id": "sum", "population": "cumulative", "people_min": "5000", "people_max": ""},
        ]
    )
    row = destination(book)
    assert (row["movements"], row["people_low"], row["people_high"]) == (1, 10, 10)
    assert (row["cap_high"], row["planned_low"], row["cumulative_low"]) == (250, 40, 5000)
    assert row[["cap_low", "cumulative_high", "mixed_low"]].isna().all()


def test_a_part_is_not_added_to_its_whole(make_ledger):
    part = {"transfer_id": "part", "part_of": "flight", "people_min": "4", "people_max": "4"}
    row = destination(make_ledger(transfers=[{}, part]))
    assert (row["movements"], row["people_low"]) == (1, 10)


def test_a_movement_with_own_nationals_stands_beside(make_ledger):
    row = destination(make_ledger(transfers=[{}, {"population": "mixed", "people_min": "12", "people_max": "12"}]))
    assert (row["people_low"], row["mixed_low"]) == (10, 12)


CAP = {"transfer_id": "cap", "arrangement_id": "swz-removal-2025", "population": "cap", "people_min": ""}
TOTAL = {"transfer_id": "sum", "population": "cumulative", "people_min": "5000", "people_max": ""}


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (CAP, "; 1 more have only ceilings, plans or running totals."),
        (TOTAL, ". Running totals are not added; the largest is 5,000 or more (Rwanda)."),
    ],
    ids=["a ceiling elsewhere", "a running total"],
)
def test_the_headline_counts_people_and_movements_and_names_what_stands_beside(make_ledger, beside, words):
    destinations = transfers.by_destination(transfers.reported(make_ledger(transfers=[{}, beside]), ONE))
    counted = "By 1 May 2025, **10 people** were reported in 1 single movement to 1 country"
    assert transfers.headline(destinations, pd.Timestamp("2025-05-01")) == counted + words
