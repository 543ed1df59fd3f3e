"""Sentences with their numbers, plurals and lists."""

import pytest

from analysis.display import text
from analysis.views.answers import Answer

RECEIVED = Answer("countries_received", "countries", 18, "countries", ("c00001", "c00002"), ("RWA",))


def test_a_number_in_a_sentence_leads_to_its_claims():
    sentence = text.sentence("By {day}, **{received}** had.", received=RECEIVED, day="1 May 2025", headline=True)
    assert repr(sentence) == "By 1 May 2025, **18** had."
    html = sentence.to_html()
    assert 'class="number"' in html
    assert 'data-quantity="countries_received"' in html
    assert "numbers/countries_received.html" in html
    data, metadata = sentence._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/markdown", "text/html"}
    assert metadata["ledger"]["kind"] == "headline"
    assert metadata["ledger"]["numbers"][0]["claim_ids"] == ["c00001", "c00002"]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 country"), (2, "2 countries"), (0, "0 countries"), (1200, "1,200 countries")]
)
def test_a_noun_follows_its_number(count, words):
    assert text.plural(count, "country", "countries") == words


@pytest.mark.parametrize(
    ("words", "joined"), [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_one(words, joined):
    assert text.series(words) == joined


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "No report says of any of the 28 that all it agreed to was later declined, halted or ended."),
        (1, "Of 1 of the 28, reports say that all that was agreed was later declined, halted or ended."),
        (2, "Of 2 of the 28, reports say that all that was agreed was later declined, halted or ended."),
    ],
)
def test_those_that_stopped_since_are_told_with_what_they_stopped(count, words):
    stopped = Answer("countries_agreed_stopped", "countries", count, "countries", (), ())
    assert repr(text.sentence(text.stopped_since(stopped), stopped=stopped, agreed=28)) == words
