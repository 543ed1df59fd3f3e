"""What the comparison of locators and wording with a held text says."""

import hashlib

import pytest

from analysis.curation import quotations

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
        ledger = make_ledger(sources=[source], steps=[{"arrangement_id": arrangement_id, **cells}])
        return quotations.verify(ledger, texts)["result"].to_list()

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
