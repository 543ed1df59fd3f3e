"""What became known and what was corrected, between two days or two revisions of the ledger."""

from dataclasses import replace

import pytest

from analysis import ledger as package
from analysis.ledger import schema
from analysis.views import changes, everything
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()
SOURCES = [{"source_id": "early", "published": "2025-03-01"}, {"source_id": "late", "published": "2025-09-01"}]
LATE = {"source_id": "late"}


def became_known(ledger, start="2025-04-01", end="2025-12-31"):
    table = changes.found(ledger.known(start), ledger.known(end), DEFAULTS)
    return table[["kind", "sentence", "claim_ids"]].to_numpy().tolist()


def corrected(before, after):
    table = changes.found(before, after, DEFAULTS)
    return table.loc[table["kind"] == "correction", "sentence"].to_list()


def test_a_country_that_moved_a_step_is_told_with_its_claims(make_ledger):
    ledger = make_ledger(
        sources=SOURCES, steps=[{"source_id": "early"}, {"step": "agreed", "claim_id": "c00009"} | LATE]
    )
    assert became_known(ledger) == [["position", "Rwanda: from asked to agreed (1 origin).", "c00009"]]


def test_a_country_that_appears_a_payment_a_movement_and_a_denial_are_told(make_ledger):
    ledger = make_ledger(
        sources=SOURCES,
        steps=[
            {"source_id": "early", "arrangement_id": "swz-removal-2025"},
            LATE | {"claim_id": "c00002"},
            LATE | {"claim_id": "c00003", "step": "agreed", "stance": "denies"},
        ],
        payments=[LATE | {"claim_id": "c00004"}],
        transfers=[LATE | {"claim_id": "c00005", "date": "2025-08"}],
    )
    assert became_known(ledger) == [
        ["position", "Rwanda: first reported, as asked (1 origin).", "c00002"],
        ["payment", "Rwanda: USD 100 (one origin) agreed, first reported by A Paper (1 Sep 2025).", "c00004"],
        [
            "movement",
            "Rwanda: 10 people (one origin) sent (Aug 2025), first reported by A Paper (1 Sep 2025).",
            "c00005",
        ],
        ["denial", "Rwanda: A Paper reports that there is no agreement (1 Sep 2025).", "c00003"],
    ]


def test_what_stands_off_the_ladder_is_told_with_the_claims_that_say_it(make_ledger):
    early = {"source_id": "early", "step": "no_answer", "claim_id": "c00003"}
    steps = [{"source_id": "early"}, early, {"step": "declined", "claim_id": "c00008"} | LATE]
    steps.append({"step": "unclear", "claim_id": "c00009"} | LATE)
    assert became_known(make_ledger(sources=SOURCES, steps=steps)) == [
        [
            "position",
            "Rwanda: still asked; now also declined (one origin), a report that fits no step (one origin).",
            "c00008; c00009",
        ]
    ]


def test_what_stands_off_the_ladder_is_told_too(make_ledger):
    steps = [{"source_id": "early"}, {"step": "declined", "claim_id": "c00008"} | LATE]
    assert became_known(make_ledger(sources=SOURCES, steps=steps)) == [
        ["position", "Rwanda: still asked; now also declined (one origin).", "c00008"]
    ]
    steps.append({"step": "agreed", "claim_id": "c00009"} | LATE)
    assert became_known(make_ledger(sources=SOURCES, steps=steps)) == [
        ["position", "Rwanda: from asked to agreed (1 origin); now also declined (one origin).", "c00008; c00009"]
    ]


def test_a_second_refusal_after_an_agreement_is_told(make_ledger):
    steps = [
        {"source_id": "early", "step": "declined", "date": "2025-01-10"},
        {"source_id": "early", "step": "agreed", "date": "2025-02-10"},
        {"step": "declined", "date": "2025-08-10", "claim_id": "c00008"} | LATE,
    ]
    assert became_known(make_ledger(sources=SOURCES, steps=steps)) == [
        ["position", "Rwanda: still agreed; since then declined.", "c00008"]
    ]


ACT = {"act_id": "usa-2025-08-29", "label": "Judge bars a flight", "actor_name": "District Court", "date": "2025-08-29"}


def test_an_act_is_told_with_who_acted_when_and_who_reported_it_first(make_ledger):
    acts = [ACT | LATE | {"claim_id": "c00002"}, ACT | LATE | {"claim_id": "c00003"}]
    ledger = make_ledger(sources=SOURCES, steps=[{"source_id": "early"}], acts=acts)
    assert became_known(ledger) == [
        [
            "act",
            "Judge bars a flight (District Court, 29 Aug 2025; one origin), first reported by A Paper (1 Sep 2025).",
            "c00002; c00003",
        ]
    ]
    assert "## Acts of courts, agencies and parliaments\n\n- Judge bars a flight" in changes.markdown(
        changes.found(ledger.known("2025-04-01"), ledger, DEFAULTS), "A title"
    )


def test_an_act_that_is_known_from_the_court_itself_names_the_court_once(make_ledger):
    act = ACT | {"actor_name": "A Paper", "source_id": "late", "claim_id": "c00002"}
    ledger = make_ledger(sources=SOURCES, steps=[{"source_id": "early"}], acts=[act])
    ((_, sentence, _),) = became_known(ledger)
    assert sentence.endswith("(A Paper, 29 Aug 2025; one origin), first reported by the court itself (1 Sep 2025).")


def test_an_act_of_which_another_effect_is_reported_is_told_again(make_ledger):
    acts = [
        ACT | {"source_id": "early", "claim_id": "c00001"},
        ACT
        | LATE
        | {"claim_id": "c00002", "effect": "sets_conditions", "basis": "court", "arrangement_id": "any-removal-2025"},
    ]
    acts[0]["arrangement_id"] = "any-removal-2025"
    assert became_known(make_ledger(sources=SOURCES, acts=acts)) == [
        [
            "act",
            "Judge bars a flight (District Court, 29 Aug 2025; one origin): "
            "what it does is now told as “sets conditions”, not “forbids”.",
            "c00002",
        ]
    ]


def test_a_denial_that_was_told_is_not_told_again_when_it_is_retold(make_ledger):
    no = {"stance": "denies", "step": "agreed", "origin_id": "early"}
    steps = [
        {"source_id": "early"},
        no | {"claim_id": "c00002", "source_id": "early"},
        no | {"claim_id": "c00003"} | LATE,
    ]
    ledger = make_ledger(sources=SOURCES, steps=steps)
    assert became_known(ledger) == []
    assert became_known(ledger, start="2025-02-01", end="2025-12-31")[1:] == [
        ["denial", "Rwanda: A Paper reports that there is no agreement (1 Mar 2025).", "c00002; c00003"]
    ]


def test_what_was_read_in_digests_alone_or_is_doubtful_says_so(make_ledger):
    sources = [SOURCES[0], SOURCES[1] | {"kind": "digest"}]
    doubtful = LATE | {"doubtful": "true", "note": "a misprint"}
    ledger = make_ledger(
        sources=sources,
        steps=[
            {"source_id": "early", "arrangement_id": "swz-removal-2025"},
            LATE | {"claim_id": "c00002"},
            LATE | {"claim_id": "c00003", "step": "declined"},
            LATE | {"claim_id": "c00004", "step": "agreed", "stance": "denies"},
        ],
        payments=[doubtful | {"claim_id": "c00005"}],
        transfers=[LATE | {"claim_id": "c00006", "people_min": ""}],
        acts=[ACT | LATE | {"claim_id": "c00007"}],
    )
    assert [
        sentence.removesuffix(", first reported by A Paper (1 Sep 2025).") for _, sentence, _ in became_known(ledger)
    ] == [
        "Rwanda: first reported, as asked (1 origin, digests only); also declined (digests only).",
        "Rwanda: USD 100 (doubtful) agreed",
        "Rwanda: up to 10 people (digests only) sent",
        "Judge bars a flight (District Court, 29 Aug 2025; digests only)",
        "Rwanda: A Paper reports that there is no agreement (digests only) (1 Sep 2025).",
    ]


def test_a_sum_that_was_corrected_is_told_old_and_new_and_is_not_new(make_ledger):
    before, after = (
        make_ledger(payments=[{"claim_id": "c00001", "amount_min": figure, "amount_max": figure}])
        for figure in ("5100000", "51000000")
    )
    assert changes.found(before, after, DEFAULTS)[["kind", "receiver", "sentence"]].to_numpy().tolist() == [
        [
            "correction",
            "RWA",
            "c00001 (payments): amount_min 5,100,000 → 51,000,000; amount_max 5,100,000 → 51,000,000.",
        ]
    ]


PAID = {"payment_id": "rwa-2025-fund", "amount_min": "5100000", "amount_max": "5100000"}
MOVED = {"transfer_id": "rwa-2025-08-flight", "people_min": "1", "people_max": "1"}
NOT_GIVEN = ("amount_min", "amount_max", "people_min", "people_max")


@pytest.mark.parametrize("given", [True, False])
def test_another_figure_of_a_payment_or_a_movement_is_told_with_who_reports_it_and_what_stood_before(
    make_ledger, given
):
    def early(row, number):
        figure = {} if given else {name: "" for name in NOT_GIVEN if name in row}
        return row | figure | {"source_id": "early", "claim_id": number}

    firmer = LATE | {"basis": "document"}
    ledger = make_ledger(
        sources=SOURCES,
        payments=[
            early(PAID, "c00001"),
            PAID | firmer | {"claim_id": "c00002", "amount_min": "7500000", "amount_max": "7500000"},
        ],
        transfers=[early(MOVED, "c00003"), MOVED | firmer | {"claim_id": "c00004", "people_max": "7"}],
    )
    sums, people = ("USD 5,100,000", "1 person") if given else ("the sum was not given", "the number was not given")
    assert became_known(ledger) == [
        [
            "payment",
            f"Rwanda: USD 7,500,000 agreed, as reported by A Paper (1 Sep 2025); before: {sums}.",
            "c00001; c00002",
        ],
        [
            "movement",
            f"Rwanda: 1 to 7 people sent, as reported by A Paper (1 Sep 2025); before: {people}.",
            "c00003; c00004",
        ],
    ]


def test_a_figure_that_is_reported_again_is_not_told_again(make_ledger):
    ledger = make_ledger(
        sources=SOURCES,
        payments=[PAID | {"source_id": "early"}, PAID | LATE],
        transfers=[MOVED | {"source_id": "early"}, MOVED | LATE],
    )
    assert became_known(ledger) == []


def test_a_country_that_loses_its_only_report_off_the_ladder_is_told_with_its_claims(make_ledger):
    before, after = (
        make_ledger(
            steps=[{}, {"arrangement_id": "pan-removal-2025", "step": "declined", "claim_id": "c00009"} | status]
        )
        for status in ({}, {"status": "withdrawn", "note": "x"})
    )
    table = changes.found(before, after, DEFAULTS)
    assert table.loc[table["kind"] == "position", ["receiver", "sentence", "claim_ids"]].to_numpy().tolist() == [
        ["PAN", "Panama: no position any more.", "c00009"]
    ]


@pytest.mark.parametrize(
    ("table", "cells", "words"),
    [
        ("steps", {"step": "agreed"}, "step asked → agreed"),
        ("steps", {"date": "2025-03", "date_basis": "stated"}, "date blank → 2025-03; date_basis blank → stated"),
        ("steps", {"note": "a note"}, "note blank → a note"),
        ("steps", {"wording": "has asked"}, "wording blank → has asked"),
        ("steps", {"basis": "court"}, "basis reporting → court"),
        ("steps", {"doubtful": "true"}, "doubtful blank → true"),
        ("payments", {"currency": "EUR"}, "currency USD → EUR"),
        ("payments", {"payer": "RWA"}, "payer USA → RWA"),
        ("payments", {"people_basis": "7"}, "people_basis blank → 7"),
        ("transfers", {"people_max": ""}, "people_max 10 → blank"),
        ("transfers", {"nationalities": "CUB"}, "nationalities blank → CUB"),
        ("tallies", {"definition": "another"}, "definition countries asked → another"),
    ],
)
def test_a_change_of_any_coded_column_is_told(make_ledger, table, cells, words):
    before = make_ledger(**{table: [{"claim_id": "c00001"}]})
    after = make_ledger(**{table: [{"claim_id": "c00001", **cells}]})
    assert corrected(before, after) == [f"c00001 ({table}): {words}."]


def test_when_a_row_was_checked_is_no_correction(make_ledger):
    before = make_ledger(steps=[{"claim_id": "c00001"}])
    after = make_ledger(steps=[{"claim_id": "c00001", "checked_on": "2026-02-01"}])
    assert corrected(before, after) == []


def test_corrections_stand_in_the_order_of_claim_numbers(make_ledger):
    ids = ("c100000", "c99999")
    before = make_ledger(steps=[{"claim_id": name} for name in ids])
    after = make_ledger(steps=[{"claim_id": name, "status": "withdrawn", "note": "x"} for name in ids] + [{}])
    assert corrected(before, after) == ["c99999 (steps) counts no more.", "c100000 (steps) counts no more."]


def test_the_page_keeps_what_became_known_apart_from_what_was_corrected(make_ledger):
    before = make_ledger(steps=[{"claim_id": "c00001"}])
    after = make_ledger(steps=[{"claim_id": "c00001", "note": "x"}, {"claim_id": "c00002", "step": "agreed"}])
    assert changes.markdown(changes.found(before, after, DEFAULTS), "A title") == (
        "# A title\n\n## Countries that moved a step\n\n- Rwanda: from asked to agreed (1 origin). [c00002]\n\n"
        "## Corrections\n\n- c00001 (steps): note blank → x. [c00001]\n"
    )


def test_nothing_new_says_so(make_ledger):
    ledger = make_ledger(steps=[{}])
    page = changes.markdown(changes.found(ledger, ledger, DEFAULTS), "A title")
    assert page == "# A title\n\nNothing became known and nothing was corrected.\n"


def test_no_view_and_no_change_depends_on_where_claims_are_read_or_what_curators_note():
    """What is kept of months rests on this."""
    known = package.load().known("2025-10-31")
    tables = {name: getattr(known, name) for name in schema.CLAIM_TABLES}
    other = replace(known, **{name: rows.assign(**dict.fromkeys(schema.BESIDE, "")) for name, rows in tables.items()})
    states = [[ledger.known(day) for day in ("2025-06-30", "2025-10-31")] for ledger in (known, other)]
    was, now = (changes.found(*pair, DEFAULTS) for pair in states)
    assert was.equals(now)
    seen, again = (everything.Views(ledger, DEFAULTS) for ledger in (known, other))
    for name, view in seen.items():
        columns = [column for column in view.columns if column not in schema.BESIDE]
        assert view[columns].equals(again[name][columns]), name
    assert known.said_until([known.as_of]) == other.said_until([known.as_of])


def test_what_became_known_is_told_of_the_ledger_that_notebooks_are_given(make_ledger):
    steps = [
        {"step": "asked", "source_id": "early", "note": "a note"},
        {"step": "agreed", "source_id": "late", "note": "another"},
    ]
    sources = [{"source_id": "early", "published": "2025-02-03"}, {"source_id": "late", "published": "2025-06-30"}]
    whole = make_ledger(sources=sources, steps=steps)
    told = [changes.found(one.known("2025-03-01"), one, DEFAULTS) for one in (whole, whole.without_notes())]
    assert len(told[0]) == 1
    assert told[0].equals(told[1])
    days = [whole.as_of]
    assert whole.said_until(days) == whole.without_notes().said_until(days)
