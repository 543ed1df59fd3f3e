"""Claims about one thing, and what was reported of one country, report by report."""

from analysis.views import chronology, retellings
from analysis.views.parameters import Parameters

SOURCES = [
    {"source_id": "first", "published": "2025-05-01"},
    {"source_id": "copy", "published": "2025-05-02"},
    {"source_id": "own", "published": "2025-05-03"},
    {"source_id": "ministry", "published": "2025-05-04", "kind": "government"},
]
STEPS = [
    {"claim_id": "c00001", "step": "agreed", "source_id": "first", "wording": "has agreed"},
    {
        "claim_id": "c00002",
        "step": "agreed",
        "source_id": "copy",
        "origin_id": "first",
        "wording": "agreed, a paper says",
    },
    {"claim_id": "c00003", "step": "agreed", "source_id": "own"},
    {"claim_id": "c00004", "step": "agreed", "source_id": "ministry", "stance": "denies"},
    {"claim_id": "c00005", "step": "asked", "source_id": "first"},
]


def test_retellings_other_origins_and_contradictions_are_told_apart(make_ledger):
    found = retellings.related(make_ledger(sources=SOURCES, steps=STEPS))
    assert found.loc["c00001"].to_dict() == {
        "thing": "steps rwa-removal-2025 agreed",
        "retold_by": "c00002",
        "also_said_by": "c00003",
        "contradicted_by": "c00004",
    }
    assert found.loc["c00004", "contradicted_by"] == "c00001; c00002; c00003"
    assert found.loc["c00005", ["retold_by", "also_said_by", "contradicted_by"]].tolist() == ["", "", ""]


def test_a_chronology_has_one_entry_per_first_report_the_newest_first(make_ledger):
    found = chronology.by_country(make_ledger(sources=SOURCES, steps=STEPS), Parameters())
    assert found["claim_id"].tolist() == ["c00004", "c00003", "c00001", "c00005"]
    first = found.iloc[2]
    assert (first["sources"], first["claim_ids"], first["wording"]) == (2, "c00001; c00002", "has agreed")


def test_a_report_that_is_known_by_a_retelling_alone_is_shown_by_it(make_ledger):
    steps = [{"claim_id": "c00009", "source_id": "copy", "origin_id": "first"}]
    found = chronology.by_country(make_ledger(sources=SOURCES, steps=steps), Parameters())
    assert found["source_id"].tolist() == ["copy"]
    assert str(found["public_on"].iloc[0].date()) == "2025-05-01"


def test_a_chronology_keeps_countries_apart_and_leaves_out_own_nationals(make_ledger):
    arrangements = [{"arrangement_id": "rwa-own-2025", "instrument": "own_nationals"}]
    steps = [
        {"arrangement_id": "rwa-own-2025"},
        {"arrangement_id": "rwa-removal-2025"},
        {"arrangement_id": "gha-removal-2025"},
    ]
    found = chronology.by_country(make_ledger(arrangements=arrangements, steps=steps), Parameters())
    assert found["receiver"].tolist() == ["GHA", "RWA"]
