"""The typed, joined ledger: what is known when, what is left out, and what must not be changed by reading it."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import ledger
from analysis.ledger import files, schema
from analysis.values import dates, paths

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def day(text):
    return pd.Timestamp(text)


def error_of(folder):
    """The whole text of the error that loading gives, without the name of the temporary folder."""
    with pytest.raises(ledger.LedgerError) as caught:
        ledger.load(folder)
    return str(caught.value).replace(f"{paths.relative(folder)}/", "")


# --- what is known when ----------------------------------------------------------------------------------------------

PUBLISHED = [
    "",
    "2025",
    "2025-04",
    "2025-04-01",
    "2025-04-30",
    "2025-05-01",
    "2025-05~",
    "../2025-04-15",
    "2025-04-20/..",
]
DAYS = st.dates(dt.date(2025, 3, 30), dt.date(2026, 1, 2))
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "table": st.sampled_from(schema.CLAIM_TABLES),
            "source_id": st.sampled_from([f"source{n}" for n in range(3)]),
            "origin_id": st.sampled_from([f"source{n}" for n in range(3)]),
            "status": st.sampled_from(list(schema.codes("steps", "status"))),
        }
    ),
    max_size=8,
)
SOURCES = st.lists(
    st.fixed_dictionaries(
        {"published": st.sampled_from(PUBLISHED), "read_on": st.sampled_from(["", "2025-06-01", "2025-12-31"])}
    ),
    min_size=3,
    max_size=3,
)


def tables_of(sources, claims):
    """Arguments for ``write_ledger`` from the cells of sources and of claims; both are numbered in order."""
    tables = {"sources": [{"source_id": f"source{number}", **source} for number, source in enumerate(sources)]}
    tables["arrangements"] = [{"arrangement_id": "rwa-removal-2025"}]
    for number, claim in enumerate(claims, 1):
        cells = {column: value for column, value in claim.items() if column != "table"}
        tables.setdefault(claim["table"], []).append({"claim_id": f"c{number:05d}", **cells})
    return tables


def public_on(sources, claim):
    """The rule, once more: the earlier of the last days on which origin and source can have been published."""
    texts = [sources[int(claim[column][-1])]["published"] for column in ("origin_id", "source_id")]
    days = [dates.parse(text).latest for text in texts if text]
    return min((last for last in days if last), default=None)


@FEW
@given(sources=SOURCES, claims=CLAIMS, as_of=DAYS)
def test_known_holds_just_the_active_claims_that_were_public_by_then(make_ledger, sources, claims, as_of):
    view = make_ledger(**tables_of(sources, claims)).known(as_of)
    expected = {
        f"c{number:05d}"
        for number, claim in enumerate(claims, 1)
        if claim["status"] == "active" and (last := public_on(sources, claim)) and last <= as_of
    }
    undated = {
        f"c{number:05d}"
        for number, claim in enumerate(claims, 1)
        if claim["status"] == "active" and not public_on(sources, claim)
    }
    assert set(view.claims["claim_id"]) == expected
    assert set(view.undated["claim_id"]) == undated
    assert (view.claims["public_on"] <= day(as_of)).all()
    assert view.as_of == day(as_of)


@FEW
@given(sources=SOURCES, claims=CLAIMS, later=CLAIMS, as_of=DAYS, after=st.integers(1, 300))
def test_later_claims_never_change_what_was_known(make_ledger, sources, claims, later, as_of, after):
    before = make_ledger(**tables_of(sources, claims)).known(as_of)
    coming = {"published": (as_of + dt.timedelta(days=after)).isoformat()}
    later = [claim | {"source_id": "source3", "origin_id": "source3"} for claim in later]
    now = make_ledger(**tables_of([*sources, coming], [*claims, *later])).known(as_of)
    for table in schema.CLAIM_TABLES:
        pd.testing.assert_frame_equal(getattr(now, table), getattr(before, table))
    pd.testing.assert_frame_equal(now.claims, before.claims)


@FEW
@given(sources=SOURCES, claims=CLAIMS, days=st.tuples(DAYS, DAYS))
def test_knowing_later_and_then_earlier_is_knowing_earlier(make_ledger, sources, claims, days):
    early, late = sorted(days)
    whole = make_ledger(**tables_of(sources, claims))
    pd.testing.assert_frame_equal(whole.known(late).known(early).claims, whole.known(early).claims)


@pytest.mark.parametrize(
    ("origin", "source", "expected"),
    [
        ("2025-04-01", "2025-04-02", "2025-04-01"),
        ("2025-04", "2025-04-02", "2025-04-02"),
        ("2025-04-20/2025-05-03", "2025-05-06", "2025-05-03"),
        ("2025", "2025-04-02", "2025-04-02"),
        ("", "2025-04-02", "2025-04-02"),
        ("2025-04-01", "", "2025-04-01"),
        ("2025-03-01/..", "2025-04-02", "2025-04-02"),
        ("", "2025-04~", "2025-04-30"),
    ],
)
def test_a_claim_is_public_from_the_earlier_of_the_last_days_of_its_origin_and_its_source(
    make_ledger, origin, source, expected
):
    sources = [{"source_id": "wire", "published": origin}, {"source_id": "paper", "published": source}]
    whole = make_ledger(sources=sources, steps=[{"source_id": "paper", "origin_id": "wire"}])
    assert whole.steps["public_on"].tolist() == [day(expected)]
    assert whole.undated.empty
    assert len(whole.known(expected).steps) == 1
    assert len(whole.known(day(expected) - pd.Timedelta(days=1)).steps) == 0


@pytest.mark.parametrize("source", ["", "2025-04-20/.."])
def test_a_claim_of_which_no_public_day_is_known_is_listed_and_never_counted(make_ledger, source):
    sources = [
        {"source_id": "page", "published": source, "read_on": "2026-11-21"},
        {"source_id": "paper", "published": "2025-05-01"},
    ]
    steps = [{"claim_id": "c00001", "source_id": "page"}, {"claim_id": "c00002", "source_id": "paper"}]
    whole = make_ledger(sources=sources, steps=steps, tallies=[{"claim_id": "c00003", "source_id": "page"}])
    assert whole.as_of == day("2025-05-01")
    for view in (whole, whole.known("2025-04-01"), whole.known("2030-01-01")):
        assert view.undated["claim_id"].tolist() == ["c00001", "c00003"]
        assert view.undated["table"].tolist() == ["steps", "tallies"]
        assert {*view.claims.columns, "step", "count_min"} <= {*view.undated.columns}
    assert whole.known("2030-01-01").claims["claim_id"].tolist() == ["c00002"]
    assert whole.about("RWA").undated["claim_id"].tolist() == ["c00001"]


def test_the_ledger_is_as_of_the_newest_day_on_which_a_claim_became_public(make_ledger):
    sources = [
        {"source_id": "paper", "published": "2025-04-02"},
        {"source_id": "monthly", "published": "2025-06"},
        {"source_id": "unused", "published": "2025-12-24"},
    ]
    whole = make_ledger(sources=sources, steps=[{"source_id": "paper"}], tallies=[{"source_id": "monthly"}])
    assert whole.as_of == day("2025-06-30")


def test_a_ledger_without_claims_is_as_of_no_day(make_ledger):
    whole = make_ledger()
    assert whole.as_of is pd.NaT
    assert len(whole.claims) == 0
    assert len(whole.known("2025-05-06").claims) == 0


def test_known_leaves_sources_and_arrangements_alone(make_ledger):
    whole = make_ledger(steps=[{}])
    view = whole.known("2020-01-01")
    assert len(view.steps) == 0
    assert len(view.sources) == 1
    assert len(view.arrangements) == 1
    assert len(whole.steps) == 1


# --- what is left out, and what is joined ----------------------------------------------------------------------------


def test_superseded_and_withdrawn_rows_are_left_out_of_every_table(make_ledger):
    rows = [{"status": status, "note": "why"} for status in ("active", "superseded", "withdrawn")]
    whole = make_ledger(steps=rows, payments=rows, transfers=rows, tallies=rows, acts=rows)
    for table in schema.CLAIM_TABLES:
        assert getattr(whole, table)["status"].tolist() == ["active"]


def test_claims_carry_what_is_known_of_source_origin_and_arrangement(make_ledger):
    sources = [
        {"source_id": "wire", "publisher": "A Wire", "kind": "wire", "published": "2025-04"},
        {"source_id": "paper", "publisher": "A Paper", "kind": "digest", "published": "2025-05-06"},
    ]
    arrangement = {"arrangement_id": "xkx-transit-2025", "instrument": "transit", "programme": "us-2019"}
    step = {"arrangement_id": "xkx-transit-2025", "source_id": "paper", "origin_id": "wire", "date": "../2025-03"}
    whole = make_ledger(sources=sources, arrangements=[arrangement], steps=[step])
    row = whole.steps.iloc[0]
    assert (row["receiver"], row["instrument"], row["programme"]) == ("XKX", "transit", "us-2019")
    assert (row["source_publisher"], row["source_kind"], row["origin_publisher"]) == ("A Paper", "digest", "A Wire")
    assert (row["origin_earliest"], row["origin_latest"]) == (day("2025-04-01"), day("2025-04-30"))
    assert (row["published_earliest"], row["published_latest"]) == (day("2025-05-06"), day("2025-05-06"))
    assert pd.isna(row["date_earliest"])
    assert row["date_latest"] == day("2025-03-31")


def test_claims_are_all_tables_one_below_the_other(make_ledger):
    whole = make_ledger(steps=[{}, {}], payments=[{}], transfers=[{}], tallies=[{}])
    claims = whole.claims
    assert claims["table"].tolist() == ["steps", "steps", "payments", "transfers", "tallies"]
    assert claims["receiver"].tolist()[:4] == ["RWA"] * 4
    assert claims.loc[claims["table"] == "tallies", ["arrangement_id", "receiver"]].isna().all(axis=None)
    assert claims["claim_id"].is_unique
    assert {"line", "source_id", "origin_id", "basis", "stance", "public_on"} <= set(claims.columns)
    assert not {"step", "amount_min", "people_min", "count_min"} & set(claims.columns)


def test_each_claim_knows_its_line_in_the_file(make_ledger):
    steps = [{"note": "first line\nsecond line"}, {"status": "withdrawn", "note": "why"}, {}]
    whole = make_ledger(steps=steps)
    assert whole.steps["line"].tolist() == [2, 5]
    assert whole.claims["line"].dtype == "int64"  # also where some tables are empty: a message says line 2, not 2.0


# --- reading changes nothing -----------------------------------------------------------------------------------------


def test_blank_is_missing_and_not_zero(make_ledger):
    payments = [
        {"amount_min": "", "amount_max": "100", "people_basis": "0"},
        {"amount_min": "0", "amount_max": "0.5", "people_basis": ""},
    ]
    whole = make_ledger(payments=payments, transfers=[{"people_min": "", "people_max": ""}], tallies=[{}])
    frame = whole.payments
    assert frame["amount_min"].isna().tolist() == [True, False]
    assert frame["amount_min"].sum() == 0
    assert frame["amount_max"].tolist() == [100, 0.5]
    assert frame["people_basis"].isna().tolist() == [False, True]
    assert whole.transfers[["people_min", "people_max"]].isna().all(axis=None)
    assert whole.tallies[["count_min", "count_max"]].isna().all(axis=None)
    numbers = [frame["amount_min"], whole.transfers["people_min"], whole.tallies["count_max"]]
    assert [column.dtype for column in numbers] == ["float64"] * 3


@pytest.mark.parametrize("text", ["NA", "N/A", "null", "None", "nan", "TRUE", "007", "1e5", "2025-05-06", "=1+1"])
def test_text_stays_text(make_ledger, text):
    whole = make_ledger(sources=[{"source_id": "paper", "publisher": text}], steps=[{"wording": text, "note": text}])
    assert whole.sources["publisher"].tolist() == [text]
    assert whole.steps[["wording", "note", "source_publisher"]].iloc[0].tolist() == [text] * 3


def test_blank_text_stays_blank(make_ledger):
    whole = make_ledger(steps=[{"wording": "", "note": ""}], arrangements=[{"arrangement_id": "rwa-removal-2025"}])
    assert whole.steps[["wording", "note", "locator", "date"]].iloc[0].tolist() == [""] * 4
    assert make_ledger(steps=[{"arrangement_id": "any-removal-2025"}]).steps["receiver"].tolist() == [""]


def test_a_byte_order_mark_and_crlf_change_nothing(write_ledger):
    folder = write_ledger(steps=[{"note": "Café"}, {}])
    plain = ledger.load(folder).steps
    for table in schema.TABLES:
        path = folder / f"{table}.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(ledger.load(folder).steps, plain)


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_all_unreadable_files_are_told_at_once(write_ledger):
    folder = write_ledger(steps=[{}])
    (folder / "sources.csv").unlink()
    (folder / "payments.csv").write_bytes(b"PK\x03\x04")
    with (folder / "steps.csv").open("a", encoding="utf-8") as handle:
        handle.write("c00099,rwa-removal-2025\n")
    assert error_of(folder) == (
        "payments.csv:1: rule: files are CSV; fix: this is a spreadsheet saved under a CSV name: export it as CSV UTF-8\n"
        "sources.csv: rule: each table of the codebook is a file; fix: put sources.csv back, with its header at least\n"
        "steps.csv:3: rule: every row has as many cells as the header; "
        "fix: this row has 2 cells, the header 17: add the missing commas"
    )


def test_all_cells_that_cannot_be_understood_are_told_at_once(write_ledger):
    folder = write_ledger(
        sources=[{"source_id": "paper", "published": "May 2025"}],
        steps=[{"date": "2025-02-29"}, {"date": "2025-13"}],
        payments=[{"amount_min": "5,100,000"}],
        transfers=[{"people_min": "12", "people_max": "dozens"}],
    )
    assert error_of(folder) == (
        'payments.csv:2: column "amount_min": value "5,100,000": rule: a number in plain digits; fix: see make check\n'
        'sources.csv:2: column "published": value "May 2025": rule: a date in EDTF '
        "('May 2025' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); fix: see make check\n"
        'steps.csv:2: column "date": value "2025-02-29": rule: a date in EDTF (2025-02 has 28 days); fix: see make check\n'
        'steps.csv:3: column "date": value "2025-13": rule: a date in EDTF (there is no month 13); fix: see make check\n'
        'transfers.csv:2: column "people_max": value "dozens": rule: a number in plain digits; fix: see make check'
    )


def test_a_code_that_no_view_knows_is_told_and_not_counted_as_another(write_ledger):
    folder = write_ledger(steps=[{"stance": "assert"}, {"stance": ""}, {"status": "activ"}, {"date_basis": "hearsay"}])
    assert error_of(folder) == (
        'steps.csv:2: column "stance": value "assert": rule: one of asserts, denies; fix: see make check\n'
        'steps.csv:3: column "stance": value "": rule: one of asserts, denies; fix: see make check\n'
        'steps.csv:4: column "status": value "activ": rule: one of active, superseded, withdrawn; fix: see make check\n'
        'steps.csv:5: column "date_basis": value "hearsay": rule: one of stated, computed, bounded; fix: see make check'
    )


def test_an_identifier_used_twice_is_told_and_not_joined(write_ledger):
    arrangements = [{"arrangement_id": "rwa-removal-2025"}] * 2
    folder = write_ledger(sources=[{"source_id": "paper"}] * 3, arrangements=arrangements, steps=[{}])
    assert error_of(folder) == (
        'arrangements.csv:3: column "arrangement_id": value "rwa-removal-2025": rule: used once; fix: see make check\n'
        'sources.csv:3: column "source_id": value "paper": rule: used once; fix: see make check\n'
        'sources.csv:4: column "source_id": value "paper": rule: used once; fix: see make check'
    )


def test_the_error_keeps_its_problems_for_those_who_ask(write_ledger):
    folder = write_ledger(steps=[{"date": "2025-13"}])
    with pytest.raises(ledger.LedgerError) as caught:
        ledger.load(folder)
    reason = "a date in EDTF (there is no month 13)"
    name = paths.relative(folder / "steps.csv")
    assert caught.value.problems == [files.Problem(name, 2, "date", "2025-13", reason, "see make check")]


def test_a_source_or_an_arrangement_that_is_not_there_is_told_and_not_dropped(write_ledger):
    folder = write_ledger(steps=[{}, {"origin_id": "paper"}], acts=[{}], readings=[{}])
    for table, column in (("steps", "origin_id"), ("acts", "arrangement_id"), ("readings", "source_id")):
        path = folder / f"{table}.csv"
        lines = path.read_text(encoding="utf-8").split("\n")
        cells = lines[1].split(",")
        cells[schema.columns(table).index(column)] = "nowhere"
        path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")
    assert error_of(folder) == (
        'acts.csv:2: column "arrangement_id": value "nowhere": rule: found in arrangements.csv; fix: see make check\n'
        'readings.csv:2: column "source_id": value "nowhere": rule: found in sources.csv; fix: see make check\n'
        'steps.csv:2: column "origin_id": value "nowhere": rule: found in sources.csv; fix: see make check'
    )


def test_an_edit_is_seen_by_the_next_load(write_ledger):
    folder = write_ledger(steps=[{"note": "before"}])
    assert ledger.load(folder).steps["note"].tolist() == ["before"]
    path = folder / "steps.csv"
    path.write_bytes(path.read_bytes().replace(b"before", b"behind"))
    assert ledger.load(folder).steps["note"].tolist() == ["behind"]


def test_acts_readings_and_doubts_are_there(make_ledger):
    whole = make_ledger(
        steps=[{"step": "halted", "act_id": "act"}],
        payments=[{}, {"doubtful": "true", "note": "A misprint."}],
        acts=[{"act_id": "act", "effect": "stays"}],
        readings=[{"code_2": "named", "stance_2": "asserts"}],
    )
    assert whole.payments["doubtful"].tolist() == [False, True]
    assert whole.payments["doubtful"].dtype == bool
    assert whole.acts[["act_id", "effect", "receiver"]].to_numpy().tolist() == [["act", "stays", "RWA"]]
    assert whole.claims["table"].tolist() == ["steps", "payments", "payments", "acts"]
    assert whole.readings[["code_1", "code_2"]].to_numpy().tolist() == [["asked", "named"]]


def test_the_projects_own_ledger_loads_and_ends_on_its_own_day():
    whole = ledger.load()
    assert len(whole.claims) > 0
    assert whole.as_of == whole.claims["public_on"].max()
    pd.testing.assert_frame_equal(whole.known(whole.as_of).claims, whole.claims)


def test_the_part_about_a_country_has_its_claims_and_the_sources_they_name(make_ledger):
    book = make_ledger(
        steps=[
            {"arrangement_id": "rwa-removal-2025", "source_id": "retold", "origin_id": "first"},
            {"arrangement_id": "gha-removal-2025", "source_id": "paper"},
        ],
        payments=[{"arrangement_id": "gha-removal-2025"}],
        tallies=[{}],
    )
    part = book.about("RWA")
    assert list(part.claims["receiver"]) == ["RWA"]
    assert list(part.arrangements["arrangement_id"]) == ["rwa-removal-2025"]
    assert sorted(part.sources["source_id"]) == ["first", "retold"]
    assert part.as_of == book.as_of


def test_fingerprints_are_those_of_the_parts():
    book = ledger.load()
    found = book.fingerprints()
    assert len(found) > 60
    assert all(found[code] == book.about(code).fingerprint() for code in found)


def test_a_fingerprint_changes_with_any_cell_but_not_with_the_lines(make_ledger):
    rows = [{"claim_id": "c00001"}, {"claim_id": "c00002", "note": ""}]
    book = make_ledger(steps=rows)
    before = book.fingerprint()
    assert replace(book, steps=book.steps.assign(line=[7, 8])).fingerprint() == before
    for column in book.steps.columns.drop("line"):
        other = pd.Timestamp("2020-01-01") if "datetime" in str(book.steps[column].dtype) else "other"
        changed = book.steps.assign(**{column: [book.steps[column].iloc[0], other]})
        assert replace(book, steps=changed).fingerprint()["steps"] != before["steps"], column
