"""The ledger itself: relations that must hold whatever is added or corrected.

Facts of the ledger that a curator may correct stand in data/expectations.csv, not here.
"""

import pytest

from analysis import ledger
from analysis.views import answers, payments, positions, scope, tallies, transfers
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


@pytest.fixture(scope="module")
def known():
    return DEFAULTS.apply(ledger.load())


@pytest.mark.parametrize("day", ["2025-04-02", "2025-05-07", "2025-06-25", "2025-12-31"])
def test_an_edition_of_a_day_knows_nothing_later(known, day):
    then = known.known(day)
    assert (then.claims["public_on"] <= then.as_of).all()
    now = positions.by_country(known, DEFAULTS)
    assert set(positions.by_country(then, DEFAULTS)["receiver"]) <= set(now["receiver"])
    assert (tallies.reconcile(then, DEFAULTS)["first_public_on"] <= then.as_of).all()


@pytest.mark.parametrize("origins", [1, 2])
def test_published_counts_stand_beside_the_positions_of_their_day(known, origins):
    chosen = Parameters(min_origins=origins)
    table = tallies.reconcile(known, chosen)
    counted = table[table["named_then"].notna() & (table["among"] == "")]
    assert len(counted)
    days = counted["first_public_on"].unique()
    then = {day: positions.by_country(known.known(day), chosen) for day in days}
    for row in counted.to_dict("records"):
        assert row["named_then"] == len(positions.at_least(then[row["first_public_on"]], row["counted"]))


@pytest.mark.parametrize("origins", [1, 2])
def test_the_months_count_the_positions_of_their_last_day(known, origins):
    chosen = Parameters(min_origins=origins)
    for row in positions.by_month(known, chosen).to_dict("records"):
        then = positions.by_country(known.known(row["day"]), chosen)["furthest_step"].value_counts()
        assert {name: row[name] for name in then.index} == then.to_dict()
        assert row["total"] == then.sum()


def test_parts_refer_to_a_whole_that_is_there(known):
    for frame, key in ((known.payments, "payment_id"), (known.transfers, "transfer_id")):
        assert set(frame["part_of"]) - {""} <= set(frame[key])


def test_no_total_adds_a_part_and_its_whole(known):
    sums = payments.reported(known, DEFAULTS)
    for stage in payments.STAGES:
        added = payments.added(sums, stage)
        assert not set(added["part_of"]) & set(added["payment_id"])
    moved = transfers.added_movements(transfers.reported(known, DEFAULTS)).dropna(subset=["people_min"])
    assert not set(moved["part_of"]) & set(moved["transfer_id"])


def test_scope_leaves_out_own_nationals_other_programmes_and_what_has_no_receiver(known):
    inside = known.steps[scope.in_scope(known.steps, "us-2025")]
    assert set(inside["programme"]) == {"us-2025"}
    assert "own_nationals" not in set(inside["instrument"])
    assert "" not in set(inside["receiver"].fillna(""))


def test_every_number_rests_on_dated_active_claims_in_scope(known):
    counted = known.claims[scope.in_scope(known.claims, DEFAULTS.programme)]
    for answer in answers.compute(known, DEFAULTS).values():
        assert set(answer.claim_ids) <= set(counted["claim_id"])
        assert bool(answer.claim_ids) == bool(answer.value)
