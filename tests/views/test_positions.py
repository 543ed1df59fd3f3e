"""Furthest step, what was reported since, disputes: the rules *Position* and *Dispute* of the Method, on tiny ledgers."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import schema
from analysis.views import positions
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()
MANY_LEDGERS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def step(arrangement, name, **cells):
    return {"arrangement_id": arrangement, "step": name, **cells}


def the_arrangement(ledger, parameters=DEFAULTS):
    (row,) = positions.by_arrangement(ledger, parameters).to_dict("records")
    return row


def the_country(ledger, parameters=DEFAULTS):
    (row,) = positions.by_country(ledger, parameters).to_dict("records")
    return row


def furthest_step(ledger, code, parameters=DEFAULTS):
    table = positions.by_country(ledger, parameters).set_index("receiver")
    return table.loc[code, "furthest_step"] if code in table.index else None


# What counts at all


def test_an_undated_claim_never_makes_a_receiver(make_ledger):
    sources = [{"source_id": "undated", "published": "", "published_basis": "unknown", "read_on": "2026-11-21"}]
    steps = [step("rwa-removal-2025", "asked"), step("uga-removal-2025", "received", source_id="undated")]
    ledger = make_ledger(sources=sources, steps=steps)
    assert positions.by_country(ledger, DEFAULTS)["receiver"].to_list() == ["RWA"]
    assert ledger.undated["receiver"].to_list() == ["UGA"]
    assert positions.by_month(ledger, DEFAULTS)["day"].max() == pd.Timestamp("2025-05-01")


def test_a_claim_counts_from_the_day_of_whichever_printed_it_first(make_ledger):
    sources = [{"source_id": "page", "published": "2025-05-01"}, {"source_id": "origin", "published": "2025-05-18"}]
    ledger = make_ledger(
        sources=sources, steps=[step("rwa-removal-2025", "agreed", source_id="page", origin_id="origin")]
    )
    assert the_country(ledger)["first_public_on"] == pd.Timestamp("2025-05-01")
    assert len(positions.by_country(ledger.known("2025-05-02"), DEFAULTS)) == 1


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
    ledger = make_ledger(arrangements=[arrangement], steps=[step(arrangement["arrangement_id"], "received")])
    assert len(positions.by_country(ledger, DEFAULTS)) == 0


def test_a_doubtful_claim_makes_no_position(make_ledger):
    steps = [step("rwa-removal-2025", "asked"), step("rwa-removal-2025", "received", doubtful="true")]
    assert the_country(make_ledger(steps=steps))["furthest_step"] == "asked"


# The furthest step


def test_a_country_stands_at_the_furthest_step_of_its_arrangements(make_ledger):
    ledger = make_ledger(steps=[step("rwa-removal-2025", "asked"), step("rwa-asylum-2025", "agreed")])
    assert furthest_step(ledger, "RWA") == "agreed"
    table = positions.by_arrangement(ledger, DEFAULTS).set_index("arrangement_id")
    assert table["furthest_step"].to_dict() == {"rwa-asylum-2025": "agreed", "rwa-removal-2025": "asked"}


def test_an_earliest_day_after_the_latest_is_left_out(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed", date="2025-04-20"),
        step("rwa-removal-2025", "agreed", date="../2025-04-01"),
    ]
    (row,) = positions.by_arrangement(make_ledger(steps=steps), Parameters()).to_dict("records")
    assert (pd.isna(row["earliest"]), row["latest"]) == (True, pd.Timestamp("2025-04-01"))


def test_ten_copies_of_one_report_are_one_origin(make_ledger):
    copies = [step("rwa-removal-2025", "agreed", source_id=f"copy{n}", origin_id="wire") for n in range(10)]
    row = the_country(make_ledger(steps=copies))
    assert (row["origins"], row["sources"], row["support"]) == (1, 10, "one_origin")


def test_asking_for_more_origins_lowers_the_step_to_what_that_many_report(make_ledger):
    names = {"a": "received", "b": "agreed", "c": "asked"}
    ledger = make_ledger(steps=[step("rwa-removal-2025", name, source_id=who) for who, name in names.items()])
    found = [furthest_step(ledger, "RWA", Parameters(min_origins=k)) for k in (1, 2, 3, 4)]
    assert found == ["received", "agreed", "asked", None]


def test_two_instruments_with_one_origin_each_are_no_position_with_two(make_ledger):
    steps = [step("rwa-removal-2025", "agreed", source_id="a"), step("rwa-asylum-2025", "agreed", source_id="b")]
    assert furthest_step(make_ledger(steps=steps), "RWA", Parameters(min_origins=2)) is None


def test_a_position_on_digests_alone_says_so_until_another_source_carries_it(make_ledger):
    digest = {"source_id": "machine", "kind": "digest"}
    steps = [step("rwa-removal-2025", "agreed", source_id="machine", origin_id="paper")]
    assert the_country(make_ledger(sources=[digest], steps=steps))["support"] == "digests_only"
    steps.append(step("rwa-removal-2025", "agreed", source_id="paper"))
    assert the_country(make_ledger(sources=[digest], steps=steps))["support"] == "one_origin"


def test_the_claims_behind_a_position_are_those_at_its_step_or_beyond_in_the_order_of_their_numbers(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed", claim_id="c100000"),
        step("rwa-removal-2025", "agreed", claim_id="c99999"),
        step("rwa-removal-2025", "asked", claim_id="c00001"),
    ]
    assert the_country(make_ledger(steps=steps))["claim_ids"] == "c99999; c100000"


# Off the ladder, and since


def test_declined_alone_puts_a_country_off_the_ladder(make_ledger):
    row = the_country(make_ledger(steps=[step("nga-removal-2025", "declined", claim_id="c00007")]))
    assert (row["furthest_step"], row["also_reported"], row["also_claim_ids"]) == ("off_ladder", "declined", "c00007")
    assert (row["claim_ids"], row["origins"]) == ("", 0)


def test_off_the_ladder_too_as_many_origins_are_needed_for_the_same_step(make_ledger):
    steps = [step("nga-removal-2025", "declined", source_id="a"), step("nga-removal-2025", "halted", source_id="b")]
    assert furthest_step(make_ledger(steps=steps), "NGA", Parameters(min_origins=2)) is None
    steps.append(step("nga-removal-2025", "declined", source_id="b"))
    row = the_country(make_ledger(steps=steps), Parameters(min_origins=2))
    assert (row["furthest_step"], row["also_reported"]) == ("off_ladder", "declined")


def test_a_step_with_too_few_origins_is_not_behind_a_country_off_the_ladder(make_ledger):
    steps = [step("nga-removal-2025", "declined", source_id=who) for who in ("a", "b")]
    steps.append(step("nga-removal-2025", "asked", source_id="a"))
    row = the_country(make_ledger(steps=steps), Parameters(min_origins=2))
    assert (row["furthest_step"], row["claim_ids"], row["origins"]) == ("off_ladder", "", 0)


LATE = [{"source_id": "paper", "published": "2026-01-01"}]


@pytest.mark.parametrize(
    ("reached", "stopped", "since"),
    [
        ("2025-05-06", "2025-06-01", "declined"),
        ("2025-05-06", "2025-05-06", "declined"),
        ("2025-05-06", "2025-04-30", ""),
        ("2025-05", "2025-05-10", ""),  # the step can have been reached on 31 May
        ("../2025-05-06", "2025-05-07", "declined"),
        ("2025-05-06", "../2025-06-01", "declined"),  # nothing dates the refusal from below
        ("2025-05-06", "", "declined"),  # without a date, the day it became public
    ],
)
def test_declined_later_than_the_step_is_reported_since(make_ledger, reached, stopped, since):
    steps = [step("rwa-removal-2025", "agreed", date=reached), step("rwa-removal-2025", "declined", date=stopped)]
    row = the_arrangement(make_ledger(sources=LATE, steps=steps))
    assert (row["furthest_step"], row["since"], row["stopped_since"]) == ("agreed", since, since != "")
    assert row["also_reported"] == "declined"


def test_a_halt_before_the_arrival_is_not_since_even_where_a_later_page_tells_it_without_a_day(make_ledger):
    steps = [
        step("ssd-removal-2025", "halted", date="2025-05-21"),
        step("ssd-removal-2025", "halted", date="../2025-08-01"),
        step("ssd-removal-2025", "received", date="2025-07-04"),
    ]
    row = the_arrangement(make_ledger(sources=LATE, steps=steps))
    assert (row["furthest_step"], row["since"], row["also_reported"]) == ("received", "", "halted")


def test_no_answer_is_reported_since_but_stops_nothing_and_unclear_is_neither(make_ledger):
    steps = [step("rwa-removal-2025", "asked", date="2025-04-01")]
    steps += [step("rwa-removal-2025", name, date="2025-04-20") for name in ("no_answer", "unclear")]
    row = the_arrangement(make_ledger(steps=steps))
    assert (row["since"], row["stopped_since"], row["also_reported"]) == ("no_answer", False, "no_answer; unclear")


def test_a_country_is_stopped_only_if_all_its_arrangements_at_the_furthest_step_are(make_ledger):
    steps = [step(f"rwa-{kind}-2025", "agreed", date="2025-04-01") for kind in ("removal", "asylum")]
    steps.append(step("rwa-removal-2025", "ended", date="2025-04-20"))
    row = the_country(make_ledger(steps=steps))
    assert (row["since"], row["stopped_since"], row["also_reported"]) == ("", False, "ended")
    row = the_country(make_ledger(steps=[*steps, step("rwa-asylum-2025", "declined", date="2025-04-21")]))
    assert (row["since"], row["stopped_since"]) == ("declined; ended", True)


def test_what_was_reported_since_has_the_claims_that_say_it_and_a_stop_only_those_of_stops(make_ledger):
    steps = [
        step("rwa-removal-2025", "declined", date="2025-03-01", claim_id="c1"),  # before it agreed
        step("rwa-removal-2025", "agreed", date="2025-04-01", claim_id="c2"),
        step("rwa-removal-2025", "unclear", date="2025-04-10", claim_id="c3"),
        step("rwa-removal-2025", "no_answer", date="2025-04-15", claim_id="c4"),
        step("rwa-removal-2025", "ended", date="2025-04-20", claim_id="c5", source_id="a"),
    ]
    ledger = make_ledger(steps=steps)
    for row in (the_arrangement(ledger), the_country(ledger)):
        assert (row["since_claim_ids"], row["stopped_claim_ids"]) == ("c4; c5", "c5")
        assert row["also_claim_ids"] == "c1; c3; c4; c5"


# Disputes


def test_a_denial_marks_and_never_deletes(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed"),
        step("rwa-removal-2025", "agreed", stance="denies", claim_id="c00009"),
    ]
    row = the_arrangement(make_ledger(steps=steps))
    assert (row["furthest_step"], row["disputed"], row["denial_ids"]) == ("agreed", True, "c00009")


@pytest.mark.parametrize(
    ("asserted", "denied", "disputed"),
    [
        (("received", "2025-11"), ("agreed", "../2025-05-07"), False),  # Equatorial Guinea
        (("received", "2025-07-04"), ("received", "../2025-05-27"), False),  # South Sudan: not yet landed
        (("received", "2025-11"), ("agreed", "../2025-11-30"), True),
        (("received", "2025-11"), ("agreed", "2025-11-01"), True),
        (("agreed", "../2025-11-30"), ("agreed", "../2025-05-07"), True),  # nothing dates the agreement from below
        (("asked", "2025-04"), ("received", "../2025-12-01"), False),  # a denial of a further step
        (("agreed", "2025-04"), ("asked", "../2025-12-01"), True),  # who was not asked cannot have agreed
    ],
)
def test_a_denial_disputes_by_step_and_by_time(make_ledger, asserted, denied, disputed):
    steps = [
        step("rwa-removal-2025", asserted[0], date=asserted[1]),
        step("rwa-removal-2025", denied[0], date=denied[1], stance="denies"),
    ]
    assert the_arrangement(make_ledger(sources=LATE, steps=steps))["disputed"] is disputed


def test_a_denial_of_another_instrument_or_of_a_doubtful_report_disputes_nothing(make_ledger):
    steps = [step("gtm-transit-2025", "agreed"), step("gtm-asylum-2025", "agreed", stance="denies")]
    assert the_country(make_ledger(steps=steps))["disputed"] is False
    steps = [step("rwa-removal-2025", "agreed"), step("rwa-removal-2025", "agreed", stance="denies", doubtful="true")]
    assert the_country(make_ledger(steps=steps))["disputed"] is False


def test_a_denial_alone_is_no_position(make_ledger):
    ledger = make_ledger(steps=[step("rwa-removal-2025", "agreed", stance="denies")])
    assert len(positions.by_country(ledger, DEFAULTS)) == 0


# Regions


def test_regions_count_each_country_once_and_say_how_many_were_stopped_since(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed", date="2025-04-01"),
        step("rwa-removal-2025", "ended", date="2025-04-20"),
        step("rwa-asylum-2025", "asked"),
        step("xkx-removal-2025", "asked"),
    ]
    countries = positions.by_country(make_ledger(steps=steps), DEFAULTS)
    table = positions.by_region(countries).set_index("region")
    assert table["total"].to_dict() == {"Africa": 1, "Europe": 1}
    assert table.loc["Africa", ["agreed", "asked", "stopped_since"]].to_list() == [1, 0, 1]
    assert table.loc["Europe", "countries"] == "Kosovo"


# What holds for every ledger

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rwa-removal-2025", "rwa-asylum-2025", "swz-removal-2025"]),
        st.sampled_from([*schema.LADDER, *schema.OFF_LADDER]),
        st.sampled_from(["asserts", "denies"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["", "2025-04", "../2025-04-20", "2025-05-01"]),
        st.sampled_from(["", "", "true"]),
    ),
    min_size=1,
    max_size=8,
)


def numbered(rows):
    return [
        step(name, at, stance=how, source_id=who, date=date, doubtful=doubt, claim_id=f"c{number:05d}")
        for number, (name, at, how, who, date, doubt) in enumerate(rows, start=1)
    ]


@MANY_LEDGERS
@given(STEPS, st.randoms(use_true_random=False), st.integers(1, 2))
def test_the_order_of_rows_never_matters(make_ledger, rows, random, origins):
    made, chosen = numbered(rows), Parameters(min_origins=origins)
    views = (positions.by_arrangement, positions.by_country, positions.reached, positions.by_month)
    first = [view(make_ledger(steps=made), chosen) for view in views]
    random.shuffle(made)
    again = make_ledger(steps=made)
    for frame, view in zip(first, views, strict=True):
        pd.testing.assert_frame_equal(frame, view(again, chosen))


@MANY_LEDGERS
@given(STEPS)
def test_asking_for_more_origins_never_raises_a_position(make_ledger, rows):
    ledger = make_ledger(steps=numbered(rows))
    ranks = []
    for origins in (1, 2, 3):
        table = positions.by_arrangement(ledger, Parameters(min_origins=origins)).set_index("arrangement_id")
        ranks.append({name: positions.RANK.get(at, -1) for name, at in table["furthest_step"].items()})
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


@MANY_LEDGERS
@given(TOLD, st.integers(1, 3))
def test_since_when_a_step_is_reached_agrees_with_the_positions_of_every_day(make_ledger, rows, origins):
    ledger, chosen = told(make_ledger, rows), Parameters(min_origins=origins)
    reached = positions.reached(ledger, chosen)
    turns = set(ledger.steps["public_on"])  # between two of them nothing becomes known
    for day in sorted(turns | {day - pd.Timedelta(days=1) for day in turns}):
        then = positions.by_country(ledger.known(day), chosen)
        for name in schema.LADDER:
            since = reached[(reached["step"] == name) & (reached["reached_on"] <= day)]
            assert sorted(since["receiver"]) == sorted(positions.at_least(then, name)["receiver"])


@MANY_LEDGERS
@given(TOLD, st.integers(1, 3))
def test_a_month_counts_what_was_known_at_its_end(make_ledger, rows, origins):
    ledger, chosen = told(make_ledger, rows), Parameters(min_origins=origins)
    for row in positions.by_month(ledger, chosen, start="2025-01").to_dict("records"):
        then = positions.by_country(ledger.known(row["day"]), chosen)["furthest_step"].value_counts()
        wanted = then.reindex(positions.POSITIONS, fill_value=0).to_dict()
        assert {name: row[name] for name in positions.POSITIONS} == wanted
        assert row["total"] == then.sum()


def test_a_step_reached_names_the_first_claim_of_each_origin_that_it_took(make_ledger):
    steps = [
        step("rwa-removal-2025", "agreed", source_id="late", claim_id="c00001"),
        step("rwa-removal-2025", "received", source_id="early", claim_id="c00002"),
        step("rwa-removal-2025", "agreed", source_id="last", claim_id="c00003"),
    ]
    table = positions.reached(make_ledger(sources=SOURCES, steps=steps), Parameters(min_origins=2))
    agreed = table.set_index("step").loc["agreed"]
    assert (agreed["claim_ids"], agreed["reached_on"]) == ("c00001; c00002", pd.Timestamp("2025-04-30"))


def test_the_last_month_ends_with_the_day_of_the_ledger(make_ledger):
    ledger = told(make_ledger, [("rwa-removal-2025", "declined", "asserts", "early", "early")]).known("2025-03-20")
    months = positions.by_month(ledger, DEFAULTS, start="2025-01")
    assert [str(day.date()) for day in months["day"]] == ["2025-01-31", "2025-02-28", "2025-03-20"]
    assert months["off_ladder"].to_list() == [0, 1, 1]
    assert positions.by_month(ledger, DEFAULTS, start="2025-04").empty


def test_a_country_that_declined_and_is_asked_later_is_off_the_ladder_until_then(make_ledger):
    rows = [("rwa-removal-2025", "declined", "early"), ("rwa-asylum-2025", "asked", "late")]
    ledger = told(make_ledger, [(a, s, "asserts", who, who) for a, s, who in rows])
    months = positions.by_month(ledger, DEFAULTS, start="2025-02")
    assert months[["off_ladder", "asked", "total"]].to_numpy().tolist() == [[1, 0, 1], [1, 0, 1], [0, 1, 1]]


# Sentences


def test_the_headline_of_the_months_compares_the_last_with_the_first(make_ledger):
    rows = [
        ("rwa-removal-2025", "asked", "early"),
        ("rwa-removal-2025", "agreed", "last"),
        ("swz-removal-2025", "asked", "late"),
    ]
    ledger = told(make_ledger, [(a, s, "asserts", who, who) for a, s, who in rows])
    assert positions.month_headline(positions.by_month(ledger, DEFAULTS, start="2025-02")) == (
        "By 2 Jun 2025, sources had named **2 countries and territories**, 0 of them only as possible destinations; "
        "1 were reported to have agreed or gone further, 0 of these to have received people. "
        "By 28 Feb 2025 it had been 1, 0 of them so far along. "
        "The largest rise was in the month that ended on 30 Apr 2025: 1 country or territory."
    )
    one = positions.by_month(ledger.known("2025-03-01"), DEFAULTS, start="2025-02")
    assert "had named **1 country or territory**, 0 of them only" in positions.month_headline(one)
    before = positions.by_month(ledger.known("2025-02-01"), DEFAULTS)
    assert (
        positions.month_headline(before) == "No country or territory had been named by the end of any of these months."
    )


def test_the_headline_of_a_country_says_what_was_reported_since_and_what_is_denied(make_ledger):
    arrangements = [{"arrangement_id": "rwa-asylum-2025", "instrument": "asylum"}]
    steps = [
        step("rwa-removal-2025", "agreed"),
        step("rwa-removal-2025", "agreed", stance="denies"),
        step("rwa-asylum-2025", "asked", date="2025-04-01"),
        step("rwa-asylum-2025", "halted", date="2025-04-20"),
    ]
    ledger = make_ledger(arrangements=arrangements, steps=steps)
    text = positions.country_headline("Rwanda", positions.by_arrangement(ledger, DEFAULTS), ledger.as_of)
    assert text == (
        "By 1 May 2025, the furthest steps reported for **Rwanda** are: "
        "asylum: **asked** (since then halted); removal: **agreed** (denied by another claim)."
    )


def test_two_arrangements_of_one_kind_are_told_apart_by_their_years(make_ledger):
    steps = [step("rwa-removal-2025", "asked"), step("rwa-removal-2026", "agreed"), step("rwa-asylum-2025", "asked")]
    arrangements = [{"arrangement_id": "rwa-asylum-2025", "instrument": "asylum"}]
    table = positions.by_arrangement(make_ledger(arrangements=arrangements, steps=steps), DEFAULTS)
    assert positions.kinds(table) == ["asylum", "removal (2025)", "removal (2026)"]


def test_the_headline_of_a_country_without_reports_says_so(make_ledger):
    ledger = make_ledger(steps=[step("swz-removal-2025", "asked")])
    none = positions.by_arrangement(ledger.about("RWA"), DEFAULTS)
    text = positions.country_headline("Rwanda", none, ledger.as_of)
    assert text == "By 1 May 2025, the sources read report no position of **Rwanda**."


def test_where_no_country_has_the_origins_asked_for_there_is_no_region(make_ledger):
    nothing = positions.by_country(make_ledger(steps=[{}]), Parameters(min_origins=9))
    assert positions.by_region(nothing).to_dict("records") == []
