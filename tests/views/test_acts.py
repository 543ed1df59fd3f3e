"""Orders of courts and acts of agencies: one row per act, with what it stopped."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.views import acts
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()
CLAIM = {
    "act_id": "dma-2025-05-07", "label": "Order on Libya", "actor": "court", "actor_name": "District court",
    "jurisdiction": "USA", "docket": "", "effect": "forbids", "arrangement_id": "lby-removal-2025", "programme": "us-2025",
    "receiver": "LBY", "date": "2025-05-07", "date_earliest": "2025-05-07", "date_latest": "2025-05-07", "source_id": "a",
    "source_kind": "news", "origin_id": "a", "origin_publisher": "A Paper", "basis": "court", "stance": "asserts",
    "doubtful": False, "public_on": "2025-05-08",
}  # fmt: skip
DAYS = {"date_earliest": "datetime64[s]", "date_latest": "datetime64[s]", "public_on": "datetime64[s]"}


def with_acts(*rows, steps=()):
    """A stand-in for a ledger with these claims about acts, and the steps that refer to acts."""
    claims = pd.DataFrame([CLAIM | {"claim_id": f"c{number:05d}"} | row for number, row in enumerate(rows, start=1)])
    columns = ["claim_id", "act_id", "step", "stance", "doubtful"]
    referring = pd.DataFrame(steps, columns=columns).astype({"doubtful": bool})
    return SimpleNamespace(acts=claims.astype(DAYS), steps=referring)


def test_an_act_is_one_row_with_the_claims_that_it_halted_something():
    says = ("halted", "asserts", False)
    halted = [
        ("c00050", "dma-2025-05-07", *says),
        ("c00051", "other;dma-2025-05-07", *says),
        ("c00052", "", *says),
        ("c00053", "dma-2025-05-07", "unclear", "asserts", False),
        ("c00054", "dma-2025-05-07", "halted", "denies", False),
        ("c00055", "dma-2025-05-07", "halted", "asserts", True),
    ]
    (row,) = acts.listed(with_acts({}, {"source_id": "b", "origin_id": "b"}, steps=halted), DEFAULTS).to_dict("records")
    assert (row["halts"], row["claim_ids"], row["support"]) == ("c00050; c00051", "c00001; c00002", "several_origins")
    assert (row["about"], row["origins"], row["disputed"]) == ("Libya", 2, False)


@pytest.mark.parametrize(
    "weaker", [{"basis": "reporting"}, {"source_kind": "digest"}, {"doubtful": True}, {"public_on": "2025-05-09"}]
)
def test_of_claims_that_differ_the_best_supported_date_is_shown(weaker):
    (row,) = acts.listed(with_acts({"date": "2025-05-06"} | weaker, {}), DEFAULTS).to_dict("records")
    assert row["date"] == "2025-05-07"


def test_acts_of_other_programmes_are_left_out_and_the_newest_stands_first():
    later = {
        "act_id": "scotus-2025-06-23",
        "date_latest": "2025-06-23",
        "receiver": None,
        "arrangement_id": "any-removal-2025",
    }
    other = {"act_id": "uksc-2023-11-15", "programme": "uk-rwanda-2022"}
    table = acts.listed(with_acts({}, later, other), DEFAULTS)
    assert table["act_id"].to_list() == ["scotus-2025-06-23", "dma-2025-05-07"]
    assert table["about"].to_list() == ["the programme", "Libya"]


def test_a_denied_act_is_marked_and_an_act_that_is_only_denied_has_no_row():
    only_denied = {"act_id": "never", "stance": "denies"}
    (row,) = acts.listed(with_acts({}, {"stance": "denies"}, only_denied), DEFAULTS).to_dict("records")
    assert (row["act_id"], row["disputed"], row["denial_ids"]) == ("dma-2025-05-07", True, "c00002")


def test_claims_that_tell_another_effect_of_an_act_do_not_support_it():
    rows = [{}, {"effect": "allows", "origin_id": "b", "basis": "reporting", "public_on": "2025-05-01"}]
    (row,) = acts.listed(with_acts(*rows), DEFAULTS).to_dict("records")
    assert (row["effect"], row["origins"], row["support"]) == ("forbids", 1, "one_origin")
    assert (row["claim_ids"], row["other_claim_ids"]) == ("c00001", "c00002")
    assert row["first_public_on"] == pd.Timestamp("2025-05-08")
    assert acts.listed(with_acts(*rows), Parameters(min_origins=2)).empty


def test_as_many_origins_are_needed_for_an_act_as_for_the_rest():
    assert acts.listed(with_acts({}), Parameters(min_origins=2)).empty


def test_what_enough_origins_tell_of_an_act_is_shown_though_a_better_claim_tells_something_else():
    papers = [{"effect": "stays", "basis": "reporting", "origin_id": origin} for origin in ("b", "c")]
    (row,) = acts.listed(with_acts({}, *papers), Parameters(min_origins=2)).to_dict("records")
    assert (row["effect"], row["claim_ids"], row["other_claim_ids"]) == ("stays", "c00002; c00003", "c00001")


def test_the_newest_act_stands_first_also_where_no_day_of_it_is_known():
    undated = {"date": "", "date_earliest": None, "date_latest": None}
    early = [undated | {"public_on": "2025-05-20", "basis": "reporting"}, undated | {"public_on": "2025-07-01"}]
    late = {"act_id": "later", "date": "2025-06-01", "date_earliest": "2025-06-01", "date_latest": "2025-06-01"}
    table = acts.listed(with_acts(*early, late), DEFAULTS)
    assert table["act_id"].to_list() == ["later", "dma-2025-05-07"]
    assert acts.newest(table)["act_id"].to_list() == ["later"]


def test_an_act_says_who_reported_it_first():
    later = {"source_id": "b", "origin_id": "b", "origin_publisher": "B", "public_on": "2025-05-09"}
    (row,) = acts.listed(with_acts(later, {"basis": "reporting"}), DEFAULTS).to_dict("records")
    assert (row["first_reported_by"], row["first_public_on"]) == ("A Paper", pd.Timestamp("2025-05-08"))
