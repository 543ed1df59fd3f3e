"""What the tables show, cell by cell, and the forms they take."""

import pandas as pd
import pytest

from analysis.display import tables
from analysis.views import choose, payments, positions, transfers
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
    assert html.strip() == '<p class="nothing">None: nothing reported.</p>'


def test_a_notebook_keeps_the_first_claims_behind_it_in_html_and_all_of_them_in_the_csv(make_ledger):
    made = make_ledger(steps=[{"wording": f"words {number}"} for number in range(12)])
    data, _ = tables.claims(made, made.steps["claim_id"])._repr_mimebundle_()
    assert data["text/html"].count('<th scope="row">') == 10
    assert data["text/html"].endswith("<p>… and 2 more rows</p>")
    assert data["text/csv"].count("words ") == 12
    assert tables.claims(made, made.steps["claim_id"]).to_html().count("words ") == 12


def test_a_notebook_gets_text_html_and_csv_and_no_object_address(table):
    data, metadata = table._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "text/csv"}
    assert data["text/plain"] == "Things <here>\nName | Count\nCôte & Co | 1.0\nB | nan"
    assert metadata == {"ledger": {"kind": "table", "name": "things", "title": "Things <here>"}}


def test_a_country_table_says_what_it_rests_on_what_was_reported_since_and_what_is_denied(make_ledger):
    ledger = make_ledger(
        sources=[{"source_id": "machine", "kind": "digest"}],
        steps=[
            {"step": "agreed", "source_id": "machine", "date": "2025-04-01"},
            {"step": "agreed", "stance": "denies"},
            {"step": "halted", "source_id": "machine", "date": "2025-04-20"},
        ],
    )
    standing = positions.by_country(ledger, Parameters())
    shown = {}
    for table in (tables.country_positions(standing), tables.country_support(standing)):
        (cells,) = table.cells()
        shown |= dict(zip([column.label for column in table.columns], cells, strict=True))
    assert shown == {
        "Country": "Rwanda",
        "Region": "Africa",
        "Furthest step reported": "agreed",
        "Instrument": "removal",
        "Furthest step public since": "1 May 2025",
        "Reported since": "halted",
        "Origins": "1",
        "Sources": "1",
        "Support": "digests only",
        "Denied": "yes",
        "Also reported": "halted",
        "Claims": "c00001",
        "Other claims": "c00003",
        "Denials": "c00002",
    }


def test_claims_say_what_they_say(make_ledger):
    ledger = make_ledger(
        steps=[{"step": "received", "stance": "denies", "wording": "has not accepted any", "date": "../2025-04-01"}],
        payments=[{"stage": "paid"}],
        transfers=[{"people_max": ""}],
        tallies=[{"count_min": "58", "count_max": ""}],
    )
    shown = tables.claims(ledger, ["c00004; c00003", "c00001; c00002"]).cells()
    assert [row[:4] for row in shown] == [
        ["c00001", "Rwanda", "denies: received", "by 1 Apr 2025"],
        ["c00002", "Rwanda", "paid: USD 100", "not reported"],
        ["c00003", "Rwanda", "third-country people: 10 or more people", "not reported"],
        ["c00004", "not one country", "asked: 58 or more countries", "not reported"],
    ]


def test_what_a_claim_says_of_one_is_in_the_singular(make_ledger):
    one = {"count_min": "1", "count_max": "1"}
    ledger = make_ledger(
        transfers=[{"people_min": "1", "people_max": "1"}],
        tallies=[one, one | {"unit": "people"}, one | {"unit": "agreements"}, one | {"unit": "usd"}],
    )
    assert tables.claims(ledger, ledger.claims["claim_id"]).frame["says"].to_list() == [
        "third-country people: 1 person",
        "asked: 1 country",
        "asked: 1 person",
        "asked: 1 agreement",
        "asked: 1 US dollar",
    ]


def test_a_claim_shows_the_outlet_and_leads_to_the_source_which_its_csv_names(make_ledger):
    sources = [{"source_id": "copy-2025", "publisher": "A Copy"}, {"source_id": "wire-2025", "publisher": "A Wire"}]
    made = make_ledger(sources=sources, steps=[{"source_id": "copy-2025", "origin_id": "wire-2025"}])
    table = tables.claims(made, ["c00001"])
    html = table.to_html()
    assert '<td data-label="Read in"><a href="../reports/sources.html#copy-2025">A Copy</a></td>' in html.replace(
        "\n", ""
    )
    assert '<a href="../reports/sources.html#wire-2025">A Wire</a>' in html
    header, row = (line.split(",") for line in table.to_csv().splitlines())
    assert (
        dict(zip(header, row, strict=True)).items()
        >= {
            "source_id": "copy-2025",
            "origin_id": "wire-2025",
            "origin_publisher": "A Wire",
        }.items()
    )


def test_claims_stand_in_the_order_of_their_numbers(make_ledger):
    ids = ["c100000", "c99999", "c00007"]
    table = tables.claims(make_ledger(steps=[{"claim_id": name} for name in ids]), ["c00007; c100000; c99999"])
    assert table.frame["claim_id"].to_list() == ["c00007", "c99999", "c100000"]


def test_since_when_a_step_is_reached_is_one_row_with_a_day_per_step(make_ledger):
    sources = [{"source_id": "late", "published": "2025-06-03"}]
    steps = [{"step": "asked"}, {"step": "agreed", "source_id": "late"}, {"arrangement_id": "ago-removal-2025"}]
    table = tables.reached(positions.reached(make_ledger(sources=sources, steps=steps), Parameters()))
    late = "3 Jun 2025"
    assert table.cells() == [
        ["Angola", "1 May 2025", "1 May 2025", "", "", "", "", "", "c00003"],
        ["Rwanda", "1 May 2025", "1 May 2025", late, late, late, "", "", "c00001; c00002"],
    ]
    assert (
        table.to_csv().splitlines()[0] == "receiver,name,named,asked,in_talks,willing,agreed,signed,received,claim_ids"
    )


def test_a_month_is_a_row_with_a_count_per_step(make_ledger):
    table = tables.positions_by_month(positions.by_month(make_ledger(steps=[{}]), Parameters(), start="2025-04"))
    assert table.cells() == [
        ["30 Apr 2025", "0", "0", "0", "0", "0", "0", "0", "0", "0", ""],
        ["1 May 2025", "0", "1", "0", "0", "0", "0", "0", "0", "1", "c00001"],
    ]


def test_payments_say_what_they_rest_on_and_why_a_figure_is_shown(make_ledger):
    rows = [{"stage": "paid", "basis": "document"}, {"stage": "paid", "amount_min": "90", "amount_max": "90"}]
    sums = payments.reported(make_ledger(payments=rows), Parameters())
    (cells,) = tables.reported_payments(sums).cells()
    assert cells[:4] == ["Rwanda", "USD 100", "paid", "a document, a court, or officials in two origins"]
    assert "firmest basis" in cells
    assert tables.payment_totals(payments.totals(sums)).cells()[-1][:4] == ["paid", "all", "100", "1"]


def test_destinations_say_at_least_how_many_and_what_stands_beside(make_ledger):
    rows = [{"people_max": ""}, {"transfer_id": "cap", "population": "cap", "people_min": "", "people_max": "250"}]
    found = transfers.by_destination(transfers.reported(make_ledger(transfers=rows), Parameters()))
    (cells,) = tables.destinations(found).cells()
    assert cells == [
        "Rwanda", "10", "single movements", "one origin", "1", "10 or more", "", "", "up to 250", "", "c00001", "c00002",
    ]  # fmt: skip


def test_conflicts_show_the_figure_the_full_range_and_why(make_ledger):
    rows = [{"people_min": "5", "people_max": "5", "basis": "court"}, {}]
    moved = transfers.reported(make_ledger(transfers=rows), Parameters())
    none = make_ledger(steps=[{}])
    days = choose.date_conflicts(none, "us-2025")
    table = tables.conflicts(payments.reported(none, Parameters()), moved, days)
    assert table.cells() == [
        ["Rwanda", "people, third-country people", "5", "5 to 10", "firmest basis", "figure, same population", "1",
         "c00001; c00002"],
    ]  # fmt: skip
