from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import codebook, standings
from analysis.parameters import Parameters

ONE = Parameters()


def step(arrangement, name, **cells):
    return {"arrangement_id": arrangement, "step": name, **cells}


def position(book, code, parameters=ONE):
    table = standings.countries(book, parameters).set_index("receiver")
    return table.loc[code, "position"] if code in table.index else None


def test_a_country_stands_at_the_furthest_step_of_its_arrangements(make_ledger):
    book = make_ledger(steps=[step("rwa-removal-2025", "asked"), step("rwa-asylum-2025", "agreed")])
    assert position(book, "RWA") == "agreed"
    table = standings.arrangements(book, ONE).set_index("arrangement_id")
    assert table["position"].to_dict() == {"rwa-asylum-2025": "agreed", "rwa-removal-2025": "asked"}


def test_ten_copies_of_one_report_are_one_origin(make_ledger):
    copies = [step("rwa-removal-2025", "agreed", source_id=f"copy{n}", origin_id="wire") for n in range(10)]
    row = standings.countries(make_ledger(steps=copies), ONE).iloc[0]
    assert (row["origins"], row["sources"]) == (1, 10)


def test_min_origins_lowers_the_step_to_what_that_many_origins_support(make_ledger):
    book = make_ledger(
        steps=[
            step("rwa-removal-2025", "received", source_id="a"),
            step("rwa-removal-2025", "agreed", source_id="b"),
            step("rwa-removal-2025", "asked", source_id="c"),
        ]
    )
    found = [position(book, "RWA", Parameters(min_origins=k)) for k in (1, 2, 3, 4)]
    assert found == ["received", "agreed", "asked", None]


def test_a_denial_marks_and_never_deletes(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed", source_id="a"),
        step("rwa-removal-2025", "agreed", stance="denies", source_id="b"),
    ]
    row = standings.arrangements(make_ledger(steps=steps), ONE).iloc[0]
    assert (row["position"], row["disputed"], row["denied_by"]) == ("agreed", True, "A Paper")


def test_a_denial_of_a_further_step_disputes_nothing(make_ledger):
    steps = [step("rwa-removal-2025", "asked"), step("rwa-removal-2025", "received", stance="denies")]
    row = standings.arrangements(make_ledger(steps=steps), ONE).iloc[0]
    assert (row["position"], row["disputed"]) == ("asked", False)


def test_declined_alone_puts_a_country_beside_the_ladder(make_ledger):
    row = standings.countries(make_ledger(steps=[step("nga-removal-2025", "declined")]), ONE).iloc[0]
    assert (row["position"], row["beside"], row["origins"]) == ("beside", "declined", 1)


def test_a_position_on_digests_alone_is_thin(make_ledger):
    digest = {"source_id": "machine", "kind": "digest"}
    book = make_ledger(
        sources=[digest], steps=[step("rwa-removal-2025", "agreed", source_id="machine", origin_id="paper")]
    )
    assert bool(standings.countries(book, ONE).iloc[0]["thin"]) is True
    both = [
        step("rwa-removal-2025", "agreed", source_id="machine"),
        step("rwa-removal-2025", "agreed", source_id="paper"),
    ]
    assert bool(standings.countries(make_ledger(sources=[digest], steps=both), ONE).iloc[0]["thin"]) is False


@pytest.mark.parametrize(
    "arrangement",
    [
        {"arrangement_id": "ven-own_nationals-2025", "instrument": "own_nationals"},
        {"arrangement_id": "gtm-asylum-2019", "programme": "us-2019"},
        {"arrangement_id": "any-removal-2025"},
    ],
    ids=["own nationals", "other programme", "no country"],
)
def test_what_is_out_of_scope_has_no_position(make_ledger, arrangement):
    book = make_ledger(arrangements=[arrangement], steps=[step(arrangement["arrangement_id"], "received")])
    assert len(standings.countries(book, ONE)) == 0


def test_regions_count_each_country_once(make_ledger):
    steps = [step("rwa-removal-2025", "agreed"), step("rwa-asylum-2025", "asked"), step("xkx-removal-2025", "asked")]
    table = standings.by_region(standings.countries(make_ledger(steps=steps), ONE)).set_index("region")
    assert table["total"].to_dict() == {"Africa": 1, "Europe": 1}
    assert table.loc["Africa", "agreed"] == 1
    assert table.loc["Europe", "countries"] == "Kosovo"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rwa-removal-2025", "rwa-asylum-2025", "swz-removal-2025"]),
        st.sampled_from([*codebook.LADDER, *codebook.BESIDE]),
        st.sampled_from(["asserts", "denies"]),
        st.sampled_from(["a", "b", "c"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.randoms(use_true_random=False))
def test_row_order_never_matters(make_ledger, rows, random):
    made = [
        step(a, s, stance=how, source_id=who, claim_id=f"c{n:05d}") for n, (a, s, how, who) in enumerate(rows, start=1)
    ]
    first = standings.countries(make_ledger(steps=made), ONE)
    random.shuffle(made)
    assert first.equals(standings.countries(make_ledger(steps=made), ONE))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_more_origins_asked_for_never_raises_a_position(make_ledger, rows):
    book = make_ledger(steps=[step(a, s, stance=how, source_id=who) for a, s, how, who in rows])
    ranks = []
    for k in (1, 2, 3):
        table = standings.arrangements(book, Parameters(min_origins=k)).set_index("arrangement_id")["position"]
        ranks.append({name: codebook.LADDER.index(at) for name, at in table.items() if at in codebook.LADDER})
    for fewer, more in pairwise(ranks):
        assert all(name in fewer and rank <= fewer[name] for name, rank in more.items())


def test_the_headline_of_a_country_names_every_instrument(make_ledger):
    steps = [step("rwa-removal-2025", "agreed"), step("rwa-asylum-2025", "asked"), step("rwa-asylum-2025", "halted")]
    book = make_ledger(
        arrangements=[
            {"arrangement_id": "rwa-asylum-2025", "instrument": "asylum"},
            {"arrangement_id": "rwa-removal-2025"},
        ],
        steps=steps,
    )
    text = standings.country_headline("Rwanda", standings.arrangements(book, ONE), book.as_of)
    assert text == (
        "By 1 May 2025, the furthest steps reported for **Rwanda** are: "
        "asylum: **asked** (also halted); removal: **agreed**."
    )
