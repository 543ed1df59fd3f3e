import pandas as pd
import pytest

from analysis.display import tables
from analysis.views import positions
from analysis.views.parameters import Parameters


@pytest.fixture
def table():
    frame = pd.DataFrame(
        {
            "name": ["Côte & Co", "B"],
            "count": [1.0, float("nan")],
            "day": pd.to_datetime(["2025-05-06", None]),
            "disputed": [True, False],
            "price": [2.5, 3.0],
        }
    )
    columns = (
        tables.Column("Name", lambda row: row["name"]),
        tables.Column("Count", lambda row: str(row["count"]), True),
    )
    return tables.Table("things", "Things <here>", frame, columns)


def test_csv_has_every_column_in_plain_machine_form(table):
    assert table.to_csv() == ("name,count,day,disputed,price\nCôte & Co,1,2025-05-06,true,2.5\nB,,,false,3\n")


def test_html_has_a_caption_scopes_and_escaped_text(table):
    html = table.to_html()
    assert "<caption>Things &lt;here&gt;</caption>" in html
    assert '<th scope="col">Name</th><th scope="col" class="number">Count</th>' in html
    assert '<th scope="row">Côte &amp; Co</th>' in html


def test_an_empty_table_says_so(table):
    html = tables.Table("none", "None", table.frame.iloc[:0], table.columns).to_html()
    assert '<td colspan="2">Nothing reported.</td>' in html


def test_a_notebook_gets_text_html_and_csv_and_no_object_address(table):
    data, metadata = table._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "text/csv"}
    assert data["text/plain"] == "Things <here>\nName | Count\nCôte & Co | 1.0\nB | nan"
    assert metadata == {"ledger": {"kind": "table", "name": "things", "title": "Things <here>"}}


def test_a_country_table_says_what_is_thin_and_what_is_disputed(make_ledger):
    book = make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        steps=[
            {"step": "agreed", "source_id": "machine"},
            {"step": "agreed", "stance": "denies"},
            {"step": "halted", "source_id": "machine"},
        ],
    )
    (cells,) = tables.country_positions(positions.by_country(book, Parameters())).cells()
    assert cells == [
        "Rwanda", "Africa", "agreed", "removal", "1", "1", "halted", "disputed, thin: digests only", "1 May 2025", "c00001",
    ]  # fmt: skip


def test_claims_say_what_they_say(make_ledger):
    book = make_ledger(
        steps=[{"step": "received", "stance": "denies", "wording": "has not accepted any", "date": "../2025-04-01"}],
        payments=[{"stage": "paid"}],
        transfers=[{"people_max": ""}],
        tallies=[{"count_min": "58", "count_max": ""}],
    )
    shown = tables.claims(book, book.claims["claim_id"]).cells()
    assert [row[:4] for row in shown] == [
        ["c00001", "Rwanda", "denies: received", "by 1 Apr 2025"],
        ["c00002", "Rwanda", "paid: USD 100", "not reported"],
        ["c00003", "Rwanda", "third-country people: 10 or more people", "not reported"],
        ["c00004", "not one country", "asked: 58 or more countries", "not reported"],
    ]


def test_since_when_a_country_stands_is_one_row_with_a_day_per_step(make_ledger):
    sources = [{"source_id": "late", "published": "2025-06-03"}]
    steps = [{"step": "asked"}, {"step": "agreed", "source_id": "late"}, {"arrangement_id": "ago-removal-2025"}]
    table = tables.reached(positions.reached(make_ledger(sources=sources, steps=steps), Parameters()))
    late = "3 Jun 2025"
    assert table.cells() == [
        ["Angola", "1 May 2025", "1 May 2025", "", "", "", "", ""],
        ["Rwanda", "1 May 2025", "1 May 2025", late, late, late, "", ""],
    ]
    assert table.to_csv().splitlines()[0] == "receiver,name,named,asked,in_talks,willing,agreed,signed,received"


def test_a_month_is_a_row_with_a_count_per_step(make_ledger):
    table = tables.standing_by_month(positions.by_month(make_ledger(steps=[{}]), Parameters(), start="2025-04"))
    assert table.cells() == [
        ["30 Apr 2025", "0", "0", "0", "0", "0", "0", "0", "0", "0"],
        ["1 May 2025", "0", "1", "0", "0", "0", "0", "0", "0", "1"],
    ]
