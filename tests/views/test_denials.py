"""Each denial shows who spoke, what, when, in which words, and what was reported afterwards."""

import pytest

from analysis.ledger import schema
from analysis.views import denials, positions
from analysis.views.parameters import Parameters

DEFAULTS = Parameters()
SOURCES = [
    {"source_id": "ministry", "publisher": "Government of Rwanda", "kind": "government", "published": "2025-05-01"},
    {"source_id": "wire", "publisher": "Reuters", "kind": "wire", "published": "2025-05-03"},
    {"source_id": "late", "published": "2025-08-01"},
    {"source_id": "list", "publisher": "A Tracker", "kind": "tracker", "published": "2025-05-02"},
]


@pytest.mark.parametrize(
    ("cells", "speaker"),
    [
        ({"source_id": "wire", "origin_id": "ministry"}, "Government of Rwanda"),
        ({"source_id": "wire", "basis": "official_named"}, "a named official, in Reuters"),
        ({"source_id": "wire", "basis": "reporting"}, "Reuters"),
        ({"source_id": "list", "basis": "ngo"}, "A Tracker"),
    ],
    ids=["a government's own statement", "an official cited by an outlet", "an outlet's own reporting", "a tracker"],
)
def test_who_denies_is_the_speaker_not_the_outlet_that_printed_it(make_ledger, cells, speaker):
    ledger = make_ledger(sources=SOURCES, steps=[{"step": "agreed", "stance": "denies", **cells}])
    assert denials.listed(ledger, DEFAULTS)["spoken_by"].to_list() == [speaker]


def test_a_denial_stands_beside_what_was_reported_of_the_arrangement_afterwards(make_ledger):
    steps = [
        {"step": "agreed", "stance": "denies", "source_id": "ministry", "claim_id": "c00001", "wording": "no deal"},
        {"step": "agreed", "source_id": "ministry", "claim_id": "c00002"},  # the same day is not afterwards
        {"step": "asked", "source_id": "late", "claim_id": "c00003"},
        {"step": "received", "source_id": "late", "claim_id": "c00004"},
        {"step": "signed", "source_id": "late", "claim_id": "c00005", "doubtful": "true"},
        {"step": "agreed", "source_id": "late", "claim_id": "c00006", "arrangement_id": "rwa-asylum-2025"},
    ]
    (row,) = denials.listed(make_ledger(sources=SOURCES, steps=steps), DEFAULTS).to_dict("records")
    assert (row["later_steps"], row["later_claim_ids"]) == ("received", "c00004")
    assert (row["name"], row["step"], row["wording"]) == ("Rwanda", "agreed", "no deal")


def test_every_denial_in_scope_is_listed_newest_first_and_says_whether_it_disputes(make_ledger):
    no = {"stance": "denies", "step": "agreed"}
    steps = [
        {"step": "received", "date": "2025-07", "source_id": "late"},
        no | {"claim_id": "c100000", "source_id": "late", "date": "../2025-08-01"},
        no | {"claim_id": "c99999", "source_id": "late", "date": "../2025-05-01"},
        no | {"claim_id": "c00003", "source_id": "ministry", "arrangement_id": "swz-removal-2025"},
        no | {"claim_id": "c00004", "source_id": "ministry", "arrangement_id": "any-removal-2025"},
    ]
    table = denials.listed(make_ledger(sources=SOURCES, steps=steps), DEFAULTS)
    assert table["claim_id"].to_list() == ["c99999", "c100000", "c00003"]
    assert table["disputes_position"].to_list() == [False, True, False]


def test_without_a_denial_the_list_is_empty(make_ledger):
    assert denials.listed(make_ledger(steps=[{}]), DEFAULTS).empty


def test_an_outlet_that_cites_nobody_reports_and_does_not_deny():
    claim = {"origin_publisher": "Reuters", "origin_kind": "wire", "basis": "reporting", "step": "agreed"}
    assert denials.sentence(claim) == "Reuters reports that there is no agreement"
    assert denials.sentence(claim | {"step": "received"}) == "Reuters reports that no people have arrived"
    assert denials.sentence(claim | {"basis": "official_named"}).startswith("A named official, in Reuters, denies ")


@pytest.mark.parametrize("basis", ["reporting", "document"])
@pytest.mark.parametrize("step", schema.codes("steps", "step"))
def test_a_denial_of_every_step_is_a_sentence(step, basis):
    claim = {"origin_publisher": "Reuters", "origin_kind": "wire", "basis": basis, "step": step}
    verb = "Reuters reports that " if basis == "reporting" else "A document, in Reuters, denies that "
    assert denials.sentence(claim).startswith(verb)


def test_a_denial_that_several_sources_retell_is_one(make_ledger):
    no = {"stance": "denies", "step": "agreed"}
    steps = [
        no | {"claim_id": "c00003", "source_id": "late", "origin_id": "ministry", "wording": "retold"},
        no | {"claim_id": "c00002", "source_id": "ministry", "wording": "no deal"},
        no | {"claim_id": "c00004", "source_id": "wire"},
        no | {"claim_id": "c00005", "source_id": "ministry", "step": "asked"},
        {"claim_id": "c00006", "source_id": "wire", "step": "received"},
    ]
    ledger = make_ledger(sources=SOURCES, steps=steps)
    table = denials.statements(ledger, denials.listed(ledger, DEFAULTS))
    assert table[["claim_ids", "wording", "sources", "later_claim_ids"]].to_numpy().tolist() == [
        ["c00004", "", 1, ""],
        ["c00002; c00003", "no deal", 2, "c00006"],
        ["c00005", "", 1, "c00006"],
    ]
    nothing = make_ledger(steps=[{}])
    assert denials.statements(nothing, denials.listed(nothing, DEFAULTS)).empty


def test_the_position_of_a_country_is_disputed_by_the_same_denials_everywhere(make_ledger):
    no = {"stance": "denies", "step": "asked", "source_id": "late"}
    steps = [
        {"step": "received", "source_id": "wire"},
        {"step": "asked", "source_id": "wire", "arrangement_id": "rwa-asylum-2025"},
        no | {"claim_id": "c00003", "arrangement_id": "rwa-asylum-2025"},
    ]
    ledger = make_ledger(sources=SOURCES, steps=steps)
    (row,) = denials.listed(ledger, DEFAULTS).to_dict("records")
    assert (row["disputes_position"], row["disputes_arrangement"]) == (False, True)
    assert positions.by_country(ledger, DEFAULTS)["disputed"].to_list() == [False]
    steps.append(no | {"claim_id": "c00004"})
    ledger = make_ledger(sources=SOURCES, steps=steps)
    table = denials.listed(ledger, DEFAULTS)
    assert table.loc[table["disputes_position"], "claim_id"].to_list() == ["c00004"]
    assert positions.by_country(ledger, DEFAULTS)["denial_ids"].to_list() == ["c00004"]
