from analysis.views import tallies
from analysis.views.parameters import Parameters

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
    assert (row["count"], row["named_then"], row["named_now"], row["difference"]) == ("7", 1, 2, 6)
    assert row["why"] == "6 of them are named by no source read here at that step on that day"


def test_sums_and_people_are_shown_without_a_difference(make_ledger):
    cells = {"counted": "payments", "unit": "usd", "count_min": "32000000", "count_max": ""}
    row = tallies.reconcile(make_ledger(tallies=[cells]), ONE).iloc[0]
    assert row["count"] == "32,000,000 or more"
    assert row[["named_then", "named_now", "difference"]].isna().all()
    assert row["why"] == "counts US dollars, not countries"


def test_a_count_of_a_region_is_set_beside_that_region(make_ledger):
    steps = [{"arrangement_id": f"{code}-removal-2025", "step": "agreed"} for code in ("rwa", "swz", "xkx")]
    cells = {"counted": "agreed", "count_min": "2", "count_max": "2", "among": "Africa"}
    row = tallies.reconcile(make_ledger(steps=steps, tallies=[cells]), ONE).iloc[0]
    assert (row["named_then"], row["difference"], row["why"]) == (2, 0, "the same number")


def test_a_part_that_cannot_be_told_has_no_difference(make_ledger):
    cells = {"counted": "asked", "count_min": "9", "count_max": "9", "among": "part"}
    row = tallies.reconcile(make_ledger(steps=[{}], tallies=[cells]), ONE).iloc[0]
    assert row[["named_then", "difference"]].isna().all()
    assert row["why"] == "counts a part that the source does not list"
