"""People: what can at least be said per destination, and what is never added; the rule *People* of the Method."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.views import transfers
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


def destination(ledger):
    (row,) = transfers.by_destination(transfers.reported(ledger, DEFAULTS)).to_dict("records")
    return row


def people(low, high=None, **cells):
    return {"people_min": str(low), "people_max": str(low if high is None else high), **cells}


def running_total(low, high=None, **cells):
    return people(low, high, population="cumulative") | {"transfer_id": "sum"} | cells


def test_single_movements_add_up_and_claims_about_one_do_not(make_ledger):
    rows = [{"source_id": "a"}, {"source_id": "b"}, people(5, "", transfer_id="second")]
    row = destination(make_ledger(transfers=rows))
    assert (row["movements"], row["movements_low"], row["people_at_least"]) == (2, 15, 15)
    assert pd.isna(row["movements_high"])
    assert row["rests_on"] == "single movements"


def test_a_larger_running_total_is_what_can_at_least_be_said(make_ledger):
    rows = [
        people(10, claim_id="c00001"),
        running_total(11_886, claim_id="c00002"),
        running_total(400, transfer_id="old"),
    ]
    row = destination(make_ledger(transfers=rows))
    assert (row["people_at_least"], row["rests_on"], row["claim_ids"]) == (11_886, "running total", "c00002")
    assert "c00001" in row["other_claim_ids"]


def test_a_smaller_running_total_is_not_added_to_the_movements(make_ledger):
    row = destination(make_ledger(transfers=[people(10), people(20, transfer_id="second"), running_total(25)]))
    assert (row["people_at_least"], row["rests_on"], row["running_total_low"]) == (30, "single movements", 25)


def test_the_largest_running_total_is_the_one_with_the_largest_floor(make_ledger):
    rows = [
        running_total("", 900, transfer_id="ceiling"),
        running_total(50, ""),
        running_total(60, transfer_id="later"),
    ]
    row = destination(make_ledger(transfers=rows))
    assert (row["people_at_least"], row["running_total_low"], row["running_total_high"]) == (60, 60, 60)


def test_ceilings_plans_and_flights_with_own_nationals_stand_beside_and_are_never_added(make_ledger):
    rows = [
        people(10),
        people("", 250, transfer_id="cap", population="cap"),
        people(40, transfer_id="plan", population="planned"),
        people(300, transfer_id="flight", population="mixed"),
    ]
    row = destination(make_ledger(transfers=rows))
    assert (row["people_at_least"], row["movements_low"], row["movements_high"]) == (10, 10, 10)
    assert (row["cap_high"], row["planned_low"], row["mixed_low"]) == (250, 40, 300)
    assert pd.isna(row["cap_low"])
    assert pd.isna(row["running_total_low"])


@pytest.mark.parametrize("beside", [{"population": "cap"}, {"population": "planned"}, {"population": "mixed"}])
def test_a_destination_with_nothing_else_has_no_number(make_ledger, beside):
    row = destination(make_ledger(transfers=[people("", 250, **beside)]))
    assert pd.isna(row["people_at_least"])
    assert (row["rests_on"], row["claim_ids"], row["movements"]) == ("", "", 0)


def test_up_to_says_nothing_of_at_least(make_ledger):
    row = destination(make_ledger(transfers=[people("", 5)]))
    assert pd.isna(row["people_at_least"])
    assert (row["movements"], row["movements_high"]) == (1, 5)


def test_a_part_or_a_part_of_a_part_is_not_added_to_its_whole(make_ledger):
    rows = [
        people(238),
        people(137, transfer_id="part", part_of="flight"),
        people(100, transfer_id="piece", part_of="part"),
    ]
    row = destination(make_ledger(transfers=rows))
    assert (row["movements"], row["people_at_least"]) == (1, 238)


def test_a_part_of_a_running_total_is_not_added_beside_a_movement_that_is_none(make_ledger):
    rows = [running_total(29), people(9, transfer_id="part", part_of="sum"), people(20, transfer_id="other")]
    row = destination(make_ledger(transfers=rows))
    assert (row["movements_low"], row["people_at_least"]) == (20, 29)


def test_a_part_is_added_where_its_whole_has_no_floor(make_ledger):
    rows = [people("", 250), people(4, transfer_id="part", part_of="flight")]
    assert destination(make_ledger(transfers=rows))["people_at_least"] == 4


def test_people_are_counted_by_arrangement_too(make_ledger):
    rows = [people(7), people(1, transfer_id="one", arrangement_id="rwa-single_case-2025")]
    movements = transfers.reported(make_ledger(transfers=rows), DEFAULTS)
    table = transfers.by_destination(movements, by="arrangement_id").set_index("arrangement_id")
    assert table["people_at_least"].to_dict() == {"rwa-removal-2025": 7, "rwa-single_case-2025": 1}
    assert transfers.by_destination(movements)["people_at_least"].to_list() == [8]


def test_a_denied_or_unlocated_movement_moves_nobody(make_ledger):
    rows = [people(10, stance="denies"), people(10, arrangement_id="any-removal-2025", transfer_id="somewhere")]
    assert transfers.by_destination(transfers.reported(make_ledger(transfers=rows), DEFAULTS)).empty


def test_the_best_figure_of_a_movement_is_what_is_added(make_ledger):
    rows = [people(5, doubtful="true", source_id="misprint"), people(8, source_id="statement")]
    assert destination(make_ledger(transfers=rows))["people_at_least"] == 8


MOVEMENTS = st.lists(
    st.tuples(
        st.sampled_from(["rwa-removal-2025", "rwa-asylum-2025", "swz-removal-2025"]),
        st.sampled_from(["third_country", "cumulative", "cap", "planned", "mixed"]),
        st.sampled_from(["", "3", "8"]),
        st.sampled_from(["", "8", "20"]),
        st.sampled_from(["first", "second", "third"]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVEMENTS, st.randoms(use_true_random=False))
def test_people_at_least_is_never_below_a_movement_or_a_running_total(make_ledger, rows, random):
    cells = [
        people(low, high, arrangement_id=name, population=population, transfer_id=f"{name[:3]}-{number}", source_id=who)
        | {"claim_id": f"c{number:05d}"}
        for number, (name, population, low, high, who) in enumerate(rows, start=1)
    ]
    movements = transfers.reported(make_ledger(transfers=cells), DEFAULTS)
    table = transfers.by_destination(movements)
    floors = table.set_index("receiver")["people_at_least"]
    moved = movements[movements["population"].isin(["third_country", "cumulative"])].dropna(subset=["people_min"])
    for row in moved.to_dict("records"):
        assert floors[row["receiver"]] >= row["people_min"]
    assert transfers.behind(movements)["people_min"].sum() == floors.sum()
    random.shuffle(cells)
    again = transfers.by_destination(transfers.reported(make_ledger(transfers=cells), DEFAULTS))
    pd.testing.assert_frame_equal(table, again)
