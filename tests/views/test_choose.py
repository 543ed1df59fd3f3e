import hashlib

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.curation import quotations
from analysis.values import ranges
from analysis.views import choose, provenance, scope
from analysis.views.parameters import Parameters

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
        return quotations.verify(book, texts)["result"].to_list()

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
    table = provenance.copies(make_ledger(steps=steps)).set_index("origin_id")
    assert table.loc["wire", ["sources", "retold_in"]].to_list() == [2, "a; b"]
    assert table.loc["c", "sources"] == 1


def test_days_that_cannot_both_be_right_are_a_conflict(make_ledger):
    sources = [{"source_id": "paper", "published": "2025-12-01"}]
    steps = [
        {"step": "received", "date": d, "basis": b}
        for d, b in (("2025-07-15", "document"), ("2025-07-16", "reporting"))
    ]
    row = choose.date_conflicts(make_ledger(sources=sources, steps=steps), "us-2025").iloc[0]
    assert row[["chosen", "full", "rule"]].to_list() == ["2025-07-15", "15 Jul 2025 to 16 Jul 2025", "firmest basis"]


def test_days_that_overlap_are_none(make_ledger):
    steps = [{"step": "received", "date": d} for d in ("2025-04", "2025-04-16", "../2025-04-30")]
    assert len(choose.date_conflicts(make_ledger(steps=steps), "us-2025")) == 0


def test_a_floor_beside_a_number_is_named_as_such(make_ledger):
    rows = [
        {"source_id": "a", "people_min": "100", "people_max": ""},
        {"source_id": "b", "people_min": "299", "people_max": "299"},
    ]
    book = make_ledger(transfers=rows)
    groups = choose.pick(book.transfers, ["transfer_id"], "people_min", "people_max")
    row = choose.conflicts(groups, "population").iloc[0]
    assert row[["people_min", "rule", "differs"]].to_list() == [
        299,
        "both bounds given",
        "bound: a floor or ceiling beside another",
    ]


def test_sources_say_what_began_elsewhere(make_ledger):
    steps = [{"source_id": "a", "origin_id": "wire"}, {"source_id": "a"}]
    table = provenance.source_list(make_ledger(steps=steps)).set_index("source_id")
    assert table.loc["a", ["claims", "from_elsewhere", "as_origin"]].to_list() == [2, 1, 1]
    assert table.loc["wire", ["claims", "as_origin"]].to_list() == [0, 1]


def test_scope_is_a_programme_a_state_and_not_its_own_nationals(make_ledger):
    book = make_ledger(
        arrangements=[{"arrangement_id": "ven-own_nationals-2025", "instrument": "own_nationals"}],
        steps=[{"arrangement_id": a} for a in ("rwa-removal-2025", "ven-own_nationals-2025", "any-removal-2025")],
    )
    assert scope.in_scope(book.steps, Parameters().programme).to_list() == [True, False, False]


def test_the_rule_is_what_sets_the_chosen_claim_apart_from_the_nearest_that_differs(make_ledger):
    book = make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        payments=[
            {"source_id": "a", "basis": "court", "amount_min": "90", "amount_max": "90"},
            {"source_id": "b", "basis": "reporting"},
            {"source_id": "machine", "basis": "court", "amount_min": "70", "amount_max": "70"},
        ],
    )
    (row,) = choose.pick(book.payments, ["payment_id"], "amount_min", "amount_max").to_dict("records")
    assert (row["amount_min"], row["rule"]) == (90, "firmest basis")


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "payment_id": st.sampled_from(["one", "two"]),
            "stage": st.sampled_from(["agreed", "paid"]),
            "amount_min": st.sampled_from(["", "100", "200"]),
            "amount_max": st.sampled_from(["", "200", "300"]),
            "stance": st.sampled_from(["asserts", "asserts", "denies"]),
            "basis": st.sampled_from(["court", "reporting"]),
            "source_id": st.sampled_from(["early", "late", "machine"]),
            "origin_id": st.sampled_from(["early", "late"]),
        }
    ),
    max_size=9,
)
PUBLISHED = [
    {"source_id": "early", "published": "2025-05-01", "publisher": "First"},
    {"source_id": "late", "published": "2025-06-01", "publisher": "Second"},
    {"source_id": "machine", "published": "2025-05-01", "kind": "digest"},
]


def preference(claim):
    """What ranks a claim among those about the same thing, by the words of CODING.md: less comes first."""
    open_ended = not (ranges.present(claim["amount_min"]) and ranges.present(claim["amount_max"]))
    firmness = choose.FIRMEST_FIRST.index(claim["basis"])
    copied = claim["source_id"] != claim["origin_id"]
    return claim["source_kind"] == "digest", firmness, open_ended, copied, claim["public_on"], claim["claim_id"]


def bounds(claim):
    return tuple(claim[name] if ranges.present(claim[name]) else None for name in ("amount_min", "amount_max"))


def picked(group):
    """One group picked in plain Python, claim by claim."""
    ranked = sorted(group, key=preference)
    chosen, others = ranked[0], [claim for claim in ranked if bounds(claim) != bounds(ranked[0])]
    rule = "all agree" if len(ranked) > 1 else "only claim"
    if others:
        pairs = zip(choose.RULES.values(), preference(chosen), preference(others[0]), strict=True)
        rule = next(name for name, mine, other in pairs if mine != other)
    first = min(ranked, key=lambda claim: (claim["public_on"], claim["claim_id"]))
    given = [pair for pair in map(bounds, ranked) if pair != (None, None)]
    lows, highs = zip(*given, strict=True) if given else ([None], [None])
    return {
        "chosen": bounds(chosen),
        "range": (None if None in lows else min(lows), None if None in highs else max(highs)),
        "rule": rule,
        "chosen_claim": chosen["claim_id"],
        "claims": len(ranked),
        "origins": len({claim["origin_id"] for claim in ranked}),
        "sources": len({claim["source_id"] for claim in ranked}),
        "first_known": first["public_on"],
        "reported_by": first["origin_publisher"],
        "thin": all(claim["source_kind"] == "digest" for claim in ranked),
        "claim_ids": "; ".join(sorted(claim["claim_id"] for claim in ranked)),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLAIMS, st.randoms(use_true_random=False))
def test_what_is_picked_is_what_plain_python_picks(make_ledger, rows, random):
    numbered = [row | {"claim_id": f"c{number:05d}"} for number, row in enumerate(rows, start=1)]
    random.shuffle(numbered)
    claims = make_ledger(sources=PUBLISHED, payments=numbered).payments
    groups, denied = {}, set()
    for claim in claims.to_dict("records"):
        key = claim["payment_id"], claim["stage"]
        if claim["stance"] == "asserts":
            groups.setdefault(key, []).append(claim)
        else:
            denied.add(key)
    wanted = [{"key": key, "disputed": key in denied} | picked(group) for key, group in sorted(groups.items())]
    found = []
    for row in choose.pick(claims, ["payment_id", "stage"], "amount_min", "amount_max").to_dict("records"):
        low, high = (row[name] if ranges.present(row[name]) else None for name in ("range_low", "range_high"))
        row |= {"key": (row["payment_id"], row["stage"]), "chosen": bounds(row), "range": (low, high)}
        found.append({name: row[name] for name in wanted[0]})
    assert found == wanted


def test_a_basis_that_is_none_of_the_codebook_is_refused(make_ledger):
    claims = make_ledger(payments=[{"basis": "hearsay"}]).payments
    with pytest.raises(ValueError, match="'hearsay' is no basis of the codebook"):
        choose.pick(claims, ["payment_id"], "amount_min", "amount_max")


VALUES = st.lists(st.tuples(st.sampled_from(["x", "y", None]), st.sampled_from(["b", "a", "", None])), max_size=8)


@given(VALUES)
def test_joining_by_key_is_joining_each(pairs):
    frame = pd.DataFrame(pairs, columns=["key", "value"], dtype="str")
    groups = {key: set(group.dropna()) - {""} for key, group in frame.groupby("key")["value"]}
    wanted = {key: "; ".join(sorted(values)) for key, values in groups.items()}
    assert provenance.joined_by(frame["key"], frame["value"]).to_dict() == wanted


@given(VALUES)
def test_distinct_values_are_counted_by_group(pairs):
    groups = pd.Series([{"x": 0, "y": 2, None: -1}[key] for key, _ in pairs], dtype="int64").to_numpy()
    found = provenance.distinct_by(groups, pd.Series([value for _, value in pairs], dtype="str"), 3)
    wanted = [{value for key, value in pairs if key == name and value is not None} for name in ("x", "nobody", "y")]
    assert found.tolist() == [len(values) for values in wanted]
