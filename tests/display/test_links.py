"""Where a number, a country, a claim or a source of a notebook leads."""

import pandas as pd

from analysis.display import tables, text
from analysis.display.tables import column
from analysis.views import answers

ROWS = pd.DataFrame(
    {
        "receiver": ["RWA", ""],
        "name": ["Rwanda", "no single <country>"],
        "claim_ids": ["c00001; c00002; c00003", "c00004"],
        "source_id": ["nyt-2025-06-25", ""],
        "day": pd.to_datetime(["2025-05-06", None]),
    }
)
TABLE = tables.Table(
    "things",
    "Things",
    ROWS,
    (column.COUNTRY, column.CLAIMS, column.sources("source_id", "Read in"), column.day("day", "Public by")),
)


def test_a_country_a_claim_and_a_source_lead_to_their_pages():
    html = TABLE.to_html()
    assert '<th scope="row"><a href="../reports/countries/RWA.html">Rwanda</a></th>' in html
    assert '<td data-label="Claims"><a href="../reports/claims.html#c00004">c00004</a></td>' in html
    assert '<a href="../reports/sources.html#nyt-2025-06-25">nyt-2025-06-25</a>' in html
    assert '<th scope="row">no single &lt;country&gt;</th>' in html


def test_many_claims_are_counted_and_open_in_place():
    html = TABLE.to_html()
    assert "<details><summary>3 claims</summary><a" in html
    assert html.count("<details>") == 1


def test_a_cell_in_words_is_without_links():
    assert TABLE.cells()[0] == ["Rwanda", "c00001; c00002; c00003", "nyt-2025-06-25", "6 May 2025"]


def test_a_day_is_sorted_as_a_day():
    assert '<td data-label="Public by" data-sort="2025-05-06">6 May 2025</td>' in TABLE.to_html()


def test_a_number_in_a_sentence_leads_to_its_claims_and_is_plain_words_elsewhere():
    answer = answers.Answer("countries_received", "countries", 18, answers.COUNTRIES, ("c00001",), ("RWA",))
    sentence = text.sentence("By report, **{received}** countries have received people.", received=answer)
    data, _ = sentence._repr_mimebundle_()
    assert "18" in data["text/plain"]
    assert "numbers/" not in data["text/plain"]
    assert (
        '<a href="../reports/numbers/countries_received.html" class="number" data-quantity="countries_received">18</a>'
        in data["text/html"]
    )
