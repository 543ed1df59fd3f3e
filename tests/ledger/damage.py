"""Damage to a ledger, drawn by a seed: each kind is one thing that happens to files that people edit.

``LEDGER`` is a small ledger in which every rule has something to hold on to; with it go its descriptors, the reference
files and a notebook. Each function in ``KINDS`` spoils it in one place and says where, as a :class:`Damage`. What belongs
elsewhere: judging what the checks say (``test_mutations``).
"""

import codecs
import csv
import io
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from analysis.ledger import schema

SHA256 = "0123456789abcdef" * 4
LATE = {"coded_on": "2026-02-01", "checked_on": "2026-02-02"}
LEDGER = {
    "sources": [
        {"source_id": "paper-2025-05-01", "author": "A. Writer", "title": "A title", "url": "https://example.org/a"},
        {"source_id": "wire-2025-04-30", "kind": "wire", "published": "2025-04-30", "language": "en"},
        {"source_id": "agency-2025-05-02", "kind": "government", "published": "2025-05-02", "note": "A remark."},
        {
            "source_id": "court-2025-06",
            "kind": "court",
            "published": "2025-06-10",
            "read": "full",
            "text_sha256": SHA256,
        },
        {"source_id": "unseen-2025-04", "published": "2025-04-15", "read": "not_seen", "read_on": ""},
        {"source_id": "digest-2025-07", "kind": "digest", "published": "2025-07", "published_basis": "computed"},
        {"source_id": "radio-undated", "published": "", "published_basis": "unknown"},
    ],
    "arrangements": [
        {"arrangement_id": "rwa-removal-2025"},
        {"arrangement_id": "rwa-transit-2025", "instrument": "transit"},
        {"arrangement_id": "gha-removal-2025", "note": "A remark."},
        {"arrangement_id": "xkx-detention-2025", "instrument": "detention"},
        {"arrangement_id": "any-removal-2025"},
    ],
    "steps": [
        {"step": "asked", "date": "../2025-04-30", "date_basis": "bounded", "origin_id": "wire-2025-04-30"},
        {"step": "in_talks", "date": "2025-04", "wording": "are in talks", "note": "A remark."},
        {"step": "agreed", "date": "2025-04-29", "origin_id": "unseen-2025-04"},
        {"step": "received", "date": "2025-04-20/2025-04-29", "arrangement_id": "gha-removal-2025"},
        {"step": "declined", "arrangement_id": "xkx-detention-2025", "source_id": "agency-2025-05-02"},
        {"step": "halted", "source_id": "court-2025-06", "locator": "p4", "act_id": "rwa-high_court-2025-06-09"},
        {"step": "agreed", "stance": "denies", "source_id": "digest-2025-07", "arrangement_id": "gha-removal-2025"},
        {"step": "signed", "status": "superseded", "note": "Replaced by c00003."},
        {"step": "named", "date": "2026", "source_id": "radio-undated", "origin_id": "wire-2025-04-30"},
    ],
    "payments": [
        {"payment_id": "rwa-2025-grant", "amount_min": "7500000", "amount_max": "7500000"},
        {"payment_id": "rwa-2025-grant", "amount_min": "7500000", "amount_max": "", "source_id": "wire-2025-04-30"},
        {"payment_id": "rwa-2025-grant", "amount_min": "", "amount_max": "", "currency": ""},
        {"payment_id": "rwa-2025-part", "part_of": "rwa-2025-grant", "amount_min": "100000", "amount_max": "250000"},
        {
            "payment_id": "gha-2025-rate",
            "unit": "per_person",
            "arrangement_id": "gha-removal-2025",
            "people_basis": "40",
        },
        {"payment_id": "gha-2025-rate", "unit": "per_person", "arrangement_id": "gha-removal-2025", "payee": "person"},
    ],
    "transfers": [
        {
            "transfer_id": "rwa-2025-04",
            "people_min": "7",
            "people_max": "7",
            "nationalities": "IRQ;VEN",
            "date": "2025-04",
        },
        {"transfer_id": "rwa-2025-04", "people_min": "7", "people_max": "9", "source_id": "wire-2025-04-30"},
        {"transfer_id": "rwa-2025-04-men", "part_of": "rwa-2025-04", "people_min": "3", "people_max": "3"},
        {"transfer_id": "gha-2025-cap", "population": "cap", "people_min": "", "arrangement_id": "gha-removal-2025"},
        {
            "transfer_id": "xkx-2025-plan",
            "population": "planned",
            "date": "2026",
            "arrangement_id": "xkx-detention-2025",
        },
    ],
    "tallies": [
        {"tally_id": "nyt-2025-named", "counted": "named", "count_min": "58", "count_max": "58", "among": "Africa"},
        {
            "tally_id": "nyt-2025-named",
            "counted": "named",
            "count_min": "58",
            "doubtful": "true",
            "note": "A misprint.",
        },
    ],
    "acts": [
        {
            "act_id": "rwa-high_court-2025-06-09",
            "jurisdiction": "RWA",
            "date": "2025-06-09",
            "source_id": "court-2025-06",
        },
        {"act_id": "rwa-high_court-2025-06-09", "jurisdiction": "RWA", "source_id": "digest-2025-07"},
        {
            "act_id": "iachr-petition-2025",
            "jurisdiction": "IACHR",
            "effect": "filed",
            "arrangement_id": "rwa-transit-2025",
        },
        {"act_id": "usa-policy-2025", "actor": "agency", "effect": "directs", "arrangement_id": "any-removal-2025"},
    ],
    "readings": [
        {"source_id": "paper-2025-05-01", "claim_id": "c00002", "code_1": "in_talks", "code_2": "in_talks"},
        {"source_id": "paper-2025-05-01", "code_1": "", "stance_1": "", "code_2": "received", "receiver": "GHA"},
        {
            "source_id": "wire-2025-04-30",
            "table": "payments",
            "code_1": "agreed",
            "number_1": "7500000/",
            "date_1": "2025",
        },
    ],
}
HASH_LINES = {"court-2025-06": "p4"}
EXPECTATIONS = [
    ["named", "tallies", "tally_id=nyt-2025-named;counted=named", "count_min", "are", "58", "", "", ""],
    ["grant", "payments", "payment_id=rwa-2025-grant", "amount_min", "are", "7500000", "", "", ""],
    ["halted", "steps", "step=halted", "receiver", "are", "RWA", "", "", "A remark."],
    ["none", "steps", "receiver=XKX;step=received", "claim_id", "are", "", "", "", ""],
    ["two", "transfers", "transfer_id=rwa-2025-04-men", "people_min", "are", "3", "", "", ""],
    ["both", "", "", "", "are", "61", "named;two", "", ""],
]


def complete(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """The rows of ``LEDGER`` with what its writer does not fill in: sources, locators of held texts, the second reader."""
    for table in schema.CLAIM_TABLES:
        for number, row in enumerate(rows[table]):
            row.setdefault("source_id", "paper-2025-05-01")
            if row["source_id"] in HASH_LINES:
                row.setdefault("locator", HASH_LINES[row["source_id"]])
            if row.get("date"):
                row.setdefault("date_basis", "stated")
            row |= LATE if number % 2 else {"coded_on": "2026-02-01"}
    for number, row in enumerate([row for table in schema.CLAIM_TABLES for row in rows[table]], 1):
        row["claim_id"] = f"c{number:05d}"
    for row in rows["readings"]:
        if row.get("code_2"):
            row["stance_2"] = "asserts"
    return rows


@dataclass
class Damage:
    """Where a file was spoilt: ``lines`` are blank for a whole file, ``words`` are what a message may name instead.

    Where two cells contradict each other, ``ends`` are the others, as (table, column), at which it may be told; the
    message names one of the ``words``, or the place, there.
    """

    file: str
    lines: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    ends: set[tuple[str, str]] = field(default_factory=set)


class Tables:
    """The files of a ledger, to be spoilt: parsed, changed, written back."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance

    def path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def rows(self, table: str) -> list[list[str]]:
        """Header and rows; row n begins on line n + 1, because no cell of ``LEDGER`` holds a line break."""
        return list(csv.reader(io.StringIO(self.path(table).read_text(encoding="utf-8"), newline="")))

    def write(self, table: str, rows: list[list[str]]) -> None:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.path(table).write_text(out.getvalue(), encoding="utf-8", newline="")

    def any_table(self) -> str:
        return self.chance.choice(list(schema.FILES))

    def cells(self, wanted: Callable[[str, str, str], bool]) -> list[tuple[str, int, str, str]]:
        """(table, line, column, value) of each cell that is ``wanted`` by table, column and value."""
        return [
            (table, line, column, value)
            for table in schema.FILES
            for line, row in enumerate(self.rows(table)[1:], 2)
            for column, value in zip(schema.columns(table), row, strict=True)
            if wanted(table, column, value)
        ]

    def set(self, table: str, line: int, cells: dict[str, str]) -> Damage:
        rows = self.rows(table)
        words = set()
        for column, value in cells.items():
            place = schema.columns(table).index(column)
            words |= {rows[line - 1][place], value}
            rows[line - 1][place] = value
        self.write(table, rows)
        return Damage(f"{table}.csv", {line}, set(cells), words - {""})

    def put(self, wanted: Callable[[str, str, str], bool], change: Callable[[str], str]) -> Damage:
        """Change one cell of those that are ``wanted``."""
        table, line, column, value = self.chance.choice(self.cells(wanted))
        return self.set(table, line, {column: change(value)})

    def line_of(self, table: str, column: str, value: str, which: int = 0) -> int:
        place = schema.columns(table).index(column)
        return [line for line, row in enumerate(self.rows(table)[1:], 2) if row[place] == value][which]

    def change(self, table: str, find: dict[str, str], cells: dict[str, str], which: int = 0) -> Damage:
        """Change cells of the row that has a certain value."""
        ((column, value),) = find.items()
        return self.set(table, self.line_of(table, column, value, which), cells)

    def bytes(self, table: str, change: Callable[[bytes], bytes]) -> Damage:
        self.path(table).write_bytes(change(self.path(table).read_bytes()))
        return Damage(f"{table}.csv")


Kind = Callable[[Tables], Damage]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    def add(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return add


# --- characters, formulas, markup, length ----------------------------------------------------------------------------

FREE = {"author", "publisher", "title", "note", "label", "purpose", "definition", "wording", "docket", "actor_name"}


def free_text(table: str, column: str, value: str) -> bool:
    return column in FREE and value != ""


def any_cell(table: str, column: str, value: str) -> bool:
    return len(value) > 1


def inside(sign: str) -> Kind:
    """A sign between two characters of any cell."""

    def spoil(t: Tables) -> Damage:
        return t.put(
            any_cell, lambda value: (at := t.chance.randint(1, len(value) - 1)) and value[:at] + sign + value[at:]
        )

    return spoil


for _name, _sign in {
    "no-break space": "\u00a0", "narrow no-break space": "\u202f", "en quad": "\u2000", "ideographic space": "\u3000",
    "ogham space": "\u1680", "zero-width space": "\u200b", "word joiner": "\u2060", "soft hyphen": "\u00ad",
    "byte order mark in a cell": "\ufeff", "zero-width joiner between Latin letters": "\u200d",
    "zero-width non-joiner between Latin letters": "\u200c", "left-to-right mark": "\u200e", "bidi override": "\u202e",
    "bidi isolate": "\u2066", "Arabic letter mark": "\u061c", "line separator": "\u2028", "paragraph separator": "\u2029",
    "next line": "\u0085", "C1 control": "\u0090", "NUL": "\0", "escape": "\x1b", "backspace": "\x08", "delete": "\x7f",
    "tab": "\t", "line feed": "\n", "carriage return": "\r", "private use": "\ue000", "noncharacter": "\uffff",
    "noncharacter of a higher plane": "\U0001fffe", "unassigned": "\u0378", "tag": "\U000e0041",
    "language tag": "\U000e0001", "invisible times": "\u2062", "annotation anchor": "\ufff9", "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0", "Hangul choseong filler": "\u115f", "Braille blank": "\u2800",
    "variation selector": "\ufe0f", "grapheme joiner": "\u034f", "Mongolian vowel separator": "\u180e",
    "Khmer inherent vowel": "\u17b4", "replacement character": "\ufffd", "smart apostrophe": "\u2019",
    "smart quote": "\u201c", "decomposed accent": "e\u0301", "stacked accents": "o\u0330\u0331\u0332\u0333\u0334",
    "double space": "  ",
}.items():  # fmt: skip
    KINDS[_name] = inside(_sign)


@kind("space before")
def _(t: Tables) -> Damage:
    return t.put(any_cell, lambda value: f" {value}")


@kind("space behind")
def _(t: Tables) -> Damage:
    return t.put(any_cell, lambda value: f"{value} ")


for _sign in "=+-@＝":
    KINDS[f"formula with {_sign}"] = lambda t, sign=_sign: t.put(free_text, lambda value: f"{sign}{value}")
for _name, _text in {
    "script": "<script>alert(1)</script>", "end tag": "</td>", "comment": "<!-- x -->", "entity": "AT&amp;T",
    "numbered entity": "&#x3c;b", "image": "<img src=x onerror=alert(1)>",
}.items():  # fmt: skip
    KINDS[f"markup: {_name}"] = lambda t, text=_text: t.put(free_text, lambda value: f"{value} {text}")
KINDS["formula in a number"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-part"}, {"amount_max": "=1+1"})
KINDS["a cell of 3,000 characters"] = lambda t: t.put(free_text, lambda value: "ab " * 999 + "a")
KINDS["a cell of 200,000 characters"] = lambda t: t.put(free_text, lambda value: "x" * 200_000)
KINDS["30,000 bad codes in one cell"] = lambda t: t.change(
    "transfers", {"nationalities": "IRQ;VEN"}, {"nationalities": ";".join(["XQZ"] * 30_000)}
)

# --- codes and identifiers -------------------------------------------------------------------------------------------


def is_coded(table: str, column: str, value: str) -> bool:
    return bool(schema.codes(table, column)) and len(value) > 3


def is_required(table: str, column: str, value: str) -> bool:
    return bool(schema.fields(table)[column].get("constraints", {}).get("required"))


KINDS["code misspelt"] = lambda t: t.put(is_coded, lambda value: value[:-1])
KINDS["code in capitals"] = lambda t: t.put(is_coded, str.upper)
KINDS["code unheard of"] = lambda t: t.put(is_coded, lambda value: "zebra")
KINDS["required cell blanked"] = lambda t: t.put(is_required, lambda value: "")
KINDS["doubtful as TRUE"] = lambda t: t.change("tallies", {"doubtful": "true"}, {"doubtful": "TRUE"})
KINDS["doubtful as no"] = lambda t: t.change("steps", {"step": "asked"}, {"doubtful": "no"})
KINDS["doubtful without a reason"] = lambda t: t.change("steps", {"step": "asked"}, {"doubtful": "true"})
KINDS["superseded without a reason"] = lambda t: t.change("steps", {"status": "superseded"}, {"note": ""})
KINDS["step of another column"] = lambda t: t.change("steps", {"step": "asked"}, {"step": "paid"})


def refers(table: str, column: str, value: str) -> bool:
    return column in ("source_id", "origin_id", "arrangement_id") and table in (*schema.CLAIM_TABLES, schema.READINGS)


KINDS["reference misspelt"] = lambda t: t.put(refers, lambda value: value[:-1] + "x")
KINDS["reference unheard of"] = lambda t: t.put(refers, lambda value: "zzzz-qqqq")
KINDS["reference in capitals"] = lambda t: t.put(refers, str.upper)
KINDS["reference to an unseen source"] = lambda t: t.change(
    "steps", {"step": "in_talks"}, {"source_id": "unseen-2025-04"}
)
KINDS["source renamed"] = lambda t: t.change(
    "sources", {"source_id": "wire-2025-04-30"}, {"source_id": "wire-2025-04-31"}
)
KINDS["arrangement renamed"] = lambda t: t.change(
    "arrangements", {"arrangement_id": "gha-removal-2025"}, {"arrangement_id": "gha-removal-2024"}
)
KINDS["identifier twice"] = lambda t: t.change("steps", {"claim_id": "c00002"}, {"claim_id": "c00001"})
KINDS["identifier twice over tables"] = lambda t: t.change("acts", {"jurisdiction": "IACHR"}, {"claim_id": "c00001"})
KINDS["identifier of another form"] = lambda t: t.change("steps", {"claim_id": "c00002"}, {"claim_id": "c2"})
KINDS["source twice"] = lambda t: t.change("sources", {"source_id": "wire-2025-04-30"}, {"source_id": "court-2025-06"})
KINDS["receiver changed"] = lambda t: t.change(
    "arrangements", {"arrangement_id": "gha-removal-2025"}, {"receiver": "UGA"}
)
KINDS["receiver in small letters"] = lambda t: t.change(
    "arrangements", {"arrangement_id": "gha-removal-2025"}, {"receiver": "gha"}
)
KINDS["receiver by name"] = lambda t: t.change(
    "arrangements", {"arrangement_id": "gha-removal-2025"}, {"receiver": "Ghana"}
)
KINDS["receiver is the sender"] = lambda t: t.change(
    "arrangements", {"arrangement_id": "gha-removal-2025"}, {"receiver": "USA"}
)
KINDS["nationality in small letters"] = lambda t: t.change(
    "transfers", {"nationalities": "IRQ;VEN"}, {"nationalities": "irq;VEN"}
)
KINDS["nationalities with commas"] = lambda t: t.change(
    "transfers", {"nationalities": "IRQ;VEN"}, {"nationalities": "IRQ, VEN"}
)
KINDS["nationality twice"] = lambda t: t.change("transfers", {"nationalities": "IRQ;VEN"}, {"nationalities": "IRQ;IRQ"})
KINDS["jurisdiction unheard of"] = lambda t: t.change("acts", {"jurisdiction": "IACHR"}, {"jurisdiction": "QQQ"})
KINDS["region misspelt"] = lambda t: t.change("tallies", {"among": "Africa"}, {"among": "Afrika"})
KINDS["language by name"] = lambda t: t.change("sources", {"language": "en"}, {"language": "English"})
KINDS["language unheard of"] = lambda t: t.change("sources", {"language": "en"}, {"language": "qq"})
KINDS["wording too long"] = lambda t: t.change("steps", {"step": "in_talks"}, {"wording": "a b c d e f g h i"})
KINDS["hash cut short"] = lambda t: t.change("sources", {"text_sha256": SHA256}, {"text_sha256": SHA256[:-1]})
KINDS["hash without a full text"] = lambda t: t.change("sources", {"text_sha256": SHA256}, {"read": "opening"})
KINDS["hash removed"] = lambda t: t.change("sources", {"text_sha256": SHA256}, {"text_sha256": ""})
KINDS["locator of no held text"] = lambda t: t.change("steps", {"step": "asked"}, {"locator": "p4"})
KINDS["locator missing"] = lambda t: t.change("steps", {"step": "halted"}, {"locator": ""})
KINDS["locator p0"] = lambda t: t.change("steps", {"step": "halted"}, {"locator": "p0"})
for _name, _text in {
    "without a scheme": "example.org/a", "javascript": "javascript:alert(1)", "with a user": "https://a:b@example.org/",
    "of this machine": "http://localhost/a", "of the loopback": "http://127.0.0.1/a", "with a space": "https://a.org/b c",
    "with a port": "https://example.org:8080/", "of a file": "file:///etc/passwd",
}.items():  # fmt: skip
    KINDS[f"address {_name}"] = lambda t, text=_text: t.change("sources", {"author": "A. Writer"}, {"url": text})

# --- dates -----------------------------------------------------------------------------------------------------------


def is_date(table: str, column: str, value: str) -> bool:
    return column in ("date", "published", "date_1") and value != ""


def is_day(table: str, column: str, value: str) -> bool:
    return column in ("read_on", "coded_on", "checked_on") and value != ""


for _text in (
    "2999-01-01", "9999-12-31", "0001-01-01", "0000", "1925-04-29", "2025-13", "2025-02-30", "2025-00-10", "Jul-25",
    "4/5/2025", "29 April 2025", "45757", "2025-05-09/2025-05-01", "../..", "2025/", "٢٠٢٥-٠٤-٢٩", "2025-W19-3",
    "20250429", "2025-119", "2025-04-29T10:00", "2025-4-9", "soon", "2025-04-29?", "2025-04-XX",
):  # fmt: skip
    KINDS[f"date {_text}"] = lambda t, text=_text: t.put(is_date, lambda value: text)
for _text in ("2026-02-30", "2026-02", "2062-02-01", "1926-02-01", "01.02.2026", "20260201", "2026-W05-1", "today"):
    KINDS[f"day {_text}"] = lambda t, text=_text: t.put(is_day, lambda value: text)
KINDS["event ten years early"] = lambda t: t.change("steps", {"step": "agreed"}, {"date": "2015-04-29"})
KINDS["event ten years late"] = lambda t: t.change("steps", {"step": "agreed"}, {"date": "2035-04-29"})
KINDS["event after its report"] = lambda t: t.change("steps", {"step": "agreed"}, {"date": "2025-06-01"})
KINDS["date without a basis"] = lambda t: t.change("steps", {"step": "agreed"}, {"date_basis": ""})
KINDS["basis without a date"] = lambda t: t.change("steps", {"step": "agreed"}, {"date": ""})
KINDS["published after reading"] = lambda t: t.change("sources", {"author": "A. Writer"}, {"published": "2026-05-01"})
KINDS["unseen source after coding"] = lambda t: t.change("sources", {"read": "not_seen"}, {"published": "2026-12-01"})
KINDS["published blanked"] = lambda t: t.change("sources", {"author": "A. Writer"}, {"published": ""})
KINDS["origin after its copy"] = lambda t: t.change("sources", {"read": "not_seen"}, {"published": "2025-05-20"})
KINDS["read after coding"] = lambda t: t.change("sources", {"author": "A. Writer"}, {"read_on": "2026-03-01"})
KINDS["coded before reading"] = lambda t: t.change("steps", {"step": "in_talks"}, {"coded_on": "2025-12-01"})
KINDS["coded after checking"] = lambda t: t.change("steps", {"step": "in_talks"}, {"coded_on": "2026-05-01"})
KINDS["checked before coding"] = lambda t: t.change("steps", {"step": "in_talks"}, {"checked_on": "2026-01-15"})
KINDS["unseen and read"] = lambda t: t.change("sources", {"read": "not_seen"}, {"read_on": "2026-01-01"})
KINDS["read without a day"] = lambda t: t.change("sources", {"author": "A. Writer"}, {"read_on": ""})

# --- numbers and money -----------------------------------------------------------------------------------------------


def is_number(table: str, column: str, value: str) -> bool:
    return schema.fields(table)[column]["type"] in ("integer", "number") and value != ""


for _text in (
    "5,100,000", "-5", "+5", "$300", "5.1E+06", "1e400", "4,7", "dozens", "１２", "٣٠٠", "1 200", "007", "0x1F", "1_000",
    "nan", "inf", "1" + "0" * 308, "9" * 400, "9" * 5000, "12.", ".5", "½", "5 million", "100000000001",
):  # fmt: skip
    KINDS[f"number {_text[:12]}"] = lambda t, text=_text: t.put(is_number, lambda value: text)
KINDS["decimals of people"] = lambda t: t.change("transfers", {"nationalities": "IRQ;VEN"}, {"people_max": "7.5"})
KINDS["bounds swapped"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-part"}, {"amount_min": "300000"})
for _text in ("XXX", "XTS", "XAU", "DEM", "usd", "US$", "dollars"):
    KINDS[f"currency {_text}"] = lambda t, text=_text: t.change(
        "payments", {"payment_id": "rwa-2025-part"}, {"currency": text}
    )
KINDS["amount without a currency"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-part"}, {"currency": ""})
KINDS["currency without an amount"] = lambda t: t.change(
    "payments", {"payment_id": "rwa-2025-part"}, {"amount_min": "", "amount_max": ""}
)

# --- one thing, one identity -----------------------------------------------------------------------------------------

KINDS["another currency"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-grant"}, {"currency": "XAF"})
KINDS["another unit"] = lambda t: t.change("payments", {"payee": "person"}, {"unit": "per_year"})
KINDS["another instrument"] = lambda t: t.change(
    "payments", {"payment_id": "rwa-2025-grant"}, {"arrangement_id": "rwa-transit-2025"}
)
KINDS["another arrangement of a movement"] = lambda t: t.change(
    "transfers", {"transfer_id": "rwa-2025-04"}, {"arrangement_id": "rwa-transit-2025"}
)
KINDS["part in one claim only"] = lambda t: t.change(
    "transfers", {"transfer_id": "rwa-2025-04"}, {"part_of": "gha-2025-cap"}
)
KINDS["part of itself"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-part"}, {"part_of": "rwa-2025-part"})
KINDS["part of nothing"] = lambda t: t.change("payments", {"payment_id": "rwa-2025-part"}, {"part_of": "rwa-2025-gran"})
KINDS["another label of an act"] = lambda t: t.change("acts", {"jurisdiction": "RWA"}, {"label": "another act"})
KINDS["another court of an act"] = lambda t: t.change("acts", {"jurisdiction": "RWA"}, {"jurisdiction": "GHA"})
KINDS["another actor of an act"] = lambda t: t.change("acts", {"jurisdiction": "RWA"}, {"actor": "agency"})
KINDS["act of a step misspelt"] = lambda t: t.change(
    "steps", {"step": "halted"}, {"act_id": "rwa-high_court-2025-06-19"}
)
KINDS["act of a step that nothing stops"] = lambda t: t.change(
    "steps", {"step": "asked"}, {"act_id": "rwa-high_court-2025-06-09"}
)


@kind("a circle of parts")
def _(t: Tables) -> Damage:
    damage = t.change("payments", {"payment_id": "gha-2025-rate"}, {"part_of": "rwa-2025-part"})
    t.change("payments", {"payment_id": "gha-2025-rate"}, {"part_of": "rwa-2025-part"}, which=1)
    for which in range(3):
        t.change("payments", {"payment_id": "rwa-2025-grant"}, {"part_of": "gha-2025-rate"}, which)
    return damage


# --- readings and expectations ---------------------------------------------------------------------------------------

for _name, _cells in {
    "code of another table": {"code_1": "paid"}, "date rubbish": {"date_1": "rubbish"}, "claim unknown": {"claim_id": "c99999"},
    "claim of another table": {"claim_id": "c00010"}, "claim of another source": {"claim_id": "c00005"},
    "number rubbish": {"number_1": "1.2.3/x"}, "numbers swapped": {"number_1": "9/4"}, "number alone": {"number_1": "7"},
    "stance blank": {"stance_1": ""}, "stance without a code": {"code_2": ""}, "table unheard of": {"table": "sources"},
    "nobody coded": {"code_1": "", "stance_1": "", "code_2": "", "stance_2": ""}, "receiver unheard of": {"receiver": "QQQ"},
    "number of another form": {"reading_id": "1"},
}.items():  # fmt: skip
    KINDS[f"reading: {_name}"] = lambda t, cells=_cells: t.change("readings", {"reading_id": "r00001"}, cells)
for _name, _line, _cells in (
    ("number changed", 2, {"expected": "57"}), ("sum wrong", 7, {"expected": "62"}),
    ("part unheard of", 7, {"sum_of": "a"}),
    ("column unheard of", 3, {"column": "amount"}), ("condition unheard of", 3, {"where": "pay_id=a"}),
    ("condition rubbish", 3, {"where": "payment_id"}), ("rule unheard of", 3, {"rule": "is"}),
    ("table blank", 3, {"table": ""}),
    ("countries changed", 4, {"expected": "GHA"}), ("one too many", 5, {"expected": "c00001"}),
    ("twice", 3, {"expectation_id": "named"}),
):  # fmt: skip
    KINDS[f"expectation: {_name}"] = lambda t, line=_line, cells=_cells: t.set("expectations", line, cells)
KINDS["claim that an expectation rests on"] = lambda t: t.change(
    "transfers", {"transfer_id": "rwa-2025-04-men"}, {"people_min": "2"}
)

# --- rows and columns ------------------------------------------------------------------------------------------------


def edit_rows(change: Callable[[list[list[str]], int], None], tables: tuple[str, ...] = schema.FILES) -> Kind:
    """Change the rows of a table at one row."""

    def spoil(t: Tables) -> Damage:
        table = t.chance.choice(tables)
        rows = t.rows(table)
        at = t.chance.randrange(1, len(rows))
        words = {rows[at][0]}
        change(rows, at)
        t.write(table, rows)
        return Damage(f"{table}.csv", {at + 1, at + 2}, words=words)

    return spoil


def edit_columns(change: Callable[[list[str], int], None], in_rows: bool = True, named: str = "") -> Kind:
    """Change header, and rows, at one column, or at one that is ``named``."""

    def spoil(t: Tables) -> Damage:
        table = t.any_table()
        rows = t.rows(table)
        at = t.chance.randrange(len(rows[0]))
        for row in rows if in_rows else rows[:1]:
            change(row, at)
        t.write(table, rows)
        return Damage(f"{table}.csv", {1}, {named or schema.columns(table)[at]})

    return spoil


REFERRED = ("sources", "arrangements")
KINDS["row deleted that claims refer to"] = edit_rows(lambda rows, at: rows.pop(at) and None, REFERRED)
KINDS["row doubled"] = edit_rows(lambda rows, at: rows.insert(at, rows[at]))
KINDS["row of blanks"] = edit_rows(lambda rows, at: rows.insert(at, [""] * len(rows[0])))
KINDS["row cut short"] = edit_rows(lambda rows, at: rows[at].pop() and None)
KINDS["row too long"] = edit_rows(lambda rows, at: rows[at].append("extra"))
KINDS["row shifted by a comma"] = edit_rows(lambda rows, at: rows[at].insert(1, ""))
KINDS["rows in another order"] = edit_rows(lambda rows, at: rows.append(rows.pop(at)))
KINDS["header as a row"] = edit_rows(lambda rows, at: rows.insert(at, rows[0]))
KINDS["conflict markers"] = edit_rows(lambda rows, at: rows.insert(at, ["<<<<<<< HEAD"]))
KINDS["column deleted"] = edit_columns(lambda row, at: row.pop(at) and None)
KINDS["column renamed"] = edit_columns(lambda row, at: row.__setitem__(at, row[at] + "_2"), in_rows=False)
KINDS["column in capitals"] = edit_columns(lambda row, at: row.__setitem__(at, row[at].upper()), in_rows=False)
KINDS["column doubled"] = edit_columns(lambda row, at: row.insert(at, row[at]))
KINDS["column without a name"] = edit_columns(lambda row, at: row.append(""))
KINDS["column added"] = edit_columns(lambda row, at: row.append("remark"), named="remark")
KINDS["columns in reverse"] = edit_columns(lambda row, at: row.reverse())


@kind("header in the wrong order")
def _(t: Tables) -> Damage:
    """All rows are wrong then, each in its cells."""
    table = t.any_table()
    header, *rows = t.rows(table)
    header.insert(0, header.pop(t.chance.randrange(1, len(header))))
    t.write(table, [header, *rows])
    return Damage(f"{table}.csv")


@kind("header lost")
def _(t: Tables) -> Damage:
    table = t.any_table()
    t.write(table, t.rows(table)[1:])
    return Damage(f"{table}.csv", {1})


# --- bytes and files -------------------------------------------------------------------------------------------------


def edit_bytes(change: Callable[[bytes], bytes]) -> Kind:
    return lambda t: t.bytes(t.any_table(), change)


def cut(t: Tables) -> Damage:
    """A file that ends in the middle of a row."""
    table = t.any_table()
    data = t.path(table).read_bytes()
    rows = data.split(b"\n")
    at = t.chance.randrange(1, len(rows) - 1)
    kept = rows[at][: t.chance.randrange(1, max(2, rows[at].rindex(b",")))]
    t.path(table).write_bytes(b"\n".join([*rows[:at], kept]))
    return Damage(f"{table}.csv", {at + 1}, words={rows[at].split(b",")[0].decode()})


KINDS["file cut off"] = cut
KINDS["file empty"] = edit_bytes(lambda data: b"")
KINDS["file of blanks"] = edit_bytes(lambda data: b" \n\n")
KINDS["Latin-1"] = edit_bytes(lambda data: data.replace(b"a", b"\xe9", 1))
KINDS["a byte that is not UTF-8"] = edit_bytes(lambda data: data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :])
KINDS["overlong UTF-8"] = edit_bytes(lambda data: data + b"\xc0\x80")
KINDS["half a surrogate"] = edit_bytes(lambda data: data + b"\xed\xa0\x80")
KINDS["UTF-16"] = edit_bytes(lambda data: data.decode().encode("utf-16"))
KINDS["UTF-16 without a mark"] = edit_bytes(lambda data: data.decode().encode("utf-16-le"))
KINDS["UTF-32"] = edit_bytes(lambda data: data.decode().encode("utf-32"))
KINDS["byte order mark"] = edit_bytes(lambda data: codecs.BOM_UTF8 + data)
KINDS["two byte order marks"] = edit_bytes(lambda data: codecs.BOM_UTF8 * 2 + data)
KINDS["CRLF"] = edit_bytes(lambda data: data.replace(b"\n", b"\r\n"))
KINDS["CR"] = edit_bytes(lambda data: data.replace(b"\n", b"\r"))
KINDS["no last line feed"] = edit_bytes(lambda data: data.rstrip(b"\n"))
KINDS["blank lines at the end"] = edit_bytes(lambda data: data + b"\n\n")
KINDS["quotes around all cells"] = edit_bytes(
    lambda data: (
        b"".join(b'"' + line.replace(b",", b'","') + b'"\n' for line in data.splitlines()) if b'"' not in data else data
    )
)
KINDS["semicolons"] = edit_bytes(lambda data: data.replace(b",", b";"))
KINDS["tabs"] = edit_bytes(lambda data: data.replace(b",", b"\t"))
KINDS["quote never closed"] = edit_bytes(lambda data: data.replace(b",", b',"', 1 + data.count(b",") // 2))
KINDS["quote at the end"] = edit_bytes(lambda data: data + b'"')
KINDS["NULs at the end"] = edit_bytes(lambda data: data + b"\0" * 300)
KINDS["NULs alone"] = edit_bytes(lambda data: b"\0" * len(data))
KINDS["spreadsheet"] = edit_bytes(lambda data: b"PK\x03\x04" + bytes(300))
KINDS["compressed"] = edit_bytes(lambda data: b"\x1f\x8b\x08\x00\xff" + data)
KINDS["web page"] = edit_bytes(lambda data: b"<!doctype html><html><body>Sign in</body></html>")
KINDS["JSON"] = edit_bytes(lambda data: b'{"rows": []}\n')
KINDS["pointer of Git LFS"] = edit_bytes(lambda data: b"version https://git-lfs.github.com/spec/v1\nsize 5\n")


@kind("file missing")
def _(t: Tables) -> Damage:
    table = t.any_table()
    t.path(table).unlink()
    return Damage(f"{table}.csv")


@kind("folder in place of a file")
def _(t: Tables) -> Damage:
    table = t.any_table()
    t.path(table).unlink()
    t.path(table).mkdir()
    return Damage(f"{table}.csv")


@kind("link in place of a file")
def _(t: Tables) -> Damage:
    table = t.any_table()
    aside = t.folder / "aside.txt"
    shutil.move(t.path(table), aside)
    t.path(table).symlink_to(aside)
    return Damage(f"{table}.csv")


@kind("link into the system")
def _(t: Tables) -> Damage:
    table = t.any_table()
    t.path(table).unlink()
    t.path(table).symlink_to("/proc/self/status")
    return Damage(f"{table}.csv")


@kind("two files exchanged")
def _(t: Tables) -> Damage:
    one, other = t.chance.sample(list(schema.FILES), 2)
    kept = t.path(one).read_bytes()
    t.path(one).write_bytes(t.path(other).read_bytes())
    t.path(other).write_bytes(kept)
    return Damage(f"{one}.csv")


# --- schema and reference table --------------------------------------------------------------------------------------


def edit_schema(change: Callable[[dict, random.Random], object]) -> Kind:  # type: ignore[type-arg]
    def spoil(t: Tables) -> Damage:
        path = t.folder / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        change(descriptor, t.chance)
        path.write_text(json.dumps(descriptor), encoding="utf-8")
        return Damage("datapackage.json")

    return spoil


def field_of(descriptor: dict, table: str, column: str) -> dict:  # type: ignore[type-arg]
    (resource,) = [r for r in descriptor["resources"] if r["name"] == table]
    return next(f for f in resource["schema"]["fields"] if f["name"] == column)


def edit_other(name: str, change: Callable[[bytes], bytes]) -> Kind:
    def spoil(t: Tables) -> Damage:
        path = t.folder / name
        path.write_bytes(change(path.read_bytes()))
        return Damage(path.name)

    return spoil


KINDS["schema: not JSON"] = edit_other("datapackage.json", lambda data: data.replace(b"{", b"[", 1))
KINDS["schema: empty"] = edit_other("datapackage.json", lambda data: b"")
KINDS["schema: cut off"] = edit_other("datapackage.json", lambda data: data[: len(data) // 2])
KINDS["schema: not UTF-8"] = edit_other("datapackage.json", lambda data: data + b"\xff")
KINDS["schema: a list"] = edit_other("datapackage.json", lambda data: b"[]")
KINDS["schema: nested without end"] = edit_other("datapackage.json", lambda data: b"[" * 100_000)
KINDS["schema: no resources"] = edit_schema(lambda d, chance: d.pop("resources"))
KINDS["schema: a resource missing"] = edit_schema(lambda d, chance: d["resources"].pop(chance.randrange(8)))
KINDS["schema: a resource twice"] = edit_schema(lambda d, chance: d["resources"].append(d["resources"][0]))
KINDS["schema: no fields"] = edit_schema(lambda d, chance: d["resources"][0]["schema"].pop("fields"))
KINDS["schema: a field twice"] = edit_schema(
    lambda d, chance: d["resources"][0]["schema"]["fields"].append(d["resources"][0]["schema"]["fields"][0])
)
KINDS["schema: a field of an unknown type"] = edit_schema(
    lambda d, chance: field_of(d, "steps", "date").update(type="datum")
)
KINDS["schema: a field without a type"] = edit_schema(lambda d, chance: field_of(d, "steps", "date").pop("type"))
KINDS["schema: a pattern that is none"] = edit_schema(
    lambda d, chance: field_of(d, "steps", "claim_id")["constraints"].update(pattern="[")
)
KINDS["schema: a bound that is no number"] = edit_schema(
    lambda d, chance: field_of(d, "payments", "amount_min")["constraints"].update(maximum="many")
)
KINDS["schema: codes and enum differ"] = edit_schema(lambda d, chance: field_of(d, "steps", "step")["categories"].pop())
KINDS["schema: codes without labels"] = edit_schema(
    lambda d, chance: [code.pop("label") for code in field_of(d, "steps", "step")["categories"]]
)
KINDS["schema: a key to nowhere"] = edit_schema(
    lambda d, chance: d["resources"][2]["schema"]["foreignKeys"][0]["reference"].update(resource="nowhere")
)
KINDS["schema: constraints as a list"] = edit_schema(
    lambda d, chance: field_of(d, "steps", "step").update(constraints=[])
)
KINDS["places: a column renamed"] = edit_other("reference/places.csv", lambda data: data.replace(b"iso3", b"code", 1))
KINDS["places: a row cut short"] = edit_other("reference/places.csv", lambda data: data + b"ZZZ,1\n")
KINDS["places: not UTF-8"] = edit_other("reference/places.csv", lambda data: data + b"\xff")
KINDS["places: empty"] = edit_other("reference/places.csv", lambda data: b"")
KINDS["places: a quote never closed"] = edit_other("reference/places.csv", lambda data: data + b'"')


# --- descriptor of the views, vendored files, notebooks --------------------------------------------------------------

KINDS["schema: a path to elsewhere"] = edit_schema(
    lambda d, chance: d["resources"][chance.randrange(8)].update(path="../../etc/passwd")
)
KINDS["schema: an absolute path"] = edit_schema(lambda d, chance: d["resources"][0].update(path="/etc/passwd"))
KINDS["schema: a name that is a path"] = edit_schema(
    lambda d, chance: d["resources"].append(d["resources"][0] | {"name": "../x", "path": "../x.csv"})
)
KINDS["schema: no title"] = edit_schema(lambda d, chance: d["resources"][chance.randrange(8)].pop("title"))
KINDS["schema: a key of no field"] = edit_schema(
    lambda d, chance: d["resources"][chance.randrange(8)]["schema"].update(primaryKey=["nothing"])
)


def edit_views(change: Callable[[dict, random.Random], object]) -> Kind:  # type: ignore[type-arg]
    """Change one resource of the descriptor of the views."""

    def spoil(t: Tables) -> Damage:
        path = t.folder / schema.VIEWS
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        change(t.chance.choice(descriptor["resources"]), t.chance)
        path.write_text(json.dumps(descriptor), encoding="utf-8")
        return Damage(schema.VIEWS)

    return spoil


def a_field(resource: dict, chance: random.Random) -> dict:  # type: ignore[type-arg]
    return chance.choice(resource["schema"]["fields"])  # type: ignore[no-any-return]


KINDS["views: not JSON"] = edit_other(schema.VIEWS, lambda data: data.replace(b"{", b"[", 1))
KINDS["views: empty"] = edit_other(schema.VIEWS, lambda data: b"")
KINDS["views: cut off"] = edit_other(schema.VIEWS, lambda data: data[: len(data) // 2])
KINDS["views: not UTF-8"] = edit_other(schema.VIEWS, lambda data: data + b"\xff")
KINDS["views: a list"] = edit_other(schema.VIEWS, lambda data: b"[]")
KINDS["views: a path to elsewhere"] = edit_views(lambda r, chance: r.update(path=f"../{r['path']}"))
KINDS["views: a view renamed"] = edit_views(lambda r, chance: r.update(name="others", path="others.csv"))
KINDS["views: no fields"] = edit_views(lambda r, chance: r["schema"].update(fields=[]))
KINDS["views: no description"] = edit_views(lambda r, chance: r.pop("description"))
KINDS["views: a field renamed"] = edit_views(lambda r, chance: a_field(r, chance).update(name="remark"))
KINDS["views: a field without a type"] = edit_views(lambda r, chance: a_field(r, chance).pop("type"))
KINDS["views: a field of an unknown type"] = edit_views(lambda r, chance: a_field(r, chance).update(type="datum"))
KINDS["views: a field twice"] = edit_views(lambda r, chance: r["schema"]["fields"].append(a_field(r, chance)))
KINDS["views: a key of no field"] = edit_views(lambda r, chance: r["schema"].update(primaryKey=["nothing"]))


def edit_vendored(name: str, change: Callable[[bytes, random.Random], bytes]) -> Kind:
    def spoil(t: Tables) -> Damage:
        path = t.folder / "reference" / name
        path.write_bytes(change(path.read_bytes(), t.chance))
        return Damage(name, words={"SHA256SUMS"})

    return spoil


def digit_changed(data: bytes, chance: random.Random) -> bytes:
    place = chance.choice([number for number, byte in enumerate(data) if byte in b"12345678"])
    return data[:place] + bytes([data[place] + 1]) + data[place + 1 :]


def line_lost(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    lines.pop(chance.randrange(1, len(lines)))
    return b"".join(lines)


KINDS["places: a digit changed"] = edit_vendored("places.csv", digit_changed)
KINDS["places: a row lost"] = edit_vendored("places.csv", line_lost)
KINDS["places: a region changed"] = edit_vendored(
    "places.csv", lambda data, chance: data.replace(b",Africa,", b",Asia,", chance.randrange(1, 50))
)
KINDS["places: a code changed"] = edit_vendored("places.csv", lambda data, chance: data.replace(b"TUV", b"TUW", 1))
KINDS["shapes: a digit changed"] = edit_vendored("world_110m.json", digit_changed)
KINDS["shapes: cut off"] = edit_vendored("world_110m.json", lambda data, chance: data[: chance.randrange(len(data))])
KINDS["shapes: empty"] = edit_vendored("world_110m.json", lambda data, chance: b"")
KINDS["sums: a digit changed"] = edit_vendored("SHA256SUMS", digit_changed)
KINDS["sums: a line lost"] = edit_vendored("SHA256SUMS", line_lost)

NOTEBOOK = "page.ipynb"


def edit_notebook(change: Callable[[bytes], bytes]) -> Kind:
    return edit_other(NOTEBOOK, change)


def edit_cells(change: Callable[[list, int, random.Random], object]) -> Kind:  # type: ignore[type-arg]
    """Change the cells of the notebook, of which one has the parameters."""

    def spoil(t: Tables) -> Damage:
        path = t.folder / NOTEBOOK
        found = json.loads(path.read_text(encoding="utf-8"))
        cells = found["cells"]
        (number,) = [n for n, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])]
        change(cells, number, t.chance)
        path.write_text(json.dumps(found), encoding="utf-8")
        return Damage(NOTEBOOK)

    return spoil


def parameter(line: str) -> Kind:
    """Add a line to the parameters."""
    return edit_cells(lambda cells, number, chance: cells[number].update(source=f"{source(cells[number])}\n{line}"))


def source(cell: dict) -> str:  # type: ignore[type-arg]
    return "".join(cell["source"])


KINDS["notebook: empty"] = edit_notebook(lambda data: b"")
KINDS["notebook: cut off"] = edit_notebook(lambda data: data[: len(data) // 2])
KINDS["notebook: not UTF-8"] = edit_notebook(lambda data: data.replace(b"a", b"\xe9", 1))
KINDS["notebook: a list"] = edit_notebook(lambda data: b"[]")
KINDS["notebook: text"] = edit_notebook(lambda data: b"# How many?\n")
KINDS["notebook: web page"] = edit_notebook(lambda data: b"<!doctype html><html></html>")
KINDS["notebook: conflict markers"] = edit_notebook(
    lambda data: data.replace(b"\n", b"\n<<<<<<< HEAD\n", 9).replace(b"\n", b"\n>>>>>>> theirs\n", 1)
)
KINDS["notebook: CRLF"] = edit_notebook(lambda data: data.replace(b"\n", b"\r\n"))
KINDS["notebook: byte order mark"] = edit_notebook(lambda data: codecs.BOM_UTF8 + data)
KINDS["notebook: nested without end"] = edit_notebook(lambda data: b"[" * 100_000)
KINDS["notebook: no cells"] = edit_cells(lambda cells, number, chance: cells.clear())
KINDS["notebook: no question"] = edit_cells(lambda cells, number, chance: cells.pop(0))
KINDS["notebook: no parameters"] = edit_cells(lambda cells, number, chance: cells.pop(number))
KINDS["notebook: tag misspelt"] = edit_cells(
    lambda cells, number, chance: cells[number]["metadata"].update(tags=["parameter"])
)
KINDS["notebook: parameters twice"] = edit_cells(
    lambda cells, number, chance: cells.append(cells[number] | {"id": "twice"})
)
KINDS["notebook: parameters as text"] = edit_cells(
    lambda cells, number, chance: cells[number].update(cell_type="markdown")
)
KINDS["notebook: a cell of an unknown kind"] = edit_cells(
    lambda cells, number, chance: chance.choice(cells).update(cell_type="codex")
)
KINDS["notebook: a cell without a source"] = edit_cells(
    lambda cells, number, chance: chance.choice(cells).pop("source")
)
KINDS["notebook: a source that is a number"] = edit_cells(
    lambda cells, number, chance: chance.choice(cells).update(source=7)
)
KINDS["notebook: outputs lost"] = edit_cells(
    lambda cells, number, chance: [cell.update(outputs=[]) for cell in cells if cell["cell_type"] == "code"]
)
KINDS["notebook: a parameter that is computed"] = parameter("min_origins = 1 + 1")
KINDS["notebook: a parameter that is unknown"] = parameter("colour = 'red'")
KINDS["notebook: an import among parameters"] = parameter("import os")
KINDS["notebook: a call among parameters"] = parameter("print(as_of)")
KINDS["notebook: parameters that are no Python"] = parameter("as_of =")

# --- contradictions: two cells of which nobody knows which is wrong --------------------------------------------------

CLAIMS = {(table, column) for table in schema.CLAIM_TABLES for column in ("source_id", "origin_id", "arrangement_id")}
ENDS = {
    "doubtful without a reason": {("steps", "note")},
    "source renamed": CLAIMS,
    "arrangement renamed": CLAIMS,
    "row deleted that claims refer to": CLAIMS,
    "source twice": {("sources", "source_id")},
    "receiver changed": {("arrangements", "arrangement_id")},
    "hash without a full text": {("sources", "text_sha256")},
    "hash removed": {(table, "locator") for table in schema.CLAIM_TABLES},
    "basis without a date": {("steps", "date_basis")},
    "published blanked": {("sources", "published_basis")},
    "origin after its copy": CLAIMS,
    "coded before reading": {("sources", "read_on")},
    "coded after checking": {("steps", "checked_on")},
    "currency without an amount": {("payments", "currency")},
    "reading: stance without a code": {("readings", "stance_2")},
    "claim that an expectation rests on": {(schema.EXPECTATIONS, "expected")},
}


def spoil(folder: Path, seed: int) -> tuple[str, Damage]:
    """Spoil the ledger in ``folder`` in one place, by the number ``seed``: the kind of damage, and where it is."""
    name = list(KINDS)[seed % len(KINDS)]
    damage = KINDS[name](Tables(folder, random.Random(seed)))
    damage.ends = ENDS.get(name, set())
    return name, damage
