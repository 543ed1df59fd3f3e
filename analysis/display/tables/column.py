"""Columns to show: a heading, how a cell is worded from its row, and where it leads.

A column is where a country, a claim or a source becomes a link (``analysis.display.links``). What belongs elsewhere: which
columns a table has (one module per subject), how cells are set in HTML (``table``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.display import links
from analysis.display.links import Cell
from analysis.ledger import schema
from analysis.values import dates, ranges
from analysis.views import provenance

ONE = {
    "countries": "country",
    "people": "person",
    "agreements": "agreement",
    "usd": "US dollar",
}  # of a unit of tallies


@dataclass(frozen=True)
class Column:
    """One column to show: its heading, how a cell is worded (from the row, a dict), and whether it is set as a number.

    ``sort`` gives what a reader's browser sorts the cell by, where that is not what it shows: a day as ``2025-05-06``, a range
    by its lower bound.
    """

    label: str
    show: Callable[[dict], Cell]
    numeric: bool = False
    sort: Callable[[dict], str] | None = None


def text(name: str, label: str) -> Column:
    """A cell as it is."""
    return Column(label, lambda row: str(row[name]) if ranges.present(row[name]) else "")


def count(name: str, label: str) -> Column:
    """A number with thousands separators."""
    return Column(label, lambda row: ranges.number(row[name]) if ranges.present(row[name]) else "", numeric=True)


def day(name: str, label: str) -> Column:
    """A day as ``6 May 2025``."""
    return Column(label, lambda row: dates.show_day(row[name]), sort=lambda row: _sortable_day(row[name]))


def _sortable_day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if ranges.present(value) else ""


def _sortable_range(low: float, high: float) -> str:
    return ranges.number(low if ranges.present(low) else high) if ranges.present(low) or ranges.present(high) else ""


def code(table: str, column: str, label: str, name: str = "") -> Column:
    """Codes of a column of the ledger, one or ``a; b``, in the codebook's words; ``name`` if the frame calls it otherwise."""
    return Column(label, lambda row: _codes(table, column, row[name or column]))


def _codes(table: str, column: str, joined: str) -> str:
    return ", ".join(schema.label(table, column, code) for code in str(joined).split("; ") if code)


def between(low: str, high: str, label: str, unit: str = "") -> Column:
    """A range in words: ``100 or more``, ``up to 1,000``, ``not reported``."""

    def show(row: dict) -> str:
        return ranges.show_range(row[low], row[high], unit)

    return Column(label, show, numeric=True, sort=lambda row: _sortable_range(row[low], row[high]))


def published_count(row: dict) -> str:
    """A count that somebody published, with what was counted: ``1 country``, ``4 to 7 people``; ``row`` is one of tallies."""
    unit = row["unit"]
    return ranges.show_range(row["count_min"], row["count_max"], schema.label("tallies", "unit", unit), ONE[unit])


def known_between(low: str, high: str, label: str) -> Column:
    """A range that is left blank, not called unreported, where there is none."""

    def show(row: dict) -> str:
        known = ranges.present(row[low]) or ranges.present(row[high])
        return ranges.show_range(row[low], row[high]) if known else ""

    return Column(label, show, numeric=True, sort=lambda row: _sortable_range(row[low], row[high]))


def _span_words(row: dict, event: str) -> str:
    """The span of an event in words: ``by 1 Apr 2025``, ``1 to 28 Feb 2025``; blank if not reported."""
    low, high = row[f"{event}_earliest"], row[f"{event}_latest"]
    if not ranges.present(high):
        return ""
    if not ranges.present(low):
        return f"by {dates.show_day(high)}"
    return dates.show_days(low, high)


def span(event: str, label: str) -> Column:
    """The span of an event in words."""
    return Column(label, lambda row: _span_words(row, event), sort=lambda row: _sortable_day(row[f"{event}_latest"]))


def yes(name: str, label: str) -> Column:
    """``yes`` where the cell is true, else nothing."""
    return Column(label, lambda row: "yes" if row[name] else "")


def edtf(name: str, label: str) -> Column:
    """An EDTF date in words: ``by 1 Apr 2025``."""
    return Column(label, lambda row: dates.show(row[name]), sort=lambda row: str(row[name]).removeprefix("../"))


def claims(name: str, label: str) -> Column:
    """Claim identifiers, ``c00001; c00002``; they lead to the claims."""
    return Column(label, lambda row: links.claims(row[name]))


def sources(name: str, label: str, names: Mapping[str, str] | None = None) -> Column:
    """Source identifiers, one or ``a; b``; they lead to the sources. With ``names``, source → outlet, the outlets are shown."""
    return Column(label, lambda row: links.sources(row[name], names))


def country(code: str, name: str, label: str) -> Column:
    """A country by its name, from the columns with its code and its name; it leads to its page."""
    return Column(label, lambda row: links.country(row[code], row[name]))


COUNTRY = country("receiver", "name", "Country")
SUPPORT = Column("Support", lambda row: provenance.WORDS.get(row["support"], ""))
CLAIMS = claims("claim_ids", "Claims")
