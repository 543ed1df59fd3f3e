from analysis.views import changes
from analysis.views.parameters import Parameters

ONE = Parameters()
SOURCES = [{"source_id": "early", "published": "2025-03-01"}, {"source_id": "late", "published": "2025-09-01"}]


def between(book, start="2025-04-01", end="2025-12-31"):
    return changes.sentences(book.known(start), book.known(end), ONE)


def test_a_country_that_moved_a_step_is_told_with_its_claims(make_ledger):
    book = make_ledger(sources=SOURCES, steps=[{"source_id": "early"}, {"step": "agreed", "source_id": "late"}])
    assert between(book) == [("position", "Rwanda: from asked to agreed (1 origin) [c00002].")]


def test_a_country_that_appears_a_payment_a_movement_and_a_denial_are_told(make_ledger):
    late = {"source_id": "late"}
    book = make_ledger(
        sources=SOURCES,
        steps=[
            {"source_id": "early", "arrangement_id": "swz-removal-2025"},
            late,
            late | {"step": "agreed", "stance": "denies"},
        ],
        payments=[late],
        transfers=[late | {"date": "2025-08"}],
    )
    assert between(book) == [
        ("position", "Rwanda: first reported, at asked (1 origin) [c00002]."),
        ("payment", "Rwanda: USD 100, agreed, first reported by A Paper (1 Sep 2025) [c00004]."),
        (
            "movement",
            "Rwanda: 10 people (third-country people), Aug 2025, first reported by A Paper (1 Sep 2025) [c00005].",
        ),
        ("denial", "Rwanda: agreed is denied, first reported by A Paper (1 Sep 2025) [c00003]."),
    ]


def test_what_stands_beside_the_ladder_is_told_too(make_ledger):
    book = make_ledger(sources=SOURCES, steps=[{"source_id": "early"}, {"step": "declined", "source_id": "late"}])
    assert between(book) == [("position", "Rwanda: still asked, now also declined [c00001].")]


def test_corrections_between_two_states_are_told(make_ledger):
    before = make_ledger(steps=[{"claim_id": "c00001", "date": "2025-02"}, {"claim_id": "c00002"}])
    after = make_ledger(
        steps=[{"claim_id": "c00001", "date": "2025-03"}, {"claim_id": "c00002", "status": "withdrawn", "note": "x"}]
    )
    assert changes.sentences(before, after, ONE) == [
        ("correction", "c00002 counts no more."),
        ("correction", "c00001: date 2025-02 → 2025-03."),
    ]


def test_nothing_new_says_so(make_ledger):
    book = make_ledger(steps=[{}])
    assert changes.report(book, book, ONE, "A title") == "# A title\n\nNothing became known.\n"
