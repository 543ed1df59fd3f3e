import hashlib

import pytest

from analysis import evidence
from analysis.parameters import Parameters

TEXT = "First line\n\nRwanda said on Tuesday that it had “agreed” to it.\nA last line\n"
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def held(make_ledger, tmp_path):
    """A ledger with one claim on a held text; ``held(locator=…, wording=…)`` gives the result of the check."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "page.txt").write_text(TEXT, encoding="utf-8")

    def check(arrangement_id="rwa-removal-2025", sha=SHA, **cells):
        source = {"source_id": "paper", "read": "full", "text_sha256": sha}
        book = make_ledger(sources=[source], steps=[{"arrangement_id": arrangement_id, **cells}])
        return evidence.verify(book, texts)["result"].to_list()

    return check


@pytest.mark.parametrize(
    ("cells", "result"),
    [
        ({"locator": "p2", "wording": 'had "agreed" to it'}, "verified"),
        ({"locator": "p9", "wording": "agreed"}, "no such paragraph: the text has 3"),
        ({"locator": "p2", "wording": "had refused"}, "wording not in the paragraph"),
        ({"locator": "p2", "wording": "agreed", "arrangement_id": "swz-removal-2025"}, "country not named nearby"),
        ({"locator": "p2", "wording": "agreed", "arrangement_id": "any-removal-2025"}, "verified"),
        ({"locator": "p2", "wording": "agreed", "sha": "0" * 64}, "text not held"),
    ],
)
def test_locators_and_wording_are_compared_with_the_text(held, cells, result):
    assert held(**cells) == [result]


def test_an_origin_that_several_sources_retell_is_listed_once(make_ledger):
    steps = [{"source_id": name, "origin_id": "wire"} for name in ("a", "b")] + [{"source_id": "c"}]
    table = evidence.copies(make_ledger(steps=steps)).set_index("origin_id")
    assert table.loc["wire", ["sources", "retold_in"]].to_list() == [2, "a; b"]
    assert table.loc["c", "sources"] == 1


def test_days_that_cannot_both_be_right_are_a_conflict(make_ledger):
    sources = [{"source_id": "paper", "published": "2025-12-01"}]
    steps = [
        {"step": "received", "date": d, "basis": b}
        for d, b in (("2025-07-15", "document"), ("2025-07-16", "reporting"))
    ]
    row = evidence.date_conflicts(make_ledger(sources=sources, steps=steps), "us-2025").iloc[0]
    assert row[["chosen", "full", "rule"]].to_list() == ["2025-07-15", "15 Jul 2025 to 16 Jul 2025", "firmest basis"]


def test_days_that_overlap_are_none(make_ledger):
    steps = [{"step": "received", "date": d} for d in ("2025-04", "2025-04-16", "../2025-04-30")]
    assert len(evidence.date_conflicts(make_ledger(steps=steps), "us-2025")) == 0


def test_a_floor_beside_a_number_is_named_as_such(make_ledger):
    rows = [
        {"source_id": "a", "people_min": "100", "people_max": ""},
        {"source_id": "b", "people_min": "299", "people_max": "299"},
    ]
    book = make_ledger(transfers=rows)
    groups = evidence.pick(book.transfers, ["transfer_id"], "people_min", "people_max")
    row = evidence.conflicts(groups, "population").iloc[0]
    assert row[["people_min", "rule", "differs"]].to_list() == [
        299,
        "both bounds given",
        "bound: a floor or ceiling beside another",
    ]


def test_sources_say_what_began_elsewhere(make_ledger):
    steps = [{"source_id": "a", "origin_id": "wire"}, {"source_id": "a"}]
    table = evidence.source_list(make_ledger(steps=steps)).set_index("source_id")
    assert table.loc["a", ["claims", "from_elsewhere", "as_origin"]].to_list() == [2, 1, 1]
    assert table.loc["wire", ["claims", "as_origin"]].to_list() == [0, 1]


def test_scope_is_a_programme_a_state_and_not_its_own_nationals(make_ledger):
    book = make_ledger(
        arrangements=[{"arrangement_id": "ven-own_nationals-2025", "instrument": "own_nationals"}],
        steps=[{"arrangement_id": a} for a in ("rwa-removal-2025", "ven-own_nationals-2025", "any-removal-2025")],
    )
    assert evidence.in_scope(book.steps, Parameters().programme).to_list() == [True, False, False]


def test_the_rule_is_what_sets_the_chosen_claim_apart_from_the_nearest_that_differs(make_ledger):
    book = make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        payments=[
            {"source_id": "a", "basis": "court", "amount_min": "90", "amount_max": "90"},
            {"source_id": "b", "basis": "reporting"},
            {"source_id": "machine", "basis": "court", "amount_min": "70", "amount_max": "70"},
        ],
    )
    (row,) = evidence.pick(book.payments, ["payment_id"], "amount_min", "amount_max").to_dict("records")
    assert (row["amount_min"], row["rule"]) == (90, "firmest basis")
