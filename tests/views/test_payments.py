"""Money: stages apart, parts and wholes, firmness, prices; the rule *Money* of the Method."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.views import payments, transfers
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


def sums(ledger):
    return payments.reported(ledger, DEFAULTS)


def totals(ledger):
    return payments.totals(sums(ledger)).set_index(["stage", "firmness"])


def amount(low, high=None, **cells):
    return {"amount_min": str(low), "amount_max": str(low if high is None else high), **cells}


def test_stages_are_never_added_and_paid_leads(make_ledger):
    stages = ("requested", "offered", "approved", "agreed", "spent", "paid")
    table = payments.totals(sums(make_ledger(payments=[{"stage": stage} for stage in stages])))
    everything = table[table["firmness"] == "all"]
    assert everything["stage"].to_list() == ["paid", "spent", "agreed", "approved", "offered", "requested"]
    assert everything["amount_usd_low"].to_list() == [100] * 6


def test_claims_about_the_same_money_count_once(make_ledger):
    rows = [{"source_id": "a"}, {"source_id": "b"}, {"source_id": "c", "payment_id": "other"}]
    row = totals(make_ledger(payments=rows)).loc[("agreed", "all")]
    assert row[["amount_usd_low", "payments", "countries"]].to_list() == [200, 2, 1]


@pytest.mark.parametrize(
    "cells",
    [
        {"unit": "programme_total"},
        {"unit": "per_person"},
        {"currency": "EUR"},
        {"amount_min": "", "amount_max": "", "currency": ""},
        {"stance": "denies"},
        {"arrangement_id": "any-removal-2025"},
    ],
    ids=["umbrella", "price", "other currency", "no sum", "denied only", "no one country"],
)
def test_what_cannot_be_added_is_in_no_total(make_ledger, cells):
    row = totals(make_ledger(payments=[{}, {"payment_id": "other", **cells}])).loc[("agreed", "all")]
    assert row[["amount_usd_low", "amount_usd_high", "payments"]].to_list() == [100, 100, 1]


def test_a_part_is_not_added_where_its_whole_is_at_the_same_stage(make_ledger):
    part = amount(40, payment_id="part", part_of="money")
    part_of_part = amount(10, payment_id="piece", part_of="part")
    ledger = make_ledger(payments=[{}, part, part_of_part, part | {"stage": "paid"}, part_of_part | {"stage": "spent"}])
    found = totals(ledger).xs("all", level="firmness")["amount_usd_low"]
    assert found.to_dict() == {"agreed": 100, "paid": 40, "spent": 10}


def test_a_part_is_added_where_its_whole_has_no_figure(make_ledger):
    whole = {"amount_min": "", "amount_max": "", "currency": ""}
    row = totals(make_ledger(payments=[whole, amount(40, payment_id="part", part_of="money")])).loc[("agreed", "all")]
    assert row[["amount_usd_low", "payments"]].to_list() == [40, 1]


def test_up_to_adds_nothing_to_the_floor_and_more_than_leaves_the_top_open(make_ledger):
    up_to, more_than = amount("", 50), amount(70, "", payment_id="b")
    row = totals(make_ledger(payments=[up_to])).loc[("agreed", "all")]
    assert row[["amount_usd_low", "amount_usd_high"]].to_list() == [0, 50]
    row = totals(make_ledger(payments=[up_to, more_than])).loc[("agreed", "all")]
    assert row["amount_usd_low"] == 70
    assert pd.isna(row["amount_usd_high"])


@pytest.mark.parametrize(
    ("rows", "firmness"),
    [
        ([{"basis": "document"}], "firm"),
        ([{}, {"basis": "document", "doubtful": "true", "note": "a misprint"}], "other"),
        ([{"basis": "court"}], "firm"),
        ([{"basis": "official_named"}], "other"),
        ([{"basis": "official_named", "source_id": who} for who in ("a", "b")], "firm"),
        ([{"basis": "government_statement", "source_id": who, "origin_id": "one"} for who in ("a", "b")], "other"),
        ([{"basis": "reporting", "source_id": who} for who in ("a", "b", "c")], "other"),
        ([{"basis": "document", "stance": "denies"}, {"basis": "official_named"}], "other"),
    ],
    ids=[
        "document",
        "doubtful",
        "court",
        "one senator",
        "both governments",
        "one statement retold",
        "reports",
        "a denial",
    ],
)
def test_a_sum_is_firm_on_documents_courts_or_two_statements(make_ledger, rows, firmness):
    assert sums(make_ledger(payments=rows))["firmness"].to_list() == [firmness]


def test_totals_stand_by_firmness(make_ledger):
    rows = [amount(7, basis="document", payment_id="contract"), amount(15, basis="official_named", payment_id="word")]
    found = totals(make_ledger(payments=rows)).loc["agreed"]["amount_usd_low"]
    assert found.to_dict() == {"firm": 7, "other": 15, "all": 22}


def test_payments_are_listed_paid_first_then_by_size(make_ledger):
    rows = [amount(5), amount(9, payment_id="large"), amount(1, stage="paid"), amount(99, stage="requested")]
    table = sums(make_ledger(payments=rows))
    assert table[["stage", "amount_min"]].to_numpy().tolist() == [
        ["paid", 1], ["agreed", 9], ["agreed", 5], ["requested", 99],
    ]  # fmt: skip


def test_offered_agreed_and_paid_stand_side_by_side(make_ledger):
    rows = [amount("", 90, stage="offered"), {}, amount(80, stage="paid", claim_id="c00900")]
    (row,) = payments.by_stage(sums(make_ledger(payments=rows))).to_dict("records")
    words = [row[stage] for stage in ("requested", "offered", "agreed", "paid")]
    assert words == ["", "up to USD 90", "USD 100", "USD 80"]
    assert row["claim_ids"].endswith("c00900")


def test_a_denied_payment_stays_and_is_marked(make_ledger):
    (row,) = sums(make_ledger(payments=[{"source_id": "a"}, {"source_id": "b", "stance": "denies"}])).to_dict("records")
    assert (row["claims"], row["disputed"]) == (1, True)


def test_other_programmes_are_shown_apart(make_ledger):
    arrangement = {"arrangement_id": "rwa-removal-2022", "programme": "uk-rwanda-2022", "sender": "GBR"}
    ledger = make_ledger(arrangements=[arrangement], payments=[{"arrangement_id": "rwa-removal-2022"}])
    assert len(sums(ledger)) == 0
    assert len(payments.reported(ledger, DEFAULTS, context=True)) == 1
    assert len(payments.reported(ledger, Parameters(programme="uk-rwanda-2022"))) == 1


def test_origins_are_counted_by_payment_and_stage(make_ledger):
    ledger = make_ledger(payments=[{"source_id": "a"}, {"source_id": "b", "stage": "paid"}])
    assert payments.reported(ledger, Parameters(min_origins=2)).empty


# Prices


def prices(ledger):
    people = transfers.by_destination(transfers.reported(ledger, DEFAULTS), by="arrangement_id")
    return payments.per_person(sums(ledger), people)


def test_price_per_place_and_per_person_received_are_two_numbers(make_ledger):
    ledger = make_ledger(
        payments=[amount(1000, people_basis="100")],
        transfers=[{"people_min": "4", "people_max": "5"}],
    )
    (row,) = prices(ledger).to_dict("records")
    assert (row["usd_per_place_low"], row["usd_per_place_high"]) == (10, 10)
    assert (row["usd_per_person_received_low"], row["usd_per_person_received_high"]) == (200, 250)


def test_a_sum_is_divided_by_the_people_of_its_own_arrangement_only(make_ledger):
    ledger = make_ledger(
        payments=[amount(100_000, arrangement_id="rwa-single_case-2025", people_basis="1", stage="paid")],
        transfers=[{"arrangement_id": "rwa-removal-2025", "people_min": "7", "people_max": "7"}],
    )
    (row,) = prices(ledger).to_dict("records")
    assert (row["usd_per_place_low"], pd.isna(row["usd_per_person_received_low"])) == (100_000, True)


def test_the_people_a_sum_is_for_may_stand_in_another_claim_of_the_group_the_best_one(make_ledger):
    rows = [
        amount(1000, basis="court"),
        amount(1000, people_basis="20", basis="reporting", claim_id="c00001"),
        amount(1000, people_basis="10", basis="document", claim_id="c00002"),
    ]
    (row,) = prices(make_ledger(payments=rows)).to_dict("records")
    assert (row["people_basis"], row["usd_per_place_low"]) == (10, 100)


def test_a_price_is_rounded_as_its_sum_is(make_ledger):
    ledger = make_ledger(payments=[amount(7_500_000, people_basis="119")])
    assert prices(ledger)["usd_per_place_low"].to_list() == [63_000]


@pytest.mark.parametrize(
    ("value", "like", "rounded"),
    [(63_025.21, 7_500_000, 63_000), (268_421.05, 5_100_000, 270_000), (15_866.67, 4_760_000, 15_900), (33.4, 100, 33)],
)
def test_a_price_has_the_digits_of_the_sum_and_two_at_least(value, like, rounded):
    assert payments.rounded(value, like) == rounded


def test_a_bound_of_a_price_is_never_rounded_into_the_range(make_ledger):
    ledger = make_ledger(
        payments=[amount(7_500_000, stage="paid")],
        transfers=[{"people_min": "66", "people_max": "67"}],
    )
    (row,) = prices(ledger).to_dict("records")
    assert (row["usd_per_person_received_low"], row["usd_per_person_received_high"]) == (110_000, 120_000)


def test_the_most_people_of_any_claim_give_the_lower_price(make_ledger):
    transfers_of = [
        {"people_min": "100", "people_max": "100", "basis": "document"},
        {"people_min": "110", "people_max": "110", "source_id": "b"},
        {"transfer_id": "sum", "population": "cumulative", "people_min": "90", "people_max": "200"},
    ]
    (row,) = prices(make_ledger(payments=[amount(1_000_000)], transfers=transfers_of)).to_dict("records")
    assert (row["usd_per_person_received_low"], row["usd_per_person_received_high"]) == (5_000, 10_000)


def test_people_with_an_open_top_leave_the_lower_price_open(make_ledger):
    ledger = make_ledger(
        payments=[amount(1000)],
        transfers=[
            {"people_min": "10", "people_max": ""},
            {"transfer_id": "sum", "population": "cumulative", "people_min": "5", "people_max": "5"},
        ],
    )
    (row,) = prices(ledger).to_dict("records")
    assert (row["usd_per_person_received_high"], pd.isna(row["usd_per_person_received_low"])) == (100, True)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "USD 100"),
        ({"amount_min": None, "amount_max": 1000.0, "unit": "per_person"}, "up to USD 1,000 per person"),
        ({"amount_max": None, "unit": "per_year"}, "USD 100 or more per year"),
        ({"amount_min": None, "amount_max": None}, "sum not reported"),
    ],
)
def test_amounts_in_words(cells, words):
    row = {"amount_min": 100.0, "amount_max": 100.0, "currency": "USD", "unit": "lump_sum"} | cells
    assert payments.show_amount(row) == words


SUMS = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["agreed", "paid"]), st.sampled_from(["", "10", "30"])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SUMS)
def test_a_total_never_adds_a_part_and_its_whole(make_ledger, rows):
    names = ["a", "b", "c", "d"]  # each can be part of one before it: no circles
    cells = []
    for number, (whole, stage, figure) in enumerate(rows):
        part_of = whole if whole in names[:number] else ""
        cells.append(amount(figure, payment_id=names[number], part_of=part_of, stage=stage))
    whole_of = {row["payment_id"]: row["part_of"] for row in cells}
    table = sums(make_ledger(payments=cells))
    for stage in ("agreed", "paid"):
        added = set(payments.added(table, stage)["payment_id"])
        for payment in added:
            whole = whole_of[payment]
            while whole:
                assert whole not in added
                whole = whole_of[whole]
