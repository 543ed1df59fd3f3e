from analysis import tallies
from analysis.parameters import Parameters

ONE = Parameters()


def test_a_published_count_stands_beside_what_is_named_then_and_now(make_ledger):
    sources = [{"source_id": "early", "published": "2025-03-01"}, {"source_id": "late", "published": "2025-09-01"}]
    book = make_ledger(
        sources=[*sources, {"source_id": "count", "published": "2025-06-01"}],
        steps=[
            {"arrangement_id": "rwa-removal-2025", "step": "agreed", "source_id": "early"},
            {"arrangement_id": "swz-removal-2025", "step": "asked", "source_id": "early"},
            {"arrangement_id": "uga-removal-2025", "step": "agreed", "source_id": "late"},
        ],
        tallies=[{"source_id": "count", "counted": "agreed", "count_min": "7", "count_max": "7"}],
    )
    row = tallies.reconcile(book, ONE).iloc[0]
    assert (row["count"], row["named_then"], row["named_now"], row["difference"]) == ("7", 1, 2, 5)


def test_sums_and_people_are_shown_without_a_difference(make_ledger):
    cells = {"counted": "payments", "unit": "usd", "count_min": "32000000", "count_max": ""}
    row = tallies.reconcile(make_ledger(tallies=[cells]), ONE).iloc[0]
    assert row["count"] == "32,000,000 or more"
    assert row[["named_then", "named_now", "difference"]].isna().all()
