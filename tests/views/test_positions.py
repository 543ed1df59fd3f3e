from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import schema
from analysis.views import positions
from analysis.views.parameters import Parameters

ONE = Parameters()


def step(arrangement, name, **cells):
    return {"arrangement_id": arrangement, "step": name, **cells}


def position(book, code, parameters=ONE):
    table = positions.by_country(book, parameters).set_index("receiver")
    return table.loc[code, "position"] if code in table.index else None


def test_a_country_stands_at_the_furthest_step_of_its_arrangements(make_ledger):
    book = make_ledger(steps=[step("rwa-removal-2025", "asked"), step("rwa-asylum-2025", "agreed")])
    assert position(book, "RWA") == "agreed"
    table = positions.by_arrangement(book, ONE).set_index("arrangement_id")
    assert table["position"].to_dict() == {"rwa-asylum-2025": "agreed", "rwa-removal-2025": "asked"}


def test_ten_copies_of_one_report_are_one_origin(make_ledger):
    copies = [step("rwa-removal-2025", "agreed", source_id=f"copy{n}", origin_id="wire") for n in range(10)]
    row = positions.by_country(make_ledger(steps=copies), ONE).iloc[0]
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
    row = positions.by_arrangement(make_ledger(steps=steps), ONE).iloc[0]
    assert (row["position"], row["disputed"], row["denied_by"]) == ("agreed", True, "A Paper")


def test_a_denial_of_a_further_step_disputes_nothing(make_ledger):
    steps = [step("rwa-removal-2025", "asked"), step("rwa-removal-2025", "received", stance="denies")]
    row = positions.by_arrangement(make_ledger(steps=steps), ONE).iloc[0]
    assert (row["position"], row["disputed"]) == ("asked", False)


def test_declined_alone_puts_a_country_beside_the_ladder(make_ledger):
    row = positions.by_country(make_ledger(steps=[step("nga-removal-2025", "declined")]), ONE).iloc[0]
    assert (row["position"], row["beside"], row["origins"]) == ("beside", "declined", 1)


def test_a_position_on_digests_alone_is_thin(make_ledger):
    digest = {"source_id": "machine", "kind": "digest"}
    book = make_ledger(
        sources=[digest], steps=[step("rwa-removal-2025", "agreed", source_id="machine", origin_id="paper")]
    )
    assert bool(positions.by_country(book, ONE).iloc[0]["thin"]) is True
    both = [
        step("rwa-removal-2025", "agreed", source_id="machine"),
        step("rwa-removal-2025", "agreed", source_id="paper"),
    ]
    assert bool(positions.by_country(make_ledger(sources=[digest], steps=both), ONE).iloc[0]["thin"]) is False


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
    assert len(positions.by_country(book, ONE)) == 0


def test_regions_count_each_country_once(make_ledger):
    steps = [step("rwa-removal-2025", "agreed"), step("rwa-asylum-2025", "asked"), step("xkx-removal-2025", "asked")]
    table = positions.by_region(positions.by_country(make_ledger(steps=steps), ONE)).set_index("region")
    assert table["total"].to_dict() == {"Africa": 1, "Europe": 1}
    assert table.loc["Africa", "agreed"] == 1
    assert table.loc["Europe", "countries"] == "Kosovo"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rwa-removal-2025", "rwa-asylum-2025", "swz-removal-2025"]),
        st.sampled_from([*schema.LADDER, *schema.OFF_LADDER]),
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
    first = positions.by_country(make_ledger(steps=made), ONE)
    random.shuffle(made)
    assert first.equals(positions.by_country(make_ledger(steps=made), ONE))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_more_origins_asked_for_never_raises_a_position(make_ledger, rows):
    book = make_ledger(steps=[step(a, s, stance=how, source_id=who) for a, s, how, who in rows])
    ranks = []
    for k in (1, 2, 3):
        table = positions.by_arrangement(book, Parameters(min_origins=k)).set_index("arrangement_id")["position"]
        ranks.append({name: schema.LADDER.index(at) for name, at in table.items() if at in schema.LADDER})
    for fewer, more in pairwise(ranks):
        assert all(name in fewer and rank <= fewer[name] for name, rank in more.items())


DAYS = {"early": "2025-02-10", "middle": "2025-03", "late": "2025-04-30", "last": "2025-06-02"}
SOURCES = [{"source_id": name, "published": day} for name, day in DAYS.items()]
TOLD = st.lists(
    st.tuples(
        st.sampled_from(["rwa-removal-2025", "rwa-asylum-2025", "swz-removal-2025", "any-removal-2025"]),
        st.sampled_from([*schema.LADDER, *schema.OFF_LADDER]),
        st.sampled_from(["asserts", "asserts", "asserts", "denies"]),
        st.sampled_from(sorted(DAYS)),
        st.sampled_from(sorted(DAYS)),
    ),
    min_size=1,
    max_size=10,
)


def told(make_ledger, rows):
    cells = [step(a, s, stance=how, source_id=read, origin_id=origin) for a, s, how, read, origin in rows]
    return make_ledger(sources=SOURCES, steps=cells)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOLD, st.integers(1, 3))
def test_since_when_a_step_is_reached_agrees_with_the_standing_of_every_day(make_ledger, rows, origins):
    book, chosen = told(make_ledger, rows), Parameters(min_origins=origins)
    reached = positions.reached(book, chosen)
    turns = set(book.steps["public_on"])  # between two of them nothing becomes known
    for day in sorted(turns | {day - pd.Timedelta(days=1) for day in turns}):
        then = positions.by_country(book.known(day), chosen)
        for name in schema.LADDER:
            since = reached[(reached["step"] == name) & (reached["reached_on"] <= day)]
            assert sorted(since["receiver"]) == sorted(positions.at_least(then, name)["receiver"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOLD, st.integers(1, 3))
def test_a_month_counts_what_was_known_at_its_end(make_ledger, rows, origins):
    book, chosen = told(make_ledger, rows), Parameters(min_origins=origins)
    for row in positions.by_month(book, chosen, start="2025-01").to_dict("records"):
        then = positions.by_country(book.known(row["day"]), chosen)["position"].value_counts()
        assert {name: row[name] for name in positions.POSITIONS} == then.reindex(
            positions.POSITIONS, fill_value=0
        ).to_dict()
        assert row["total"] == then.sum()


def test_the_last_month_ends_with_the_day_of_the_ledger(make_ledger):
    book = told(make_ledger, [("rwa-removal-2025", "declined", "asserts", "early", "early")]).known("2025-03-20")
    months = positions.by_month(book, ONE, start="2025-01")
    assert [str(day.date()) for day in months["day"]] == ["2025-01-31", "2025-02-28", "2025-03-20"]
    assert months["beside"].to_list() == [0, 1, 1]
    assert positions.by_month(book, ONE, start="2025-04").empty


def test_a_country_that_declined_and_is_asked_later_stands_beside_the_ladder_until_then(make_ledger):
    rows = [("rwa-removal-2025", "declined", "early"), ("rwa-asylum-2025", "asked", "late")]
    book = told(make_ledger, [(a, s, "asserts", who, who) for a, s, who in rows])
    months = positions.by_month(book, ONE)
    assert months[["beside", "asked", "total"]].to_numpy().tolist() == [[1, 0, 1], [1, 0, 1], [0, 1, 1]]


def test_the_headline_of_the_months_compares_the_last_with_the_first(make_ledger):
    rows = [
        ("rwa-removal-2025", "asked", "early"),
        ("rwa-removal-2025", "agreed", "last"),
        ("swz-removal-2025", "asked", "late"),
    ]
    book = told(make_ledger, [(a, s, "asserts", who, who) for a, s, who in rows])
    assert positions.month_headline(positions.by_month(book, ONE)) == (
        "By 2 Jun 2025, sources had reported a position of **2 countries**, 1 of them to have agreed or gone further; "
        "by 28 Feb 2025 it had been 1, 0 of them so far along. Most were added in the month that ended on 30 Apr 2025: 1."
    )
    assert "No country's position" in positions.month_headline(positions.by_month(book.known("2025-02-01"), ONE))


def test_the_headline_of_a_country_names_every_instrument(make_ledger):
    steps = [step("rwa-removal-2025", "agreed"), step("rwa-asylum-2025", "asked"), step("rwa-asylum-2025", "halted")]
    book = make_ledger(
        arrangements=[
            {"arrangement_id": "rwa-asylum-2025", "instrument": "asylum"},
            {"arrangement_id": "rwa-removal-2025"},
        ],
        steps=steps,
    )
    text = positions.country_headline("Rwanda", positions.by_arrangement(book, ONE), book.as_of)
    assert text == (
        "By 1 May 2025, the furthest steps reported for **Rwanda** are: "
        "asylum: **asked** (also halted); removal: **agreed**."
    )
