"""The curator's helper: each rule on an invented sentence, then how much of five coded articles the rules find again."""

import csv
import datetime as dt

import pandas as pd
import pytest

from analysis import ledger
from analysis.curation import draft, quotations
from analysis.ledger import schema
from analysis.values import dates, paths

PAGE = dt.date(2025, 9, 3)  # a Wednesday
NUMBERS = {"payments": "amount", "transfers": "people", "tallies": "count"}


def propose(text, published=PAGE):
    return draft.propose(text, published)


def steps(text):
    """The steps proposed for ``text`` as (receiver, step), with a minus sign before a step that is denied."""
    frame = propose(text).query("table == 'steps'")
    signs = frame["stance"].map({"asserts": "", "denies": "-"})
    return list(zip(frame["receiver"], signs + frame["step"], strict=True))


def plain(value):
    return None if pd.isna(value) else value


def numbers(text, table, *columns):
    """Of the one row proposed for ``table``: least, most (None where blank) and ``columns``."""
    (row,) = propose(text).query("table == @table").to_dict("records")
    bounds = (row[f"{NUMBERS[table]}_min"], row[f"{NUMBERS[table]}_max"])
    return (*map(plain, bounds), *(row[column] for column in columns))


def date(text, published=PAGE):
    rows = propose(text, published)
    return tuple(rows[["date", "date_basis"]].iloc[0])


# --- verbs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tonga could be asked to help.", [("TON", "named")]),
        ("Laos was among those asked or will be asked.", [("LAO", "named")]),
        ("The U.S. is considering sending detainees to Gabon.", [("GAB", "named")]),
        ("Plans were drawn up to fly men to Gabon.", [("GAB", "named")]),
        ("Zambia and Malawi are on a list of possible countries.", [("ZMB", "named"), ("MWI", "named")]),
        ("Negotiations with Peru are planned.", [("PER", "named")]),
        ("Washington asked Tonga to help.", [("TON", "asked")]),
        ("Envoys approached Fiji.", [("FJI", "asked")]),
        ("A proposal was delivered in Fiji.", [("FJI", "asked")]),
        ("Envoys reached out to Fiji and pressed Samoa.", [("FJI", "asked"), ("WSM", "asked")]),
        ("The White House is seeking an agreement from Nepal.", [("NPL", "asked")]),
        ("A diplomat is trying to persuade Nepal.", [("NPL", "asked")]),
        ("Bhutan is in talks with the United States.", [("BTN", "in_talks")]),
        ("Envoys of Bhutan began long talks.", [("BTN", "in_talks")]),
        ("Discussions with Bhutan are under way.", [("BTN", "in_talks")]),
        ("The administration is negotiating with Oman.", [("OMN", "in_talks")]),
        ("The U.S. is close to a deal with Oman.", [("OMN", "willing")]),
        ("Oman agreed in principle.", [("OMN", "willing")]),
        ("Qatar is ready to help.", [("QAT", "willing")]),
        ("The U.S. reached a deal with Malta.", [("MLT", "agreed")]),
        ("Malta and Cyprus have agreed to help.", [("MLT", "agreed"), ("CYP", "agreed")]),
        ("Malta is already on board.", [("MLT", "agreed")]),
        ("Malta signed a transfer agreement.", [("MLT", "signed")]),
        ("Ten men were sent on a jet to Chad.", [("TCD", "received")]),
        ("The men were held in Chad.", [("TCD", "received")]),
        ("Chad has accepted eight deportees.", [("TCD", "received")]),
        ("Chad declined.", [("TCD", "declined")]),
        ("Chad will not take anyone.", [("TCD", "declined")]),
        ("Chad has yet to answer.", [("TCD", "no_answer")]),
        ("Washington got no response from Chad.", [("TCD", "no_answer")]),
        ("Papers did not say whether Chad responded.", [("TCD", "no_answer")]),
        ("A court halted the flights to Chad.", [("TCD", "halted")]),
        ("Judges barred the scheme in Chad.", [("TCD", "halted")]),
        ("The pact of Benin collapsed.", [("BEN", "ended")]),
        ("The arrangement was abandoned by Benin.", [("BEN", "ended")]),
    ],
)
def test_a_verb_is_a_step(sentence, expected):
    assert steps(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Togo has not accepted any migrants.", [("TGO", "-received")]),
        ("Togo denied there is an agreement.", [("TGO", "-agreed")]),
        ("Togo said there is no deal.", [("TGO", "-agreed")]),
        ("Togo is not in talks with Washington.", [("TGO", "-in_talks")]),
        ("None of the men has arrived in Togo.", [("TGO", "-received")]),
        ("Togo has not signed a deal.", [("TGO", "-signed")]),
        ("Togo has not yet answered.", [("TGO", "no_answer")]),
        ("The fee was not paid, but Togo has agreed.", [("TGO", "agreed")]),
    ],
)
def test_a_denial_is_a_stance_within_its_clause(sentence, expected):
    assert steps(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Poland did not immediately respond to a request for comment.",
        "Poland declined to comment.",
        "The minister of Poland was asked about the weather.",
        "Poland has lakes.",
        "Officials asked for more time.",
        "Migrants were deported to the United States.",
    ],
)
def test_what_is_no_step_is_not_proposed(sentence):
    assert steps(sentence) == []


# --- countries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("South Sudan, Equatorial Guinea and the Gambia were approached.", ["SSD", "GNQ", "GMB"]),
        ("The Rwandan and Kosovar governments were approached.", ["RWA", "XKX"]),
        ("The Dominican Republic was approached.", ["DOM"]),
        ("New Mexico was approached.", []),
        ("The United States was approached.", []),
        ("Several African governments were approached.", [""]),
        ("Envoys approached several governments, such as Haiti and Belize.", ["HTI", "BLZ"]),
        ("Many states were approached. They include Haiti and Belize.", ["HTI", "BLZ"]),
        ("Haiti took part. The capital was approached in spring.", ["HTI"]),
        ("The U.K. plan was known. It made Haiti nervous, and it was abandoned.", ["HTI"]),
        ("The U.K. was approached.", ["GBR"]),
        ("Cubans from Haiti were flown to Belize.", ["BLZ"]),
        ("Twelve Cuban men were flown from Haiti to Belize.", ["BLZ"]),
    ],
)
def test_the_countries_of_a_verb_are_those_named_nearest(sentence, expected):
    assert [receiver for receiver, _ in steps(sentence)] == expected


def test_each_clause_has_its_own_countries():
    text = "Ghana agreed to help, while Nigeria refused; Kenya is in talks with the U.S. and has asked Uganda."
    assert steps(text)[:3] == [("GHA", "agreed"), ("NGA", "declined"), ("KEN", "in_talks")]


def test_a_full_stop_of_an_abbreviation_ends_a_sentence_only_before_a_word_that_begins_one():
    assert steps("Ghana wrote to the U.S. It asked Togo.") == [("TGO", "asked")]
    assert steps("The U.S. Embassy asked Togo on Sept. 2 at Ms. Doe's house.") == [("TGO", "asked")]


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("$155 million", (155e6, 155e6, "USD")),
        ("about $6 million", (6e6, 6e6, "USD")),
        ("up to $1,000", (None, 1000, "USD")),
        ("more than £5 million", (5e6, None, "GBP")),
        ("$4.7 million to $7.5 million", (4.7e6, 7.5e6, "USD")),
        ("between $4 and $6 million", (4e6, 6e6, "USD")),
        ("$900,000 to $1.1 million", (900e3, 1.1e6, "USD")),
        ("20 million euros", (20e6, 20e6, "EUR")),
        ("€1.5m", (1.5e6, 1.5e6, "EUR")),
        ("$2 million to two firms", (2e6, 2e6, "USD")),
    ],
)
def test_an_amount_keeps_the_bounds_it_is_printed_with(words, expected):
    assert numbers(f"Malawi was given {words} by the U.S.", "payments", "currency") == expected


@pytest.mark.parametrize(
    ("sentence", "unit", "receiver"),
    [
        ("Malawi got $300.", "lump_sum", "MWI"),
        ("Malawi gets $300 per person.", "per_person", "MWI"),
        ("Malawi gets $300 a year.", "per_year", "MWI"),
        ("The U.S. may pay migrants $300 to go home to Malawi.", "per_person", ""),
        ("A fee of $300 is due.", "lump_sum", ""),
    ],
)
def test_an_amount_has_a_unit_and_a_receiver(sentence, unit, receiver):
    assert numbers(sentence, "payments", "unit", "receiver") == (300, 300, unit, receiver)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("four people", (4, 4)),
        ("130 asylum seekers", (130, 130)),
        ("more than 100 migrants", (100, None)),
        ("over 40 tired Cuban sailors and men", None),
        ("at least 1,200 deportees", (1200, None)),
        ("around 1,000 migrants", (1000, 1000)),
        ("40 to 50 refugees", (40, 50)),
        ("between 40 and 50 Cubans", (40, 50)),
        ("a couple of migrants", (2, None)),
        ("several migrants", (3, None)),
        ("a dozen migrants", (12, None)),
        ("dozens of migrants", (12, None)),
        ("hundreds of migrants", (100, None)),
        ("thousands of migrants", (1000, None)),
        ("two dozen migrants", (24, 24)),
    ],
)
def test_people_keep_their_bounds_and_vague_words_go_to_their_floor(words, expected):
    rows = propose(f"The U.S. sent {words} to Peru.").query("table == 'transfers'")
    if expected is None:
        assert rows.empty
    else:
        assert numbers(f"The U.S. sent {words} to Peru.", "transfers", "receiver") == (*expected, "PER")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Peru took 30 migrants.", (30, 30, "third_country")),
        ("Peru has taken 30 migrants since June.", (30, 30, "cumulative")),
        ("Peru will take 30 migrants.", (30, 30, "planned")),
        ("Peru will take up to 30 migrants.", (None, 30, "cap")),
    ],
)
def test_people_have_a_population(sentence, expected):
    assert numbers(sentence, "transfers", "population") == expected


def test_people_who_are_not_moved_and_years_are_no_transfers():
    assert propose("In Peru 300 people marched.").empty
    assert propose("Peru held 2024 people.").query("table == 'transfers'").empty
    assert propose("Peru takes officials of 20 ministries.").query("table == 'transfers'").empty


def test_a_dated_plan_is_also_a_transfer_and_an_undated_one_is_not():
    plan = propose("The U.S. may deport migrants to Peru this week.")
    assert plan["table"].to_list() == ["steps", "transfers"]
    assert plan.loc[1, ["receiver", "population", "date"]].to_list() == ["PER", "planned", "2025-08-31/2025-09-06"]
    assert propose("The U.S. may deport migrants to Peru.")["table"].to_list() == ["steps"]
    assert numbers("The U.S. may deport 30 migrants to Peru this week.", "transfers") == (30, 30)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The U.S. approached 58 countries.", (58, 58, "asked")),
        ("The U.S. approached more than 50 other countries.", (50, None, "asked")),
        ("Seven nations are on board.", (7, 7, "agreed")),
        ("Nine countries refused, but others wait.", (9, 9, "declined")),
        ("Dozens of nations are in talks with Washington.", (12, None, "in_talks")),
        ("It is a club of 12 countries.", (12, 12, "")),
    ],
)
def test_countries_that_are_counted_are_a_tally_of_the_nearest_verb(sentence, expected):
    assert numbers(sentence, "tallies", "counted") == expected


def test_several_countries_or_one_of_them_are_no_tally():
    assert propose("Several countries and one of the nations were approached.").query("table == 'tallies'").empty


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on Tuesday", ("2025-09-02", "computed")),
        ("on Wednesday", ("2025-09-03", "computed")),
        ("on Thursday", ("2025-08-28", "computed")),
        ("last month", ("2025-08", "computed")),
        ("this week", ("2025-08-31/2025-09-06", "computed")),
        ("last week", ("2025-08-24/2025-08-30", "computed")),
        ("earlier this year", ("2025-01-01/2025-09-03", "computed")),
        ("in its first month", ("2025-01-20/2025-02-20", "computed")),
        ("in February", ("2025-02", "computed")),
        ("in December", ("2024-12", "computed")),
        ("in early March", ("2025-03-01/2025-03-10", "computed")),
        ("in mid-March", ("2025-03-11/2025-03-20", "computed")),
        ("in late January", ("2025-01-20/2025-01-31", "computed")),
        ("in late January 2024", ("2024-01-21/2024-01-31", "computed")),
        ("in early 2020", ("2020-01/2020-06", "computed")),
        ("in 2022", ("2022", "stated")),
        ("in May 2024", ("2024-05", "stated")),
        ("on May 4, 2024", ("2024-05-04", "stated")),
        ("on 4 May 2024", ("2024-05-04", "stated")),
        ("on Aug. 14", ("2025-08-14", "computed")),
        ("on February 30", ("../2025-09-03", "bounded")),
        ("in Marseille", ("../2025-09-03", "bounded")),
        ("after a march", ("../2025-09-03", "bounded")),
        ("at last", ("../2025-09-03", "bounded")),
    ],
)
def test_dates_are_worked_out_from_the_page(words, expected):
    assert date(f"Samoa agreed {words}.") == expected


def test_what_is_planned_lies_ahead():
    assert date("The U.S. plans to send men to Samoa on Friday.") == ("2025-09-05", "computed")
    assert date("The U.S. plans to send men to Samoa in January.") == ("2026-01", "computed")


def test_the_day_of_a_report_is_a_bound():
    assert date("A paper reported Tuesday that Samoa agreed.") == ("../2025-09-02", "bounded")
    assert date("Samoa agreed in June, a paper reported Tuesday.") == ("2025-06", "computed")


def test_a_date_belongs_to_its_clause_and_to_the_nearer_verb():
    frame = propose("In June, Samoa agreed, but the deal collapsed.")
    assert frame["date"].to_list() == ["2025-06", "../2025-09-03"]
    frame = propose("Samoa agreed in June to what it had been asked in May.")
    assert frame[["step", "date"]].to_numpy().tolist() == [["agreed", "2025-06"], ["asked", "2025-05"]]


@pytest.mark.parametrize(
    ("published", "words", "expected"),
    [
        ("2025-04~", "last month", ("2025-03", "computed")),
        ("2025-04~", "on Tuesday", ("../2025-04", "bounded")),
        ("2025-06-24/..", "last month", ("", "")),
        ("2025-06-24/..", "in 2022", ("2022", "stated")),
        ("../2025-05-05", "on Tuesday", ("../2025-05-05", "bounded")),
        ("", "on Tuesday", ("", "")),
    ],
)
def test_a_page_without_a_day_gives_what_it_can(published, words, expected):
    assert date(f"Samoa agreed {words}.", published) == expected


def test_a_page_date_that_is_no_date_is_refused():
    with pytest.raises(ValueError, match=r"^'soon' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD$"):
        propose("Samoa agreed.", "soon")


# --- the frame and its lines ------------------------------------------------------------------------------------------

ARTICLE = """A headline

The U.S. asked Tonga and Fiji to take migrants, it was “reported”.
Washington, which paid Palau $7.5 million last month, says 12 countries have agreed to help.
The U.S. asked Tonga and Fiji to take migrants, it was "reported".
It may send up to 75 people to the island nation of Palau on Friday, and the long way there leads through Guam.
"""


def test_the_frame_has_its_columns_and_codes_and_its_wording_is_in_the_paragraph():
    frame = propose(ARTICLE)
    lines = quotations.paragraphs(ARTICLE)
    assert tuple(frame.columns) == draft.COLUMNS
    assert set(frame["table"]) == {"steps", "payments", "transfers", "tallies"}
    for row in frame.to_dict("records"):
        for column in ("step", "stance", "date_basis", "unit", "population", "counted"):
            if row[column]:
                assert row[column] in schema.codes(row["table"], column)
        assert len(row["wording"].split()) <= schema.MAX_WORDING
        assert row["wording"] in quotations.plain(lines[int(row["locator"][1:]) - 1])
        assert dates.parse(row["date"])


def test_locators_count_lines_that_are_not_empty_and_a_repeated_line_is_read_once():
    assert list(dict.fromkeys(propose(ARTICLE)["locator"])) == ["p2", "p3", "p5"]


def test_the_same_thing_twice_in_a_paragraph_is_one_row_with_the_first_wording():
    (row,) = propose("Fiji was asked today. Fiji was asked again and again.").to_dict("records")
    assert row["wording"] == "Fiji was asked today"


@pytest.mark.parametrize("text", ["", " \n\n", "No country, no verb.\n", "\ua3f0\ua400 agreed."])
def test_nothing_found_is_an_empty_frame_with_all_columns(text):
    frame = propose(text)
    assert frame.empty
    assert tuple(frame.columns) == draft.COLUMNS
    assert draft.show(frame) == ""


def test_show_groups_by_paragraph_aligns_and_gives_rows_to_paste():
    shown = draft.show(propose("Envoys asked Fiji to help.\nFiji got $5 and has agreed."))
    assert shown.splitlines() == [
        "p1",
        '  steps  FJI  asked    asserts  ../2025-09-03  bounded  "asked Fiji to help"',
        "steps.csv:",
        ",fji-,asked,,asserts,../2025-09-03,bounded,,p1,asked Fiji to help,,,active,,,,",
        "",
        "p2",
        '  steps     FJI  agreed           asserts  ../2025-09-03  bounded  "$5 and has agreed"',
        '  payments  FJI  lump_sum  5 USD  asserts  ../2025-09-03  bounded  "$5 and has agreed"',
        "steps.csv:",
        ",fji-,agreed,,asserts,../2025-09-03,bounded,,p2,$5 and has agreed,,,active,,,,",
        "payments.csv:",
        *shown.splitlines()[11:],
    ]
    (row,) = csv.DictReader(shown.splitlines()[11:], schema.columns("payments"))
    filled = {column: value for column, value in row.items() if value}
    assert filled == {
        "arrangement_id": "fji-", "amount_min": "5", "amount_max": "5", "currency": "USD", "unit": "lump_sum",
        "stance": "asserts", "date": "../2025-09-03", "date_basis": "bounded", "locator": "p2",
        "wording": "$5 and has agreed", "status": "active",
    }  # fmt: skip


def test_every_row_to_paste_has_the_cells_of_its_table():
    table, rows = None, 0
    for line in draft.show(propose(ARTICLE)).splitlines():
        if line.endswith(".csv:"):
            table = line.removesuffix(".csv:")
        elif line.startswith(","):
            assert len(next(csv.reader([line]))) == len(schema.columns(table))
            rows += 1
    assert rows == len(propose(ARTICLE))


# --- five coded articles ----------------------------------------------------------------------------------------------

PAGES = {
    "newsmax-2025-04-02": dt.date(2025, 4, 2),
    "caliber-2025-04": dt.date(2025, 4, 2),
    "newsmax-2025-05-05": dt.date(2025, 5, 5),
    "snapscope-2025-06": dt.date(2025, 6, 25),
    "newsmax-2025-05-07": dt.date(2025, 5, 7),
}


@pytest.fixture(scope="module")
def compared():
    """The coded rows of the five articles, each with the proposals for its table and receiver within a paragraph of it."""
    folder = paths.PROJECT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the five articles are not held here (../shared/seeds): recall is not measured")
    book, held = ledger.load(), quotations.held_texts(folder)
    hashes = book.sources.set_index("source_id")["text_sha256"]
    coded, proposed = [], 0
    for source, day in PAGES.items():
        frame = draft.propose("\n".join(held[hashes[source]]), day)
        proposed += len(frame)
        for table in schema.CLAIM_TABLES:
            claims = getattr(book, table)
            for row in claims[(claims["source_id"] == source) & (claims["locator"] != "")].to_dict("records"):
                receiver = row.get("receiver") if isinstance(row.get("receiver"), str) else ""
                same = frame[(frame["table"] == table) & (frame["receiver"] == receiver)]
                near = (same["locator"].str[1:].astype(int) - int(row["locator"][1:])).abs() <= 1
                coded.append((table, row, same[near]))
    return coded, proposed


def same_value(table, row, proposals):
    """Whether a proposal has the coded step, or both coded bounds of the amount, people or count."""
    columns = ["step"] if table == "steps" else [f"{NUMBERS[table]}_{end}" for end in ("min", "max")]
    wanted = [plain(row[column]) for column in columns]
    return any([plain(value) for value in values] == wanted for values in proposals[columns].to_numpy(dtype=object))


def share(found):
    return sum(found) / len(found)


def test_recall_of_the_coded_rows(compared):
    """The rules were written with these five articles in view: on other texts they find less."""
    coded, proposed = compared
    found = [entry for entry in coded if len(entry[2])]
    assert len(coded) >= 91
    assert share([bool(len(proposals)) for *_, proposals in coded]) >= 1.0
    assert share([same_value(*entry) for entry in found if entry[0] == "steps"]) >= 1.0
    assert share([same_value(*entry) for entry in found if entry[0] != "steps"]) >= 1.0
    # A helper that proposes everything finds everything: 109 rows for 91 coded ones.
    assert proposed / len(coded) <= 1.20


def begins_and_holds(proposed, coded):
    """Whether a proposed date begins with the coded one and holds it: its end is the day of the origin (CODING 8.27)."""
    wide, narrow = dates.parse(proposed), dates.parse(coded)
    return wide.earliest == narrow.earliest and wide.latest is not None and narrow.latest <= wide.latest


def test_recall_of_dates_that_the_source_gives(compared):
    """Bounds are left out: a person sets them by the day of the origin, which no page has to print.

    The end of a span may lie earlier in the coded row for the same reason.
    """
    coded, _ = compared
    dated = [(row, proposals) for _, row, proposals in coded if row["date_basis"] != "bounded" and len(proposals)]
    found = [
        any(begins_and_holds(date, row["date"]) for date in set(proposals["date"]) - {""}) for row, proposals in dated
    ]
    assert share(found) >= 17 / 23
