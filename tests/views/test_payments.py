import pytest

from analysis.views import payments, positions, transfers
from analysis.views.parameters import Parameters

ONE = Parameters()


def totals(book):
    return payments.totals(payments.reported(book, ONE), positions.by_country(book, ONE)).set_index("stage")


def test_stages_are_never_added(make_ledger):
    book = make_ledger(payments=[{"stage": "agreed"}, {"stage": "paid"}])
    assert totals(book)["low"].to_dict() == {"agreed": 100, "paid": 100}


def test_claims_about_the_same_money_count_once(make_ledger):
    book = make_ledger(payments=[{"source_id": "a"}, {"source_id": "b"}, {"source_id": "c", "payment_id": "other"}])
    assert totals(book).loc["agreed", ["low", "payments"]].to_list() == [200, 2]


@pytest.mark.parametrize(
    "cells",
    [
        {"unit": "programme_total"},
        {"unit": "per_person"},
        {"currency": "EUR"},
        {"amount_min": "", "amount_max": "", "currency": ""},
    ],
    ids=["umbrella", "price", "other currency", "no sum"],
)
def test_what_cannot_be_added_is_counted_apart(make_ledger, cells):
    book = make_ledger(payments=[{}, {"payment_id": "other", **cells}])
    row = totals(book).loc["agreed"]
    assert (row["low"], row["payments"], row["left_out"]) == (100, 1, 1)


def test_an_instalment_is_not_added_to_its_whole_at_the_same_stage(make_ledger):
    part = {"payment_id": "part", "part_of": "money", "amount_min": "40", "amount_max": "40"}
    row = totals(make_ledger(payments=[{}, part, part | {"stage": "paid"}]))
    assert row["low"].to_dict() == {"agreed": 100, "paid": 40}


def test_up_to_and_more_than_leave_a_total_open_where_it_is(make_ledger):
    book = make_ledger(
        payments=[{"amount_min": "", "amount_max": "50"}, {"payment_id": "b", "amount_min": "70", "amount_max": ""}]
    )
    row = totals(book).loc["agreed"]
    assert row["low"] == 70
    assert row[["high"]].isna().all()


def test_offered_agreed_and_paid_stand_side_by_side(make_ledger):
    rows = [
        {"stage": "offered", "amount_min": "", "amount_max": "90"},
        {},
        {"stage": "paid", "amount_min": "80", "amount_max": "80"},
    ]
    row = payments.by_stage(payments.reported(make_ledger(payments=rows), ONE)).iloc[0]
    assert row[["requested", "offered", "agreed", "paid"]].to_list() == ["", "up to USD 90", "USD 100", "USD 80"]


def test_coverage_counts_the_countries_that_agreed(make_ledger):
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": "agreed"} for code in ("rwa", "swz", "gha")]
    row = totals(make_ledger(steps=steps, payments=[{}])).loc["agreed"]
    assert (row["countries_known"], row["countries_agreed"]) == (1, 3)


def test_the_firmest_basis_is_shown_with_the_whole_range_and_the_rule(make_ledger):
    book = make_ledger(
        payments=[
            {"source_id": "a", "amount_min": "6000000", "amount_max": "6000000", "basis": "official_unnamed"},
            {"source_id": "b", "amount_min": "4760000", "amount_max": "4760000", "basis": "court"},
        ]
    )
    row = payments.reported(book, ONE).iloc[0]
    assert row[["amount_min", "range_low", "range_high", "rule"]].to_list() == [
        4760000,
        4760000,
        6000000,
        "firmest basis",
    ]


def test_a_digest_never_beats_a_source(make_ledger):
    book = make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        payments=[{"source_id": "machine", "basis": "court", "amount_max": "900"}, {"source_id": "paper"}],
    )
    row = payments.reported(book, ONE).iloc[0]
    assert (row["amount_max"], row["rule"], row["thin"]) == (100, "not a machine-made digest", False)


def test_a_denied_payment_stays_and_is_marked(make_ledger):
    book = make_ledger(payments=[{"source_id": "a"}, {"source_id": "b", "stance": "denies"}])
    row = payments.reported(book, ONE).iloc[0]
    assert (row["claims"], row["disputed"]) == (1, True)


def test_other_programmes_are_shown_apart(make_ledger):
    arrangement = {"arrangement_id": "rwa-removal-2022", "programme": "uk-rwanda-2022", "sender": "GBR"}
    book = make_ledger(arrangements=[arrangement], payments=[{"arrangement_id": "rwa-removal-2022"}])
    assert len(payments.reported(book, ONE)) == 0
    assert len(payments.reported(book, ONE, context=True)) == 1


def test_price_per_place_and_per_person_received_are_two_numbers(make_ledger):
    book = make_ledger(
        payments=[{"amount_min": "1000", "amount_max": "1000", "people_basis": "100"}],
        transfers=[{"people_min": "4", "people_max": "5"}],
    )
    people = transfers.by_destination(transfers.reported(book, ONE))
    row = payments.per_person(payments.reported(book, ONE), people).iloc[0]
    assert row[["place_low", "place_high", "received_low", "received_high"]].to_list() == [10, 10, 200, 250]


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


def test_the_headline_says_stage_and_coverage(make_ledger):
    book = make_ledger(steps=[{"step": "agreed"}], payments=[{"stage": "paid"}])
    rows = payments.reported(book, ONE)
    text = payments.headline(rows, payments.totals(rows, positions.by_country(book, ONE)), book.as_of)
    assert text == (
        "By 1 May 2025, sources had reported **1 payment** to receiving states. Lump sums by stage: paid **USD 100** "
        "(such a sum is known for 1 of the 1 countries reported to have agreed)."
    )
    assert payments.headline(rows[:0], rows[:0], book.as_of) == (
        "By 1 May 2025, no payment to a receiving state had been reported."
    )
