"""The generator of large ledgers: as many claims as asked for, always the same, and nothing wrong with them."""

import pytest
import synthetic

from analysis import ledger
from analysis.ledger import checks, schema


@pytest.mark.parametrize("claims", [40, 1_287])
def test_a_synthetic_ledger_has_its_claims_and_no_problem(tmp_path, claims):
    folder = synthetic.write(tmp_path, claims)
    assert [str(problem) for problem in checks.check(folder)] == []
    book = ledger.load(folder)
    assert len(book.claims) + len(book.undated) == claims


def test_its_claims_are_in_order_and_countries_have_several_arrangements(tmp_path):
    made = ledger.load(synthetic.write(tmp_path, 1_287))
    for table in schema.CLAIM_TABLES:
        assert getattr(made, table)["claim_id"].is_monotonic_increasing
    assert made.arrangements.duplicated(["receiver", "instrument"]).any()


def test_the_seed_decides_every_byte(tmp_path):
    a, b, c = (synthetic.write(tmp_path / name, 300, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    for table in schema.FILES:
        data = (a / f"{table}.csv").read_bytes()
        assert data == (b / f"{table}.csv").read_bytes()
        if data.count(b"\n") > 1:
            assert data != (c / f"{table}.csv").read_bytes()


def test_numbers_of_claims_have_the_digits_that_the_largest_needs():
    assert synthetic.numbered([7, 123_456], 1_000_000) == ["c0000007", "c0123456"]
    assert synthetic.numbered([7], 1_000) == ["c00007"]
