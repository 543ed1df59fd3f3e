"""The published numbers: one name each, with exactly the claims behind them; and how they hang on choices."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import schema
from analysis.views import answers, flat, positions, scope, sensitivity
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()


@pytest.fixture
def ledger(make_ledger):
    """Rwanda received and was paid; Eswatini agreed and ended it; Ghana declined; Uganda is told of by a digest."""
    return make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        steps=[
            {"claim_id": "c00001", "step": "received", "date": "2025-04-01"},
            {"claim_id": "c00002", "step": "received", "stance": "denies", "date": "../2025-05-01"},
            {"claim_id": "c00003", "step": "agreed", "arrangement_id": "swz-removal-2025", "date": "2025-04-01"},
            {"claim_id": "c00004", "step": "ended", "arrangement_id": "swz-removal-2025", "date": "2025-04-20"},
            {"claim_id": "c00005", "step": "declined", "arrangement_id": "gha-removal-2025"},
            {"claim_id": "c00006", "step": "named", "arrangement_id": "uga-removal-2025", "source_id": "machine"},
            {"claim_id": "c00007", "step": "received", "arrangement_id": "any-removal-2025"},
        ],
        payments=[
            {
                "claim_id": "c00010",
                "stage": "paid",
                "amount_min": "7500000",
                "amount_max": "7500000",
                "basis": "document",
            },
            {"claim_id": "c00011", "payment_id": "word", "amount_min": "15000000", "amount_max": "15000000"},
            {"claim_id": "c00012", "payment_id": "up_to", "amount_min": "", "amount_max": "5", "basis": "court"},
        ],
        transfers=[
            {"claim_id": "c00020"},
            {
                "claim_id": "c00021",
                "transfer_id": "sum",
                "population": "cumulative",
                "people_min": "12",
                "people_max": "",
            },
            {
                "claim_id": "c00022",
                "arrangement_id": "uga-removal-2025",
                "transfer_id": "plan",
                "population": "planned",
            },
        ],
    )


def test_behind_those_that_declined_stand_the_claims_that_say_so(make_ledger):
    steps = [{"step": step, "claim_id": f"c{number}"} for number, step in enumerate(("declined", "halted", "agreed"))]
    answer = answers.compute(make_ledger(steps=steps), DEFAULTS)["countries_declined"]
    assert (answer.value, answer.claim_ids) == (1, ("c0",))


def test_what_stopped_since_rests_on_the_claims_that_say_so(make_ledger):
    steps = [
        {"step": "received", "date": "2025-04-01", "source_id": "a", "claim_id": "c1"},
        {"step": "received", "date": "2025-04-01", "source_id": "b", "claim_id": "c2"},
        {"step": "ended", "date": "2025-04-20", "source_id": "machine", "claim_id": "c3"},
    ]
    ledger = make_ledger(sources=[{"source_id": "machine", "kind": "digest"}], steps=steps)
    answer = answers.compute(ledger, DEFAULTS)["countries_agreed_stopped"]
    assert (answer.value, answer.claim_ids, answer.support) == (1, ("c3",), "digests_only")


def test_each_number_has_its_claims_and_no_others(ledger):
    numbers = answers.compute(ledger, DEFAULTS)
    found = {name: (answer.value, answer.claim_ids, answer.receivers) for name, answer in numbers.items()}
    assert found == {
        "countries_reported": (4, ("c00001", "c00003", "c00005", "c00006"), ("GHA", "RWA", "SWZ", "UGA")),
        "countries_asked": (2, ("c00001", "c00003"), ("RWA", "SWZ")),
        "countries_agreed": (2, ("c00001", "c00003"), ("RWA", "SWZ")),
        "countries_received": (1, ("c00001",), ("RWA",)),
        "countries_agreed_stopped": (1, ("c00004",), ("SWZ",)),
        "countries_declined": (1, ("c00005",), ("GHA",)),
        "countries_disputed": (1, ("c00002",), ("RWA",)),
        "people_at_least": (12, ("c00021",), ("RWA",)),
        "usd_paid": (7_500_000, ("c00010",), ("RWA",)),
        "usd_agreed": (15_000_000, ("c00011", "c00012"), ("RWA",)),
        "usd_agreed_firm": (0, ("c00012",), ("RWA",)),
    }


def test_numbers_are_worded_for_readers(ledger):
    numbers = answers.compute(ledger, DEFAULTS)
    names = ("countries_reported", "people_at_least", "usd_paid", "usd_agreed_firm")
    assert [numbers[name].words for name in names] == ["4", "12", "7.5 million", "0"]
    table = answers.table(numbers).set_index("quantity")
    assert table.loc["usd_paid", ["value", "unit", "countries", "claim_ids"]].to_list() == [
        7_500_000, "US dollars", 1, "c00010",
    ]  # fmt: skip


def test_a_number_says_what_its_best_part_rests_on(ledger):
    countries = positions.by_country(ledger, DEFAULTS)
    by_digest = answers.cell("named", "named", countries[countries["receiver"] == "UGA"])
    assert (by_digest.value, by_digest.support, by_digest.claim_ids) == (1, "digests_only", ("c00006",))
    assert answers.compute(ledger, DEFAULTS)["countries_reported"].support == "one_origin"


def test_without_any_claim_in_scope_every_number_is_nothing(make_ledger):
    ledger = make_ledger(steps=[{"arrangement_id": "any-removal-2025"}])
    for answer in answers.compute(ledger, DEFAULTS).values():
        assert (answer.value, answer.claim_ids) == (0, ())


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "arrangement_id": st.sampled_from(
                ["rwa-removal-2025", "swz-removal-2025", "any-removal-2025", "gtm-asylum-2019"]
            ),
            "step": st.sampled_from([*schema.LADDER, *schema.OFF_LADDER]),
            "stance": st.sampled_from(["asserts", "asserts", "denies"]),
            "status": st.sampled_from(["active", "active", "withdrawn"]),
            "doubtful": st.sampled_from(["", "", "true"]),
            "source_id": st.sampled_from(["a", "b", "undated"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(1, 2))
def test_every_claim_in_an_answer_is_active_dated_and_in_scope(make_ledger, rows, origins):
    shared = [{name: value for name, value in row.items() if name != "step"} for row in rows]
    ledger = make_ledger(
        sources=[{"source_id": "undated", "published": "", "published_basis": "unknown"}],
        arrangements=[{"arrangement_id": "gtm-asylum-2019", "programme": "us-2019", "receiver": "GTM"}],
        steps=[*rows, {"arrangement_id": "uga-removal-2025"}],
        payments=[row | {"payment_id": f"p{number}"} for number, row in enumerate(shared)],
        transfers=[row | {"transfer_id": f"t{number}"} for number, row in enumerate(shared)],
    )
    counted = ledger.claims[scope.in_scope(ledger.claims, "us-2025")]
    assert set(counted["status"]) == {"active"}
    for answer in answers.compute(ledger, Parameters(min_origins=origins)).values():
        assert set(answer.claim_ids) <= set(counted["claim_id"])
        assert list(answer.claim_ids) == sorted(answer.claim_ids)


# One flat table


def test_the_counted_rows_of_the_flat_table_add_up_to_the_published_numbers(ledger):
    rows = flat.claims(ledger, DEFAULTS)
    numbers = answers.compute(ledger, DEFAULTS)
    sums = rows[rows["counted"]].groupby("quantity")["value_min"].sum()
    assert sums["usd_paid"] == numbers["usd_paid"].value
    assert sums["people_at_least"] == numbers["people_at_least"].value
    received = rows[rows["quantity"] == "countries_received"]
    assert received["iso3"].nunique() == numbers["countries_received"].value


def test_the_flat_table_says_of_every_other_claim_why_it_is_not_counted(make_ledger):
    ledger = make_ledger(
        sources=[{"source_id": "undated", "published": "", "published_basis": "unknown"}],
        steps=[{}, {"stance": "denies"}, {"source_id": "undated"}, {"arrangement_id": "any-removal-2025"}],
        payments=[
            {"stage": "paid"},
            {},
            {"stage": "paid", "source_id": "other"},
            {"stage": "paid", "payment_id": "charter", "amount_min": "", "amount_max": "", "currency": ""},
        ],
        transfers=[{"population": "cap"}, {"transfer_id": "bare", "people_min": "", "people_max": ""}],
        tallies=[{"count_min": "58"}],
    )
    rows = flat.claims(ledger, DEFAULTS)
    assert rows["why_not"].to_list() == [
        "",
        "a denial",
        "undated",
        "no single country",
        "",
        "another stage; stages are never added",
        "another claim about the same money is counted",
        "gives no sum",
        "a ceiling or a plan",
        "gives no number",
        "a count that others published",
    ]
    assert (rows["counted"] == (rows["why_not"] == "")).all()


def test_what_is_said_beside_a_position_bears_its_own_mark(make_ledger):
    steps = [
        {"source_id": "a"},
        {"source_id": "b"},
        {"source_id": "a", "stance": "denies", "date": "2025-06"},
        {"source_id": "a", "step": "declined"},
    ]
    numbers = answers.compute(make_ledger(steps=steps), DEFAULTS)
    names = ("countries_reported", "countries_disputed", "countries_declined")
    assert [numbers[name].support for name in names] == ["several_origins", "one_origin", "one_origin"]


# Choices


def test_the_answers_under_other_choices_stand_beside_those_published(ledger):
    table = sensitivity.by_choice(ledger, DEFAULTS).set_index("choice")
    numbers = answers.compute(ledger, DEFAULTS)
    assert table.loc[sensitivity.AS_PUBLISHED].to_dict() == {name: numbers[name].value for name in sensitivity.SHOWN}
    assert (table.loc["two independent origins needed"] == 0).all()
    assert table.loc["without machine-made digests", "countries_reported"] == 3
    official = table.loc["documents, courts, governments and named officials only"]
    assert official[["countries_reported", "usd_paid"]].to_list() == [0, 7_500_000]
    undisputed = table.loc["without countries and sums that another claim denies"]
    assert undisputed[["countries_reported", "countries_received", "people_at_least"]].to_list() == [3, 0, 0]


def test_the_figure_published_first_is_one_of_the_choices(make_ledger):
    sources = [{"source_id": "late", "published": "2025-06-01"}]
    rows = [{"people_min": "5", "people_max": "5"}, {"basis": "court", "source_id": "late"}]
    table = sensitivity.by_choice(make_ledger(sources=sources, transfers=rows), DEFAULTS).set_index("choice")
    assert table["people_at_least"].to_dict()["the figure published first, not the best supported"] == 5
    assert table.loc[sensitivity.AS_PUBLISHED, "people_at_least"] == 10
    assert sensitivity.holds_under_all(table.reset_index())["people_at_least"] == (0, 10)


def test_every_region_scheme_holds_the_same_countries(ledger):
    table = sensitivity.by_region_scheme(ledger, DEFAULTS)
    sums = table.groupby("scheme")[["countries_agreed", "countries_received"]].sum()
    assert sums.to_numpy().tolist() == [[2, 1]] * 3


def test_a_table_of_choices_without_claims_is_all_nothing(make_ledger):
    table = sensitivity.by_choice(make_ledger(steps=[{"arrangement_id": "any-removal-2025"}]), DEFAULTS)
    assert isinstance(table, pd.DataFrame)
    assert (table[list(sensitivity.SHOWN)] == 0).all(axis=None)
