"""The ledger itself: identities that must hold whatever is added, and what a headline may rest on."""

import pytest

from analysis import ledger
from analysis.views import payments, positions, scope, tallies, transfers
from analysis.views.parameters import Parameters

ONE = Parameters()


@pytest.fixture(scope="module")
def book():
    return ONE.apply(ledger.load())


def count(book, tally, counted):
    rows = book.tallies[(book.tallies["tally_id"] == tally) & (book.tallies["counted"] == counted)]
    return set(rows["count_min"])


def test_new_york_times_51_and_7_make_58(book):
    assert count(book, "nyt-2025-06-not_agreed", "named") == {51}
    assert count(book, "nyt-2025-06-agreed", "agreed") == {7}
    assert 51 + 7 in count(book, "nyt-2025-06-named", "named")


def test_the_seven_and_the_listed_others_are_disjoint(book):
    steps = book.steps[book.steps["origin_id"] == "nyt-2025-06-25"]
    agreed = set(steps.loc[steps["step"] == "agreed", "receiver"])
    assert len(agreed) == 7
    assert agreed == {"CRI", "SLV", "GTM", "XKX", "MEX", "PAN", "RWA"}


def test_the_five_sums_of_the_senate_report_make_its_total(book):
    rows = book.payments[(book.payments["origin_id"] == "sfrc-2026-02-13") & (book.payments["stage"] == "paid")]
    single = rows[(rows["unit"] == "lump_sum") & rows["receiver"].isin(["SLV", "GNQ", "RWA", "SWZ", "PLW"])]
    sums = single.groupby("receiver")["amount_min"].agg(set)
    assert sums.to_dict() == {
        "GNQ": {7_500_000}, "PLW": {7_500_000}, "RWA": {7_500_000}, "SLV": {4_760_000}, "SWZ": {5_100_000},
    }  # fmt: skip
    total = sum(values.copy().pop() for values in sums)
    umbrella = rows.loc[rows["unit"] == "programme_total", "amount_min"]
    assert total == 32_360_000
    assert (umbrella <= total).all()  # the report prints "more than 32 million", others "more than 32.3"


def test_price_times_people_is_the_sum_announced_for_el_salvador(book):
    money = book.payments.set_index("payment_id")
    rate = set(money.loc[["slv-2025-cecot-rate"], "amount_min"])
    agreed = money.loc[["slv-2025-cecot"]]
    announced = set(agreed.loc[agreed["stage"] == "agreed", "amount_min"])
    planned = book.transfers.loc[book.transfers["transfer_id"] == "slv-2025-03-plan", "people_min"]
    assert {price * people for price in rate for people in planned} == announced == {6_000_000}


def test_the_parts_of_15_march_make_the_whole(book):
    people = transfers.reported(book, ONE).set_index(["transfer_id", "population"])["people_min"]
    parts = people["slv-2025-03-cecot-aea", "third_country"] + people["slv-2025-03-cecot-other", "third_country"]
    assert parts == people["slv-2025-03-cecot", "third_country"] == 238
    assert people["slv-2025-03-cecot", "mixed"] == 238 + 23


def test_single_flights_do_not_exceed_the_running_totals_of_the_five_paid_countries(book):
    rows = transfers.by_destination(transfers.reported(book, ONE)).set_index("receiver")
    assert rows.loc["GNQ", "people_low"] == rows.loc["GNQ", "cumulative_low"] == 29
    assert rows.loc["SWZ", "people_low"] == 5 + 10 + 4


def test_every_headline_claim_was_read_twice(book):
    needed = set()
    for view in (positions.by_arrangement(book, ONE), payments.reported(book, ONE), transfers.reported(book, ONE)):
        needed |= {claim for joined in view["claim_ids"] for claim in joined.split("; ") if claim}
    needed |= set(book.tallies["claim_id"])
    claims = book.claims.set_index("claim_id")
    assert (claims.loc[sorted(needed), "checked_on"] != "").all()


def test_the_ledger_is_wide(book):
    standing = positions.by_country(book, ONE)
    assert len(standing) >= 55
    read = book.sources[book.sources["read"] != "not_seen"]
    assert len(read) >= 300
    assert len(book.claims) >= 700


@pytest.mark.parametrize("day", ["2025-04-02", "2025-05-07", "2025-06-25", "2025-12-31"])
def test_an_edition_of_a_day_knows_nothing_later(book, day):
    then = book.known(day)
    assert (then.claims["public_on"] <= then.as_of).all()
    later = positions.by_country(book, ONE)
    assert set(positions.by_country(then, ONE)["receiver"]) <= set(later["receiver"])
    assert (tallies.reconcile(then, ONE)["public_on"] <= then.as_of).all()


@pytest.mark.parametrize("origins", [1, 2])
def test_published_counts_stand_beside_the_standing_of_their_day(book, origins):
    chosen = Parameters(min_origins=origins)
    table = tallies.reconcile(book, chosen)
    counted = table[table["named_then"].notna() & (table["among"] == "")]
    assert len(counted) > 10
    standing = {day: positions.by_country(book.known(day), chosen) for day in counted["public_on"].unique()}
    for row in counted.to_dict("records"):
        assert row["named_then"] == len(positions.at_least(standing[row["public_on"]], row["counted"]))


@pytest.mark.parametrize("origins", [1, 2])
def test_the_months_count_the_standing_of_their_last_day(book, origins):
    chosen = Parameters(min_origins=origins)
    for row in positions.by_month(book, chosen).to_dict("records"):
        then = positions.by_country(book.known(row["day"]), chosen)["position"].value_counts()
        assert {name: row[name] for name in then.index} == then.to_dict()
        assert row["total"] == then.sum()


def test_no_transit_stop_counts_as_reception(book):
    assert "DJI" not in set(positions.at_least(positions.by_country(book, ONE), "received")["receiver"])
    assert "POL" not in set(positions.at_least(positions.by_country(book, ONE), "received")["receiver"])


def test_parts_refer_to_a_whole_that_is_there(book):
    for frame, key in ((book.payments, "payment_id"), (book.transfers, "transfer_id")):
        parts = set(frame["part_of"]) - {""}
        assert parts <= set(frame[key])


def test_scope_leaves_out_own_nationals_and_other_programmes(book):
    names = set(book.steps.loc[scope.in_scope(book.steps, "us-2025"), "arrangement_id"])
    assert not [name for name in names if "own_nationals" in name or name.startswith("any-")]
    assert "rwa-removal-2022" not in names
