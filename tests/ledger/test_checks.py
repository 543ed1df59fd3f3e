"""Bad ledgers, and the whole message that a curator gets for each: file, line, column, value, rule, fix."""

import csv
import re
import shutil
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ledger import checks, files, schema
from analysis.values import paths

SHA256 = "0" * 64
LEDGER = {
    "sources": [
        {"source_id": "paper", "url": "https://example.org/a", "language": "en"},
        {"source_id": "wire", "kind": "wire", "published": "2025-04-30"},
        {"source_id": "agency", "kind": "government"},
        {"source_id": "late", "published": "2025-05-02"},
    ],
    "steps": [
        {"claim_id": "c00001", "step": "agreed", "date": "2025-04-29", "source_id": "paper", "origin_id": "wire"},
        {"claim_id": "c00002", "source_id": "late"},
    ],
    "payments": [{"claim_id": "c00101", "source_id": "agency", "origin_id": "wire"}],
    "transfers": [{"claim_id": "c00201", "source_id": "agency"}],
    "tallies": [{"claim_id": "c00301", "source_id": "agency", "count_min": "5"}],
    "acts": [{"claim_id": "c00401", "source_id": "agency"}],
}


@pytest.fixture
def folder(write_ledger):
    """A valid ledger with every table, to be spoilt."""
    return write_ledger(**LEDGER)


def messages(folder):
    """All problems as a curator reads them, without the name of the temporary folder."""
    return [str(problem).replace(f"{paths.relative(folder)}/", "") for problem in checks.check(folder)]


def read(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(folder, table, rows):
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, schema.columns(table), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change(folder, table, cells, row=0):
    """Overwrite cells of one row, the first (line 2) if not told otherwise."""
    rows = read(folder, table)
    rows[row] |= cells
    write(folder, table, rows)


def edit(folder, table, old, new):
    """Replace bytes of a file, once; they must be there."""
    path = folder / f"{table}.csv"
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def test_a_valid_ledger_has_no_problem(folder):
    assert messages(folder) == []


def test_the_projects_own_ledger_has_no_problem():
    assert [str(problem) for problem in checks.check()] == []


# --- one cell --------------------------------------------------------------------------------------------------------

CASES = [
    # references and identifiers
    (
        "steps",
        {"source_id": "papper"},
        'steps.csv:2: column "source_id": value "papper": '
        "rule: found in sources.csv; "
        'fix: did you mean "paper"? If not, add a row for it to sources.csv',
    ),
    (
        "steps",
        {"origin_id": "wires"},
        'steps.csv:2: column "origin_id": value "wires": '
        "rule: found in sources.csv; "
        'fix: did you mean "wire"? If not, add a row for it to sources.csv',
    ),
    (
        "steps",
        {"arrangement_id": "rwa-removal-2052"},
        'steps.csv:2: column "arrangement_id": value "rwa-removal-2052": '
        "rule: found in arrangements.csv; "
        'fix: did you mean "rwa-removal-2025"? If not, add a row for it to arrangements.csv',
    ),
    (
        "steps",
        {"claim_id": "c1"},
        'steps.csv:2: column "claim_id": value "c1": rule: the letter c and five or more digits; fix: for example c00042',
    ),
    (
        "payments",
        {"payment_id": "Rwanda Money"},
        'payments.csv:2: column "payment_id": value "Rwanda Money": '
        "rule: lower-case letters, digits and underscores, with a hyphen between parts; "
        'fix: write "rwanda-money"',
    ),
    (
        "payments",
        {"part_of": "Rwanda Money"},
        'payments.csv:2: column "part_of": value "Rwanda Money": '
        "rule: lower-case letters, digits and underscores, with a hyphen between parts; "
        'fix: write "rwanda-money"',
    ),
    (
        "sources",
        {"source_id": "Paper"},
        'sources.csv:2: column "source_id": value "Paper": '
        "rule: lower-case letters, digits and underscores, with a hyphen between parts; "
        'fix: write "paper"',
    ),
    # codes
    (
        "steps",
        {"step": "askd"},
        'steps.csv:2: column "step": value "askd": '
        "rule: one of named, asked, in_talks, willing, agreed, signed, received, declined, no_answer, halted, "
        "ended, unclear; "
        'fix: did you mean "asked"?',
    ),
    (
        "steps",
        {"step": "In talks"},
        'steps.csv:2: column "step": value "In talks": '
        "rule: one of named, asked, in_talks, willing, agreed, signed, received, declined, no_answer, halted, "
        "ended, unclear; "
        'fix: did you mean "in_talks"?',
    ),
    (
        "steps",
        {"step": "xyz"},
        'steps.csv:2: column "step": value "xyz": '
        "rule: one of named, asked, in_talks, willing, agreed, signed, received, declined, no_answer, halted, "
        "ended, unclear; "
        "fix: see data/CODEBOOK.md",
    ),
    (
        "steps",
        {"step": "NA"},
        'steps.csv:2: column "step": value "NA": '
        "rule: one of named, asked, in_talks, willing, agreed, signed, received, declined, no_answer, halted, "
        "ended, unclear; "
        'fix: did you mean "named"?',
    ),
    (
        "steps",
        {"stance": "denied"},
        'steps.csv:2: column "stance": value "denied": rule: one of asserts, denies; fix: did you mean "denies"?',
    ),
    (
        "steps",
        {"status": "activ"},
        'steps.csv:2: column "status": value "activ": '
        "rule: one of active, superseded, withdrawn; "
        'fix: did you mean "active"?',
    ),
    (
        "steps",
        {"basis": "reports"},
        'steps.csv:2: column "basis": value "reports": '
        "rule: one of document, court, official_named, official_unnamed, government_statement, ngo, reporting, "
        "unattributed; "
        'fix: did you mean "reporting"?',
    ),
    (
        "steps",
        {"date_basis": "state"},
        'steps.csv:2: column "date_basis": value "state": '
        "rule: one of stated, computed, bounded; "
        'fix: did you mean "stated"?',
    ),
    (
        "arrangements",
        {"instrument": "removals"},
        'arrangements.csv:2: column "instrument": value "removals": '
        "rule: one of removal, transit, detention, asylum, own_nationals, single_case, unspecified; "
        'fix: did you mean "removal"?',
    ),
    (
        "arrangements",
        {"programme": "us-2024"},
        'arrangements.csv:2: column "programme": value "us-2024": '
        "rule: one of us-2025, us-2019, uk-rwanda-2022, us-self-departure; "
        'fix: did you mean "us-2025"?',
    ),
    (
        "sources",
        {"kind": "newspaper"},
        'sources.csv:2: column "kind": value "newspaper": '
        "rule: one of news, wire, government, legislature, court, ngo, tracker, digest; "
        'fix: did you mean "news"?',
    ),
    (
        "sources",
        {"published_basis": "computd"},
        'sources.csv:2: column "published_basis": value "computd": '
        "rule: one of stated, computed, unknown; "
        'fix: did you mean "computed"?',
    ),
    (
        "sources",
        {"read": "openning"},
        'sources.csv:2: column "read": value "openning": '
        "rule: one of full, opening, not_seen; "
        'fix: did you mean "opening"?',
    ),
    (
        "payments",
        {"unit": "lump sum"},
        'payments.csv:2: column "unit": value "lump sum": '
        "rule: one of lump_sum, per_person, per_year, programme_total; "
        'fix: did you mean "lump_sum"?',
    ),
    (
        "payments",
        {"stage": "offer"},
        'payments.csv:2: column "stage": value "offer": '
        "rule: one of requested, offered, approved, agreed, paid, spent; "
        'fix: did you mean "offered"?',
    ),
    (
        "transfers",
        {"population": "third country"},
        'transfers.csv:2: column "population": value "third country": '
        "rule: one of third_country, mixed, cumulative, cap, planned; "
        'fix: did you mean "third_country"?',
    ),
    (
        "tallies",
        {"counted": "Agreed"},
        'tallies.csv:2: column "counted": value "Agreed": '
        "rule: one of named, asked, in_talks, willing, agreed, signed, received, declined, ended, people_moved, "
        "payments, agreements; "
        'fix: did you mean "agreed"?',
    ),
    (
        "tallies",
        {"unit": "country"},
        'tallies.csv:2: column "unit": value "country": '
        "rule: one of countries, people, agreements, usd; "
        'fix: did you mean "countries"?',
    ),
    # countries
    (
        "arrangements",
        {"receiver": "Rwanda"},
        'arrangements.csv:2: column "receiver": value "Rwanda": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo); "
        'fix: did you mean "RWA" (Rwanda)?',
    ),
    (
        "arrangements",
        {"receiver": "rwa"},
        'arrangements.csv:2: column "receiver": value "rwa": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo); "
        'fix: did you mean "RWA" (Rwanda)?',
    ),
    (
        "arrangements",
        {"receiver": "NA"},
        'arrangements.csv:2: column "receiver": value "NA": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo); "
        'fix: did you mean "NAM" (Namibia)?',
    ),
    (
        "arrangements",
        {"sender": "qqqqq"},
        'arrangements.csv:2: column "sender": value "qqqqq": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo); "
        "fix: see data/reference/places.csv",
    ),
    (
        "arrangements",
        {"receiver": "USA"},
        'arrangements.csv:2: column "receiver": value "USA": '
        "rule: not the sender itself; "
        "fix: the state that receives the people, or blank",
    ),
    (
        "arrangements",
        {"receiver": "UGA"},
        'arrangements.csv:2: column "arrangement_id": value "rwa-removal-2025": '
        'rule: begins with "uga-", after its receiver; '
        "fix: rename it here and in the claims, or correct the receiver",
    ),
    (
        "arrangements",
        {"receiver": ""},
        'arrangements.csv:2: column "arrangement_id": value "rwa-removal-2025": '
        'rule: begins with "any-", after its receiver; '
        "fix: rename it here and in the claims, or correct the receiver",
    ),
    (
        "payments",
        {"payer": "US"},
        'payments.csv:2: column "payer": value "US": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo), person or organisation; "
        'fix: did you mean "USA" (United States of America)?',
    ),
    (
        "payments",
        {"payee": "persons"},
        'payments.csv:2: column "payee": value "persons": '
        "rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo), person or organisation; "
        'fix: did you mean "person"?',
    ),
    (
        "transfers",
        {"nationalities": "IRQ, Afghanistan"},
        'transfers.csv:2: column "nationalities": value "IRQ, Afghanistan": '
        "rule: ISO 3166-1 alpha-3 codes (XKX for Kosovo) with a semicolon between them; "
        'fix: did you mean "IRQ;AFG"?',
    ),
    (
        "transfers",
        {"nationalities": "IRQ;XXX"},
        'transfers.csv:2: column "nationalities": value "IRQ;XXX": '
        "rule: ISO 3166-1 alpha-3 codes (XKX for Kosovo) with a semicolon between them; "
        'fix: did you mean "IRQ;XKX"?',
    ),
    # dates
    (
        "steps",
        {"date": "2025-02-29"},
        'steps.csv:2: column "date": value "2025-02-29": '
        "rule: a date in EDTF (2025-02 has 28 days); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "steps",
        {"date": "2025-13"},
        'steps.csv:2: column "date": value "2025-13": '
        "rule: a date in EDTF (there is no month 13); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "steps",
        {"date": "last month"},
        'steps.csv:2: column "date": value "last month": '
        "rule: a date in EDTF ('last month' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "steps",
        {"date": "Jul-25"},
        'steps.csv:2: column "date": value "Jul-25": '
        "rule: a date in EDTF ('Jul-25' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: did you mean 2025-07?",
    ),
    (
        "steps",
        {"date": "7/4/2025"},
        'steps.csv:2: column "date": value "7/4/2025": '
        "rule: a date in EDTF ('7' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: did you mean 2025-07-04 or 2025-04-07?",
    ),
    (
        "steps",
        {"date": "31/2/2025"},
        'steps.csv:2: column "date": value "31/2/2025": '
        "rule: a date in EDTF ('31' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "steps",
        {"date": "45757"},
        'steps.csv:2: column "date": value "45757": '
        "rule: a date in EDTF ('45757' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: did you mean 2025-04-10 (if 45757 is a spreadsheet's serial number)?",
    ),
    (
        "steps",
        {"date": "2025-04-10/2025-04-01"},
        'steps.csv:2: column "date": value "2025-04-10/2025-04-01": '
        "rule: a date in EDTF (the interval ends before it begins); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "steps",
        {"date": "../.."},
        'steps.csv:2: column "date": value "../..": '
        "rule: a date in EDTF (an interval open at both ends says nothing); "
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
    ),
    (
        "sources",
        {"published": "1 May 2025"},
        'sources.csv:2: column "published": value "1 May 2025": '
        "rule: a date in EDTF ('1 May 2025' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); "
        "fix: did you mean 2025-05-01?",
    ),
    (
        "steps",
        {"coded_on": "2026-02-30"},
        'steps.csv:2: column "coded_on": value "2026-02-30": '
        "rule: a day (2026-02 has 28 days); "
        "fix: for example 2025-05-06",
    ),
    (
        "steps",
        {"coded_on": "Jan-26"},
        'steps.csv:2: column "coded_on": value "Jan-26": '
        "rule: a day (not of the form YYYY-MM-DD); "
        "fix: for example 2025-05-06",
    ),
    (
        "sources",
        {"read_on": "01.02.2026"},
        'sources.csv:2: column "read_on": value "01.02.2026": '
        "rule: a day (not of the form YYYY-MM-DD); "
        "fix: did you mean 2026-01-02 or 2026-02-01?",
    ),
    (
        "steps",
        {"checked_on": "1/1/2025"},
        'steps.csv:2: column "checked_on": value "1/1/2025": '
        "rule: a day (not of the form YYYY-MM-DD); "
        "fix: did you mean 2025-01-01?",
    ),
    (
        "steps",
        {"checked_on": "2025-12-31"},
        'steps.csv:2: column "checked_on": value "2025-12-31": '
        "rule: not before coded_on (2026-01-01); "
        "fix: correct one of the two",
    ),
    (
        "steps",
        {"date_basis": ""},
        'steps.csv:2: column "date_basis": value "": '
        "rule: filled in where date is; "
        "fix: write stated, computed or bounded",
    ),
    (
        "steps",
        {"date": ""},
        'steps.csv:2: column "date_basis": value "stated": rule: blank where date is; fix: clear it, or fill in date',
    ),
    (
        "steps",
        {"date": "2025-05-02"},
        'steps.csv:2: column "date": value "2025-05-02": '
        "rule: not after the source was published (2025-05-01, sources.csv:2), unless it is a plan; "
        "fix: read the date again, or code what is planned as planned",
    ),
    (
        "payments",
        {"stage": "paid", "date": "2025-06", "date_basis": "stated"},
        'payments.csv:2: column "date": value "2025-06": '
        "rule: not after the source was published (2025-05-01, sources.csv:4), unless it is a plan; "
        "fix: read the date again, or code what is planned as planned",
    ),
    (
        "transfers",
        {"date": "2025-05-09/2025-05-12", "date_basis": "stated"},
        'transfers.csv:2: column "date": value "2025-05-09/2025-05-12": '
        "rule: not after the source was published (2025-05-01, sources.csv:4), unless it is a plan; "
        "fix: read the date again, or code what is planned as planned",
    ),
    (
        "steps",
        {"origin_id": "late"},
        'steps.csv:2: column "origin_id": value "late": '
        "rule: not published after the source (2025-05-01, sources.csv:2); this one is of 2025-05-02, sources.csv:5; "
        "fix: the origin came first: correct one of the two dates, or the origin",
    ),
    (
        "sources",
        {"published": ""},
        'sources.csv:2: column "published_basis": value "stated": '
        "rule: unknown where published is blank; "
        "fix: write unknown, or fill in published",
    ),
    (
        "sources",
        {"published_basis": "unknown"},
        'sources.csv:2: column "published_basis": value "unknown": '
        "rule: unknown only where published is blank; "
        "fix: write stated or computed",
    ),
    # numbers and money
    (
        "payments",
        {"amount_min": "200"},
        'payments.csv:2: column "amount_min": value "200": '
        "rule: not above amount_max (100); "
        "fix: swap them, or read the source again",
    ),
    (
        "transfers",
        {"people_min": "200"},
        'transfers.csv:2: column "people_min": value "200": '
        "rule: not above people_max (10); "
        "fix: swap them, or read the source again",
    ),
    (
        "tallies",
        {"count_max": "4"},
        'tallies.csv:2: column "count_min": value "5": '
        "rule: not above count_max (4); "
        "fix: swap them, or read the source again",
    ),
    (
        "payments",
        {"currency": ""},
        'payments.csv:2: column "currency": value "": rule: an amount has a currency; fix: for example USD',
    ),
    (
        "payments",
        {"amount_min": "", "amount_max": ""},
        'payments.csv:2: column "currency": value "USD": '
        "rule: a currency has an amount; "
        "fix: leave it blank, or fill in amount_min or amount_max",
    ),
    (
        "payments",
        {"currency": "Euro"},
        'payments.csv:2: column "currency": value "Euro": rule: an ISO 4217 code; fix: did you mean "EUR"?',
    ),
    (
        "payments",
        {"currency": "usd"},
        'payments.csv:2: column "currency": value "usd": rule: an ISO 4217 code; fix: did you mean "USD"?',
    ),
    (
        "payments",
        {"currency": "US$"},
        'payments.csv:2: column "currency": value "US$": rule: an ISO 4217 code; fix: did you mean "USD"?',
    ),
    (
        "payments",
        {"currency": "DEM"},
        'payments.csv:2: column "currency": value "DEM": rule: an ISO 4217 code; fix: for example USD',
    ),
    (
        "payments",
        {"amount_max": "5,100,000"},
        'payments.csv:2: column "amount_max": value "5,100,000": rule: a number in plain digits; fix: write 5100000',
    ),
    (
        "payments",
        {"amount_max": "$300"},
        'payments.csv:2: column "amount_max": value "$300": rule: a number in plain digits; fix: write 300',
    ),
    (
        "payments",
        {"amount_max": "5.1E+06"},
        'payments.csv:2: column "amount_max": value "5.1E+06": '
        "rule: a number in plain digits; "
        "fix: write 5100000, if nothing was lost when it was shortened",
    ),
    (
        "payments",
        {"amount_max": "1e400"},
        'payments.csv:2: column "amount_max": value "1e400": '
        "rule: a number in plain digits; "
        'fix: write digits only; keep words such as "dozens" in wording',
    ),
    (
        "payments",
        {"amount_max": "4,7"},
        'payments.csv:2: column "amount_max": value "4,7": '
        "rule: a number in plain digits; "
        "fix: write digits only, or leave it blank if not reported",
    ),
    (
        "payments",
        {"amount_max": "-5"},
        'payments.csv:2: column "amount_max": value "-5": rule: not negative; fix: leave it blank if not reported',
    ),
    (
        "payments",
        {"people_basis": "about 250"},
        'payments.csv:2: column "people_basis": value "about 250": '
        "rule: a whole number in plain digits; "
        'fix: write digits only; keep words such as "dozens" in wording',
    ),
    (
        "transfers",
        {"people_max": "12.0"},
        'transfers.csv:2: column "people_max": value "12.0": rule: a whole number in plain digits; fix: write 12',
    ),
    (
        "transfers",
        {"people_max": "１２"},
        'transfers.csv:2: column "people_max": value "１２": '
        "rule: a whole number in plain digits; "
        "fix: write digits only, or leave it blank if not reported",
    ),
    (
        "transfers",
        {"people_max": "1 200"},
        'transfers.csv:2: column "people_max": value "1 200": rule: a whole number in plain digits; fix: write 1200',
    ),
    (
        "transfers",
        {"people_min": "-10"},
        'transfers.csv:2: column "people_min": value "-10": rule: not negative; fix: leave it blank if not reported',
    ),
    # what spreadsheets and editors do to cells
    (
        "payments",
        {"amount_max": "5\u00a0100\u00a0000"},
        'payments.csv:2: column "amount_max": value "5\\xa0100\\xa0000": '
        "rule: no non-breaking or other special spaces; "
        'fix: write "5100000"',
    ),
    (
        "steps",
        {"step": "agreed "},
        'steps.csv:2: column "step": value "agreed ": '
        "rule: no space at the start or end of a cell; "
        'fix: write "agreed"',
    ),
    (
        "steps",
        {"source_id": " paper"},
        'steps.csv:2: column "source_id": value " paper": '
        "rule: no space at the start or end of a cell; "
        'fix: write "paper"',
    ),
    (
        "sources",
        {"publisher": "A\u00a0Paper"},
        'sources.csv:2: column "publisher": value "A\\xa0Paper": '
        "rule: no non-breaking or other special spaces; "
        'fix: write "A Paper"',
    ),
    (
        "sources",
        {"publisher": "A Pa\u200bper"},
        'sources.csv:2: column "publisher": value "A Pa\\u200bper": '
        "rule: no non-breaking or other special spaces; "
        'fix: write "A Paper"',
    ),
    (
        "steps",
        {"wording": "“will take” Rwanda’s people"},
        'steps.csv:2: column "wording": value "“will take” Rwanda’s people": '
        "rule: straight quotes and apostrophes only; "
        'fix: write ""will take" Rwanda\'s people"',
    ),
    (
        "steps",
        {"note": "first line\nsecond line"},
        'steps.csv:2: column "note": value "first line\\nsecond line": '
        "rule: no line break, tab or control character in a cell; "
        'fix: write "first line second line"',
    ),
    (
        "steps",
        {"wording": "has  agreed"},
        'steps.csv:2: column "wording": value "has  agreed": rule: no double spaces; fix: write "has agreed"',
    ),
    (
        "steps",
        {"note": " "},
        'steps.csv:2: column "note": value " ": rule: no space at the start or end of a cell; fix: clear it',
    ),
    # what a cell must hold
    (
        "sources",
        {"url": "www.example.org/a"},
        'sources.csv:2: column "url": value "www.example.org/a": '
        "rule: an address without spaces that begins with http:// or https://; "
        "fix: copy it from the browser's address line",
    ),
    (
        "sources",
        {"url": "https://example.org/a b"},
        'sources.csv:2: column "url": value "https://example.org/a b": '
        "rule: an address without spaces that begins with http:// or https://; "
        "fix: copy it from the browser's address line",
    ),
    (
        "sources",
        {"language": "English"},
        'sources.csv:2: column "language": value "English": rule: an ISO 639-1 code; fix: did you mean "en"?',
    ),
    (
        "sources",
        {"language": "zz"},
        'sources.csv:2: column "language": value "zz": rule: an ISO 639-1 code; fix: for example en',
    ),
    (
        "steps",
        {"stance": ""},
        'steps.csv:2: column "stance": value "": '
        "rule: not blank; "
        "fix: fill it in; if the source does not say, the row cannot be coded yet",
    ),
    (
        "steps",
        {"claim_id": ""},
        'steps.csv:2: column "claim_id": value "": rule: not blank; fix: fill it in',
    ),
    (
        "sources",
        {"publisher": ""},
        'sources.csv:2: column "publisher": value "": rule: not blank; fix: fill it in',
    ),
    (
        "steps",
        {"status": "superseded"},
        'steps.csv:2: column "note": value "": '
        "rule: a superseded row says why; "
        "fix: name the row that replaces it, or the reason",
    ),
    (
        "steps",
        {"status": "withdrawn"},
        'steps.csv:2: column "note": value "": '
        "rule: a withdrawn row says why; "
        "fix: name the row that replaces it, or the reason",
    ),
    (
        "steps",
        {"wording": "one two three four five six seven eight nine"},
        'steps.csv:2: column "wording": value "one two three four five six seven eight nine": '
        "rule: at most 8 words; "
        "fix: keep only the verb or the number",
    ),
    # what was read
    (
        "sources",
        {"read": "not_seen", "read_on": ""},
        'steps.csv:2: column "source_id": value "paper": '
        "rule: a source that somebody read; "
        "fix: name the document this was read in; this one can be its origin",
    ),
    (
        "sources",
        {"read": "not_seen"},
        'sources.csv:2: column "read_on": value "2026-01-01": '
        "rule: blank for a source that was not seen; "
        "fix: clear it, or correct read",
    ),
    (
        "sources",
        {"read_on": ""},
        'sources.csv:2: column "read_on": value "": '
        "rule: filled in for a source that was read; "
        "fix: the day of reading, YYYY-MM-DD",
    ),
    (
        "sources",
        {"text_sha256": SHA256},
        'sources.csv:2: column "text_sha256": value '
        '"0000000000000000000000000000000000000000000000000000000000000000": '
        "rule: only for a text held whole; "
        "fix: clear it, or correct read",
    ),
    (
        "sources",
        {"text_sha256": "abc", "read": "full"},
        'sources.csv:2: column "text_sha256": value "abc": '
        "rule: 64 digits, 0 to 9 and a to f; "
        "fix: copy the SHA-256 of the text again",
    ),
    (
        "sources",
        {"text_sha256": SHA256, "read": "full"},
        'steps.csv:2: column "locator": value "": '
        "rule: filled in where the source's text is held (text_sha256 in sources.csv:2); "
        "fix: for example p4, its fourth non-empty line",
    ),
    (
        "steps",
        {"locator": "p4"},
        'steps.csv:2: column "locator": value "p4": '
        "rule: only where the source's text is held (text_sha256 in sources.csv:2); "
        "fix: clear it, or hold the text",
    ),
    (
        "steps",
        {"locator": "4"},
        'steps.csv:2: column "locator": value "4": '
        "rule: the letter p and a number; "
        "fix: for example p4, the fourth non-empty line of the text held",
    ),
]


@pytest.mark.parametrize(("table", "cells", "message"), CASES, ids=[f"{table} {cells}" for table, cells, _ in CASES])
def test_one_bad_cell_gives_one_message(folder, table, cells, message):
    change(folder, table, cells)
    assert messages(folder) == [message]


FINE = [
    ("steps", {"date": "2025-05-02", "step": "named"}),
    ("payments", {"date": "2025-06", "date_basis": "stated", "stage": "offered"}),
    ("transfers", {"date": "2025-06", "date_basis": "stated", "population": "planned"}),
    ("transfers", {"date": "2025-06", "date_basis": "stated", "population": "cap"}),
    ("steps", {"date": "2025-04-28/2025-05-09"}),
    ("steps", {"date": "../2025-06-01", "date_basis": "bounded"}),
    ("steps", {"date": "", "date_basis": ""}),
    ("steps", {"status": "superseded", "note": "Replaced by c00002."}),
    ("steps", {"wording": "one two three four five six seven eight"}),
    ("steps", {"checked_on": "2026-01-01"}),
    ("steps", {"note": "NA"}),
    ("sources", {"publisher": "NA"}),
    ("sources", {"author": "José Ñuñez, Łódź", "title": 'The "deal", explained'}),
    ("sources", {"published": "2025-04~", "published_basis": "computed"}),
    ("payments", {"amount_min": "0", "amount_max": "4.75", "payee": "person", "payer": "organisation"}),
    ("payments", {"amount_min": "", "amount_max": "", "currency": ""}),
    ("payments", {"amount_min": "100", "amount_max": "100"}),
    ("transfers", {"people_min": "0", "people_max": "", "nationalities": "IRQ;AFG;XKX"}),
]


@pytest.mark.parametrize(("table", "cells"), FINE, ids=[f"{table} {cells}" for table, cells in FINE])
def test_what_the_coding_rules_allow_passes(folder, table, cells):
    change(folder, table, cells)
    assert messages(folder) == []


def test_namibia_and_kosovo_are_countries(write_ledger):
    steps = [{"arrangement_id": "nam-removal-2025"}, {"arrangement_id": "xkx-removal-2025"}]
    folder = write_ledger(steps=steps)
    assert [row["receiver"] for row in read(folder, "arrangements")] == ["NAM", "XKX"]
    assert messages(folder) == []


# --- between rows and tables -----------------------------------------------------------------------------------------


def test_an_identifier_used_twice_in_a_table(folder):
    change(folder, "steps", {"claim_id": "c00001"}, row=1)
    change(folder, "sources", {"source_id": "agency"}, row=3)
    change(folder, "steps", {"source_id": "agency", "origin_id": "agency"}, row=1)
    assert messages(folder) == [
        'sources.csv:5: column "source_id": value "agency": rule: used once; '
        "fix: sources.csv:4 has it too: give this row an identifier of its own",
        'steps.csv:3: column "claim_id": value "c00001": rule: used once; '
        "fix: steps.csv:2 has it too: give this row an identifier of its own",
    ]


def test_a_claim_number_used_twice_over_the_claim_tables(folder):
    change(folder, "payments", {"claim_id": "c00002"})
    change(folder, "tallies", {"claim_id": "c00002"})
    assert messages(folder) == [
        'payments.csv:2: column "claim_id": value "c00002": rule: used once over all claim tables; '
        "fix: steps.csv:3 has it too: give this row an identifier of its own",
        'tallies.csv:2: column "claim_id": value "c00002": rule: used once over all claim tables; '
        "fix: steps.csv:3 has it too: give this row an identifier of its own",
    ]


def test_blank_claim_numbers_do_not_count_as_used_twice(folder):
    change(folder, "steps", {"claim_id": ""})
    change(folder, "tallies", {"claim_id": ""})
    assert messages(folder) == [
        'steps.csv:2: column "claim_id": value "": rule: not blank; fix: fill it in',
        'tallies.csv:2: column "claim_id": value "": rule: not blank; fix: fill it in',
    ]


def test_a_source_like_none_in_the_table(folder):
    change(folder, "steps", {"source_id": "gazette"})
    assert messages(folder) == [
        'sources.csv:2: column "source_id": value "paper": rule: at least one claim names it as source or origin; '
        "fix: code its claims, or delete the row",
        'steps.csv:2: column "source_id": value "gazette": rule: found in sources.csv; '
        "fix: add a row for it to sources.csv",
    ]


def test_a_table_with_only_its_header_holds_nothing_to_refer_to(folder):
    write(folder, "arrangements", [])
    assert messages(folder) == [
        f'{table}.csv:{line}: column "arrangement_id": value "rwa-removal-2025": rule: found in arrangements.csv; '
        "fix: add a row for it to arrangements.csv"
        for table, line in (("steps", 2), ("steps", 3), ("payments", 2), ("transfers", 2), ("acts", 2))
    ]


def test_a_source_that_no_claim_uses_and_an_arrangement_without_a_claim(folder):
    write(folder, "sources", [*read(folder, "sources"), read(folder, "sources")[1] | {"source_id": "gazette"}])
    more = {"arrangement_id": "uga-asylum-2026", "receiver": "UGA", "instrument": "asylum"}
    write(folder, "arrangements", [*read(folder, "arrangements"), read(folder, "arrangements")[0] | more])
    assert messages(folder) == [
        'sources.csv:6: column "source_id": value "gazette": rule: at least one claim names it as source or origin; '
        "fix: code its claims, or delete the row",
        'arrangements.csv:3: column "arrangement_id": value "uga-asylum-2026": rule: at least one claim is about it; '
        "fix: code a claim, or delete the row",
    ]


def test_a_claim_without_a_public_day_is_no_problem(folder):
    undated = {"published": "", "published_basis": "unknown"}
    change(folder, "sources", undated, row=0)
    change(folder, "sources", undated, row=1)
    assert messages(folder) == []


FIX = "fix: write the outlet's own name for itself; another outlet of that name bears its country in brackets"


@pytest.mark.parametrize("name", ["The Daily-News", "daily news", "Dailynews", "DAILY NEWS."])
def test_an_outlet_spelt_otherwise_than_in_most_rows_is_named(folder, name):
    for row in (0, 1):
        change(folder, "sources", {"publisher": "Daily News"}, row)
    change(folder, "sources", {"publisher": name}, row=3)
    rule = 'rule: one spelling for each outlet: "Daily News" in sources.csv:2'
    assert messages(folder) == [f'sources.csv:5: column "publisher": value "{name}": {rule}; {FIX}']


def test_of_spellings_that_are_equally_common_each_is_named(folder):
    change(folder, "sources", {"publisher": "AFP"}, row=0)
    change(folder, "sources", {"publisher": "afp"}, row=1)
    rule = "rule: one spelling for each outlet"
    assert messages(folder) == [
        f'sources.csv:2: column "publisher": value "AFP": {rule}: "afp" in sources.csv:3; {FIX}',
        f'sources.csv:3: column "publisher": value "afp": {rule}: "AFP" in sources.csv:2; {FIX}',
    ]


def test_outlets_of_one_name_in_two_countries_are_two(folder):
    for row, name in enumerate(("La Nación (Argentina)", "La Nación (Costa Rica)", "The Nation", "Le Nation")):
        change(folder, "sources", {"publisher": name}, row)
    assert messages(folder) == []


def test_a_source_not_seen_may_be_an_origin(folder):
    change(folder, "sources", {"read": "not_seen", "read_on": ""}, row=1)
    assert messages(folder) == []


def test_a_held_text_and_its_locators_pass(folder):
    change(folder, "sources", {"read": "full", "text_sha256": SHA256})
    change(folder, "steps", {"locator": "p4"})
    assert messages(folder) == []


def test_a_fault_in_one_row_is_not_told_again_for_the_rows_that_lean_on_it(folder):
    change(folder, "sources", {"source_id": "Agency", "published": "May 2025"}, row=2)
    assert messages(folder) == [
        'sources.csv:4: column "published": value "May 2025": rule: a date in EDTF '
        "('May 2025' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD); fix: did you mean 2025-05?",
        'sources.csv:4: column "source_id": value "Agency": rule: lower-case letters, digits and underscores, '
        'with a hyphen between parts; fix: write "agency"',
    ]


# --- whole files -----------------------------------------------------------------------------------------------------

STEPS = (
    "claim_id, arrangement_id, step, act_id, stance, date, date_basis, source_id, locator, wording, origin_id, basis, status, "
    "doubtful, coded_on, checked_on, note"
)


def columns(folder, table, edit_row):
    """Rewrite a table with ``edit_row`` applied to the header and to each row."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        rows = [edit_row(list(row)) for row in csv.reader(handle)]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


@pytest.mark.parametrize(
    ("table", "cells", "column"),
    [
        # A population that cannot be read may be a plan, which may have a later date.
        ("transfers", {"population": "caps", "date": "2026", "date_basis": "stated"}, "population"),
        # The wrong source has another day, and other origins.
        ("steps", {"source_id": "unseen", "origin_id": "late"}, "source_id"),
        # A reading whose source is misspelt is of no source.
        ("readings", {"source_id": "paper\u200b", "claim_id": "c00001"}, "source_id"),
    ],
)
def test_what_follows_from_a_fault_of_the_same_row_is_not_told(write_ledger, table, cells, column):
    tables = {name: [dict(row) for row in rows] for name, rows in LEDGER.items()} | {"readings": [{}]}
    tables["sources"].append({"source_id": "unseen", "read": "not_seen", "read_on": "", "published": "2025-04-20"})
    tables["steps"].append({"claim_id": "c00003", "source_id": "paper", "origin_id": "unseen"})
    folder = write_ledger(**tables)
    assert messages(folder) == []
    change(folder, table, cells)
    (problem,) = checks.check(folder)
    assert problem.column == column


@pytest.mark.parametrize("name", ["places.csv", "world_110m.json"])
def test_a_reference_file_in_which_somebody_typed_is_named(folder, tmp_path, monkeypatch, name):
    reference = shutil.copytree(paths.REFERENCE, tmp_path / "reference")
    monkeypatch.setattr(paths, "REFERENCE", reference)
    assert messages(folder) == []
    file = reference / name
    file.write_bytes(file.read_bytes().replace(b"Rwanda", b"Ruanda"))
    message = f"{name}: rule: the file that SHA256SUMS lists; fix: restore both from the last revision"
    assert [text.removeprefix("reference/") for text in messages(folder)] == [message]
    (reference / "SHA256SUMS").unlink()
    assert len(messages(folder)) == 2


def test_a_letter_that_was_lost_on_the_way_is_named(folder):
    change(folder, "arrangements", {"label": "Cura\ufffdao"})
    assert messages(folder) == [
        'arrangements.csv:2: column "label": value "Cura\ufffdao": rule: no replacement character (U+FFFD): '
        "a letter was lost; fix: write the letter that the source has"
    ]


def test_a_missing_column(folder):
    columns(folder, "steps", lambda row: row[:4] + row[5:])
    assert messages(folder) == [
        'steps.csv:1: column "stance": value "": rule: every column of the codebook is there; '
        "fix: add it, blank where nothing is reported"
    ]


def test_a_renamed_column(folder):
    edit(folder, "steps", b",stance,", b",Stance,")
    assert messages(folder) == [
        'steps.csv:1: column "Stance": value "Stance": rule: only the columns of the codebook; '
        f"fix: remove or rename it; known: {STEPS}",
        'steps.csv:1: column "stance": value "": rule: every column of the codebook is there; '
        "fix: add it, blank where nothing is reported",
    ]


def test_a_column_too_many_hides_nothing_else(folder):
    change(folder, "steps", {"stance": "denied"})
    columns(folder, "steps", lambda row: [*row, "remark"])
    assert messages(folder) == [
        'steps.csv:1: column "remark": value "remark": rule: only the columns of the codebook; '
        f"fix: remove or rename it; known: {STEPS}",
        'steps.csv:2: column "stance": value "denied": rule: one of asserts, denies; fix: did you mean "denies"?',
    ]


def test_a_column_without_a_name(folder):
    columns(folder, "steps", lambda row: [*row, ""])
    assert messages(folder) == [
        "steps.csv:1: rule: every column has a name; fix: delete the column without a name, or the comma that makes it"
    ]


def test_a_column_twice(folder):
    columns(folder, "steps", lambda row: [*row, row[4]])
    assert messages(folder) == [
        'steps.csv:1: column "stance": value "stance": rule: a column appears once; fix: remove the second one'
    ]


def test_the_order_of_columns_is_free(folder):
    columns(folder, "steps", lambda row: row[::-1])
    assert messages(folder) == []
    change(folder, "steps", {"stance": ""})
    columns(folder, "steps", lambda row: row[::-1])
    assert messages(folder) == [
        'steps.csv:2: column "stance": value "": rule: not blank; '
        "fix: fill it in; if the source does not say, the row cannot be coded yet"
    ]


def test_ragged_rows_and_what_leans_on_them(folder):
    edit(folder, "sources", b"A Paper", b"Paper, Daily")
    edit(folder, "steps", b",active,,2026-01-01,,\n", b",active,,2026-01-01\n")
    assert messages(folder) == [
        "sources.csv:2: rule: every row has as many cells as the header; "
        "fix: this row has 14 cells, the header 13: put quotes around a cell that holds a comma",
        "steps.csv:2: rule: every row has as many cells as the header; "
        "fix: this row has 15 cells, the header 17: add the missing commas",
    ]


def test_empty_rows(folder):
    edit(folder, "steps", b"\nc00002", b"\n\nc00002")
    edit(folder, "tallies", b"\nc00301", b"\n,,, ,,,,,,,,,,,,,,\nc00301")
    assert messages(folder) == [
        "steps.csv:3: rule: no empty rows; fix: delete the row",
        "tallies.csv:2: rule: no empty rows; fix: delete the row",
    ]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file(folder, content):
    (folder / "steps.csv").write_bytes(content)
    assert messages(folder) == [
        "steps.csv: rule: a table has a header line; "
        "fix: the file is empty: restore it, or write the header of the codebook"
    ]


def test_a_missing_file(folder):
    (folder / "sources.csv").unlink()
    assert messages(folder) == [
        "sources.csv: rule: each table of the codebook is a file; fix: put sources.csv back, with its header at least"
    ]


def test_a_folder_without_any_file(tmp_path):
    assert [message.split(": ")[0] for message in messages(tmp_path)] == [f"{table}.csv" for table in schema.FILES]


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
        b"\xef\xbb\xbf\r\n<html lang='en'>\n<body>404</body></html>\n",
        b"<!doctype html><title>csv</title>",
    ],
)
def test_a_web_page_saved_as_csv(folder, content):
    (folder / "steps.csv").write_bytes(content)
    assert messages(folder) == [
        "steps.csv:1: rule: files are CSV; fix: this is a web page saved under a CSV name: download the file itself"
    ]


def test_a_spreadsheet_saved_as_csv(folder):
    (folder / "steps.csv").write_bytes(b"PK\x03\x04\x14\x00\x06\x00" + bytes(300))
    assert messages(folder) == [
        "steps.csv:1: rule: files are CSV; fix: this is a spreadsheet saved under a CSV name: export it as CSV UTF-8"
    ]


@pytest.mark.parametrize(("mark", "name"), [(b";", "semicolons"), (b"\t", "tabs")])
def test_other_separators(folder, mark, name):
    path = folder / "steps.csv"
    path.write_bytes(path.read_bytes().replace(b",", mark))
    assert messages(folder) == [
        "steps.csv:1: rule: cells are separated by commas; "
        f"fix: this file uses {name}: export it as comma-separated CSV UTF-8"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(folder, encoding):
    path = folder / "steps.csv"
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    assert messages(folder) == [
        "steps.csv:1: rule: files are UTF-8; fix: this one is UTF-16: save it again as CSV UTF-8"
    ]


def test_latin_1_bytes(folder):
    edit(folder, "sources", b"wire,A Paper", b"wire,Le Si\xe8cle")
    assert messages(folder) == [
        "sources.csv:3: rule: files are UTF-8; fix: byte 0xe8 is not UTF-8: save it again as CSV UTF-8"
    ]


UNBALANCED = 'fix: close the quote in the row that begins here, and double a quote inside a cell ("")'


def test_a_quote_that_is_never_closed_is_reported_where_its_row_begins(folder):
    edit(folder, "sources", b"wire,A Paper", b'wire,"A Paper')
    assert messages(folder) == [f"sources.csv:3: rule: quotes are balanced (unexpected end of data); {UNBALANCED}"]


def test_a_quote_that_the_next_quoted_cell_closes_is_reported_where_its_row_begins(folder):
    change(folder, "sources", {"note": 'Named by "late".'}, row=3)
    edit(folder, "sources", b"wire,A Paper", b'wire,"A Paper')
    assert messages(folder) == [f"sources.csv:3: rule: quotes are balanced (',' expected after '\"'); {UNBALANCED}"]


def test_an_open_quote_in_the_header(folder):
    edit(folder, "steps", b"claim_id", b'"claim_id')
    assert messages(folder) == [f"steps.csv:1: rule: quotes are balanced (unexpected end of data); {UNBALANCED}"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_other_line_ends_are_accepted(folder, mark, end):
    change(folder, "steps", {"stance": "denied"}, row=1)
    for table in schema.TABLES:
        path = folder / f"{table}.csv"
        path.write_bytes(mark + path.read_bytes().replace(b"\n", end))
    assert messages(folder) == [
        'steps.csv:3: column "stance": value "denied": rule: one of asserts, denies; fix: did you mean "denies"?'
    ]


# --- everything at once, in place ------------------------------------------------------------------------------------


def test_ten_faults_are_reported_at_once_in_the_order_of_files_and_lines(folder):
    change(folder, "tallies", {"count_max": "4"})
    change(folder, "transfers", {"people_min": "dozens"})
    change(folder, "payments", {"currency": "", "date": "2025-05-06"})
    change(folder, "steps", {"source_id": "lade"}, row=1)
    change(folder, "steps", {"step": "agree", "date": "2025-02-29"})
    change(folder, "arrangements", {"receiver": "Rwanda"})
    change(folder, "sources", {"url": "example.org"}, row=3)
    edit(folder, "sources", b"\nagency", b"\n\nagency")
    assert messages(folder) == [
        "sources.csv:4: rule: no empty rows; fix: delete the row",
        'sources.csv:6: column "url": value "example.org": '
        "rule: an address without spaces that begins with http:// or https://; "
        "fix: copy it from the browser's address line",
        'arrangements.csv:2: column "receiver": value "Rwanda": '
        'rule: an ISO 3166-1 alpha-3 code (XKX for Kosovo); fix: did you mean "RWA" (Rwanda)?',
        'steps.csv:2: column "date": value "2025-02-29": rule: a date in EDTF (2025-02 has 28 days); '
        "fix: for example 2025, 2025-05, 2025-05-06 or ../2025-05-06",
        'steps.csv:2: column "step": value "agree": rule: one of named, asked, in_talks, willing, agreed, signed, '
        'received, declined, no_answer, halted, ended, unclear; fix: did you mean "agreed"?',
        'steps.csv:3: column "source_id": value "lade": rule: found in sources.csv; '
        'fix: did you mean "late"? If not, add a row for it to sources.csv',
        'payments.csv:2: column "currency": value "": rule: an amount has a currency; fix: for example USD',
        'payments.csv:2: column "date_basis": value "": rule: filled in where date is; '
        "fix: write stated, computed or bounded",
        'transfers.csv:2: column "people_min": value "dozens": rule: a whole number in plain digits; '
        'fix: write digits only; keep words such as "dozens" in wording',
        'tallies.csv:2: column "count_min": value "5": rule: not above count_max (4); '
        "fix: swap them, or read the source again",
    ]


def test_the_line_is_that_of_the_file_after_a_cell_with_a_line_break(folder):
    change(folder, "steps", {"note": "first line\nsecond line\nthird line"})
    change(folder, "steps", {"stance": ""}, row=1)
    assert messages(folder) == [
        'steps.csv:2: column "note": value "first line\\nsecond line\\nthird line": '
        "rule: no line break, tab or control character in a cell; "
        'fix: write "first line second line third line"',
        'steps.csv:5: column "stance": value "": rule: not blank; '
        "fix: fill it in; if the source does not say, the row cannot be coded yet",
    ]
    line = (folder / "steps.csv").read_text(encoding="utf-8").split("\n")[5 - 1]
    assert line.startswith("c00002")


FAULTS = [(table, cells) for table, cells, _ in CASES] + [
    ("payments", {"claim_id": "c00002"}),
    ("tallies", {"claim_id": "c00002"}),
    ("arrangements", {"arrangement_id": "rwa-removal-2026"}),
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_what_is_found(write_ledger, faults, order):
    folder = write_ledger(**LEDGER)
    for table in ("payments", "transfers", "tallies"):
        first = read(folder, table)[0]
        write(folder, table, [first, first | {"claim_id": f"c{int(first['claim_id'][1:]) + 1:05d}"}])
    for table, cells in faults:
        change(folder, table, cells)
    before = checks.check(folder)
    for table in schema.TABLES:
        rows = read(folder, table)
        order.shuffle(rows)
        write(folder, table, rows)
    after = checks.check(folder)
    found = [
        {(p.column, p.value, re.sub(r"csv:[0-9]+", "csv", p.rule)) for p in problems} for problems in (after, before)
    ]
    assert found[0] == found[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.tuples(
            st.sampled_from([(table, column) for table in schema.TABLES for column in schema.columns(table)]),
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
            | st.from_regex(r"[-0-9./eE ~]{1,9}", fullmatch=True),
        ),
        min_size=3,
        max_size=12,
    )
)
def test_no_cell_is_too_strange_to_be_told_on_one_line(write_ledger, cells):
    folder = write_ledger(**LEDGER)
    for (table, column), value in cells:
        change(folder, table, {column: value})
    for problem in checks.check(folder):
        assert problem.line > 0
        assert len(str(problem).splitlines()) == 1


def test_problems_come_in_order_whatever_is_wrong(folder):
    for table, cells, _ in CASES:
        change(folder, table, cells)
    problems = checks.check(folder)
    order = [f"{paths.relative(folder)}/{table}.csv" for table in schema.TABLES]
    places = [(order.index(problem.file), problem.line) for problem in problems]
    assert len(problems) > 20
    assert all(a <= b for a, b in pairwise(places))
    assert len(set(problems)) == len(problems)
    assert all(isinstance(problem, files.Problem) and problem.rule and problem.fix for problem in problems)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            {"payments": [{"part_of": "mony"}, {"payment_id": "whole"}]},
            'payments.csv:2: column "part_of": value "mony": rule: another payment_id of this table; fix: clear it',
        ),
        (
            {"transfers": [{"part_of": "whol"}, {"transfer_id": "whole"}]},
            'transfers.csv:2: column "part_of": value "whol": rule: another transfer_id of this table; '
            'fix: did you mean "whole"?',
        ),
        (
            {"transfers": [{"part_of": "flight"}]},
            'transfers.csv:2: column "part_of": value "flight": rule: another transfer_id of this table; fix: clear it',
        ),
        (
            {"tallies": [{"among": "Afrika", "count_min": "3"}]},
            'tallies.csv:2: column "among": value "Afrika": rule: blank, or one of Africa, Americas, Asia, Europe, '
            'Oceania, part; fix: did you mean "Africa"?',
        ),
    ],
)
def test_a_part_has_a_whole_and_a_count_a_known_limit(write_ledger, tables, message):
    assert messages(write_ledger(**tables)) == [message]
