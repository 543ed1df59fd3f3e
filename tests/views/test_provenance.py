"""Origins and sources, lists of claims, what a number rests on."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.views import provenance, scope

CLAIM_IDS = st.lists(st.integers(1, 200_000).map(lambda number: f"c{number:05d}"), max_size=8)


def test_claims_are_listed_by_their_numbers_and_other_values_by_their_letters():
    assert provenance.listed(["c100000", "c00002", "c99999", "c00002", "", None]) == "c00002; c99999; c100000"
    assert provenance.listed(["b", "a", "b"]) == "a; b"


@given(CLAIM_IDS, CLAIM_IDS)
def test_lists_of_claims_are_taken_apart_and_put_together_again(one, other):
    merged = provenance.merged([provenance.listed(one), provenance.listed(other)])
    assert provenance.split(merged) == sorted({*one, *other}, key=lambda claim: int(claim[1:]))


def test_an_origin_that_several_sources_retell_is_listed_once(make_ledger):
    steps = [{"source_id": name, "origin_id": "wire"} for name in ("a", "b")] + [{"source_id": "c"}]
    sources = [{"source_id": "wire", "published": ""}, {"source_id": "b", "published": "2025-05-03"}]
    table = provenance.copies(make_ledger(sources=sources, steps=steps)).set_index("origin_id")
    assert table.loc["wire", "public_on"] == pd.Timestamp("2025-05-01")  # no later than the first that retells it
    assert table.loc["wire", ["sources", "retold_in"]].to_list() == [2, "a; b"]
    assert table.loc["c", "sources"] == 1
    assert table.index[0] == "wire"


def test_sources_say_what_began_elsewhere(make_ledger):
    steps = [{"source_id": "a", "origin_id": "wire"}, {"source_id": "a"}]
    table = provenance.source_list(make_ledger(steps=steps)).set_index("source_id")
    assert table.loc["a", ["claims", "from_elsewhere", "as_origin"]].to_list() == [2, 1, 1]
    assert table.loc["wire", ["claims", "as_origin"]].to_list() == [0, 1]


@pytest.mark.parametrize(
    ("rows", "support"),
    [
        ([{"source_id": "a"}, {"source_id": "b"}], "several_origins"),
        ([{"source_id": "a"}, {"source_id": "b", "origin_id": "a"}], "one_origin"),
        ([{"source_id": "machine", "origin_id": "a"}, {"source_id": "machine", "origin_id": "b"}], "digests_only"),
        ([{"source_id": "machine", "origin_id": "a"}, {"source_id": "b"}], "several_origins"),
        ([{"source_id": "a", "doubtful": "true"}, {"source_id": "b", "doubtful": "true"}], "doubtful"),
        ([{"source_id": "a", "doubtful": "true"}, {"source_id": "b"}], "several_origins"),
    ],
)
def test_what_a_number_rests_on_is_one_of_four(make_ledger, rows, support):
    ledger = make_ledger(sources=[{"source_id": "machine", "kind": "digest"}], steps=rows)
    assert provenance.support(ledger.steps, "arrangement_id")["support"].to_list() == [support]


def test_a_sum_has_the_best_support_that_at_least_half_of_it_has():
    assert provenance.support_of_sum([1, 1, 1], ["doubtful", "one_origin", "digests_only"]) == "digests_only"
    assert provenance.support_of_sum([20_000, 1_000], ["digests_only", "several_origins"]) == "digests_only"
    assert provenance.support_of_sum([0, 0, 0], ["one_origin", "one_origin", "several_origins"]) == "one_origin"
    assert provenance.support_of_sum([], []) == ""


def test_scope_is_a_programme_a_state_and_not_its_own_nationals(make_ledger):
    ledger = make_ledger(
        arrangements=[
            {"arrangement_id": "ven-own_nationals-2025", "instrument": "own_nationals"},
            {"arrangement_id": "gtm-asylum-2019", "programme": "us-2019"},
        ],
        steps=[
            {"arrangement_id": name}
            for name in ("rwa-removal-2025", "ven-own_nationals-2025", "any-removal-2025", "gtm-asylum-2019")
        ],
    )
    assert scope.in_scope(ledger.steps, "us-2025").to_list() == [True, False, False, False]
    assert scope.countries_in_scope(ledger, "us-2025") == ["RWA"]
    assert scope.countries_in_scope(ledger, "us-2019") == ["GTM"]
